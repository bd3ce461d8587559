import type { JsonValue } from '../domain/json.ts';
import type { FitContext, FitRule } from './rule.ts';

/** The largest `seed` of the OpenAI-compatible protocol. */
const maxSeed = 2_147_483_647;

/** What to send for a number; undefined leaves the member out. */
type Fitting = (value: number) => number | undefined;

/**
 * Ranges of the chat page and the error-code page (2026-11). The replacement is the nearest value that is taken, but for
 * values by which other vendors say "off": `top_k: -1`, `repetition_penalty: 0`, `seed: -1`.
 */
const ranges: readonly (readonly [name: string, fit: Fitting])[] = [
  ['temperature', (value) => (value >= 2 ? 1.99 : Math.max(0, value))],
  ['top_p', (value) => (value <= 0 ? 0.01 : Math.min(1, value))],
  // Above 100 switches it off.
  ['top_k', (value) => (value < 0 ? 101 : Math.trunc(value))],
  // 1 is no penalty.
  ['repetition_penalty', (value) => (value <= 0 ? 1 : value)],
  ['presence_penalty', (value) => Math.min(2, Math.max(-2, value))],
  ['seed', (value) => (value < 0 ? undefined : Math.trunc(value) % (maxSeed + 1))],
];

/** MiniMax: above 0 and up to 1 (platform.minimax.io, text-chat), where its own service answers, under Model Studio's names too. */
function takesTemperatureUpToOne({ provider, target, model }: FitContext): boolean {
  return provider.quirks.temperatureUpToOne === true || (model !== undefined && target.model.startsWith('MiniMax/'));
}

function narrowed(isNarrow: boolean): typeof ranges {
  return isNarrow ? [['temperature', (value) => (value <= 0 ? 0.01 : Math.min(1, value))]] : [];
}

/** `Temperature should be in [0.0, 2.0)` and its like. */
export const samplingRange: FitRule = {
  id: 'sampling-range',
  doc:
    'Sampling parameters are brought into the ranges of the platform: `temperature` below 2 (MiniMax: above 0 and up to 1), `top_p` above 0 and up to 1, `top_k` from 0, ' +
    '`repetition_penalty` above 0, `presence_penalty` from -2 to 2, `seed` from 0 to 2147483647.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply(context) {
    const { document, provider } = context;
    const narrow = takesTemperatureUpToOne(context);
    if (provider.catalogued !== true && !narrow) return false;
    let changed = false;
    for (const [name, fit] of provider.catalogued === true ? [...narrowed(narrow), ...ranges] : narrowed(narrow)) {
      const value: JsonValue | undefined = document.has(name) ? document.get(name) : undefined;
      if (typeof value !== 'number') continue;
      const fitting = fit(value);
      if (fitting === value) continue;
      if (fitting === undefined) document.remove([name]);
      else document.set([name], fitting);
      changed = true;
    }
    return changed;
  },
};
