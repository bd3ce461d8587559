import { thinkingClass } from '../catalogue/models.ts';
import type { ModelEntry } from '../catalogue/models.ts';
import { asNumber, asObject, asString } from '../domain/json.ts';
import type { JsonValue } from '../domain/json.ts';
import type { JsonDocument } from '../wire/json-document.ts';
import { budgetOfEffort } from './thinking-state.ts';
import type { FitRule } from './rule.ts';

/** Other vendors' ways to ask for thinking: `reasoning: {effort, max_tokens, enabled}` and `thinking: {type, budget_tokens}`. */
const foreign = ['reasoning', 'thinking'] as const;

/** What the client wants, whichever members said it. */
interface Wish {
  on?: boolean | undefined;
  budget?: number | undefined;
  effort?: string | undefined;
}

/** The members that Model Studio reads; undefined leaves one out. */
type Members = Record<'enable_thinking' | 'thinking_budget' | 'reasoning_effort', JsonValue | undefined>;

/**
 * Each family takes thinking in another form (chat page, 2026-11): a switch and a budget, or an effort of its own levels,
 * never budget and effort together (`'reasoning_effort' and 'thinking_budget' cannot be set simultaneously`).
 */
export const thinkingMap: FitRule = {
  id: 'thinking-map',
  doc:
    '`reasoning_effort`, `reasoning`, `thinking`, `enable_thinking` and `thinking_budget` become what this model takes: an effort of its ' +
    'own levels, or a switch with a budget. Of effort and budget one is kept.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, provider, model }) {
    if (provider.quirks.thinkingSwitch !== true || !model || !mayNeedIt(document)) return false;
    const kind = thinkingClass(model);
    if (kind === 'none' || kind === 'unknown') return false;
    const wanted = membersFor(readWish(document), model, document);
    let changed = false;
    for (const name of foreign) {
      if (!document.has(name)) continue;
      document.remove([name]);
      changed = true;
    }
    for (const [name, value] of Object.entries(wanted)) changed = write(document, name, value) || changed;
    return changed;
  },
};

function mayNeedIt(document: JsonDocument): boolean {
  return (
    document.has('reasoning_effort') ||
    document.get('thinking_budget') === 0 ||
    foreign.some((name) => asObject(document.get(name)) !== undefined)
  );
}

/** The members that Model Studio reads itself count more than those of other vendors. */
function readWish(document: JsonDocument): Wish {
  const reasoning = asObject(document.get('reasoning')) ?? {};
  const thinking = asObject(document.get('thinking')) ?? {};
  const type = asString(thinking['type']);
  const wish: Wish = {
    on: asBoolean(document.get('enable_thinking')) ?? asBoolean(reasoning['enabled']),
    budget:
      asNumber(document.get('thinking_budget')) ??
      asNumber(thinking['budget_tokens']) ??
      asNumber(reasoning['max_tokens']),
    effort: asString(document.get('reasoning_effort')) ?? asString(reasoning['effort']),
  };
  if (wish.on === undefined && type !== undefined) wish.on = type !== 'disabled';
  if (wish.budget === 0) return { on: false };
  if (wish.effort === 'none') return { on: wish.on ?? false };
  return wish;
}

function membersFor(wish: Wish, model: ModelEntry, document: JsonDocument): Members {
  const canSwitch = thinkingClass(model) !== 'only';
  if (wish.on === false) return { enable_thinking: canSwitch ? false : undefined, ...nothing };
  const { on, budget, effort } = wish;
  // A switch is written where the client wrote one, or where the model would not think without it.
  const isNew = on === undefined && (budget !== undefined || effort !== undefined);
  const needsSwitch = on !== undefined || (isNew && thinkingClass(model) === 'hybrid-off');
  const enable = canSwitch ? (needsSwitch ? true : undefined) : (document.get('enable_thinking') ?? undefined);
  const levels = model.reasoningEffort?.values;
  if (levels === undefined) {
    const tokens = budget ?? (effort === undefined ? undefined : budgetOfEffort(effort, model));
    return { enable_thinking: enable, thinking_budget: tokens, reasoning_effort: undefined };
  }
  const level = effort === undefined ? levelOfBudget(budget, model) : nearestLevel(effort, model);
  if (level === undefined) return { enable_thinking: enable, thinking_budget: budget, reasoning_effort: undefined };
  return { enable_thinking: enable, thinking_budget: undefined, reasoning_effort: level };
}

const nothing = { thinking_budget: undefined, reasoning_effort: undefined };

const ranks = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The model's own level nearest to the one asked for, the higher of two; a word that is no level is the upstream's to refuse. */
function nearestLevel(effort: string, { reasoningEffort }: ModelEntry): string {
  const levels = reasoningEffort?.values ?? [];
  const rank = ranks.indexOf(effort);
  if (rank === -1 || levels.includes(effort)) return effort;
  // These models map the other levels themselves, as their note says.
  if (reasoningEffort?.note?.includes('map') === true) return effort;
  const distance = (level: string): number => Math.abs(ranks.indexOf(level) - rank);
  return levels.reduce((best, level) => (distance(level) <= distance(best) ? level : best), levels[0] ?? effort);
}

/** kimi-k3 alone takes efforts and no budget (chat page). */
function levelOfBudget(budget: number | undefined, model: ModelEntry): string | undefined {
  if (budget === undefined || !model.id.startsWith('kimi-k3')) return undefined;
  return nearestLevel(budget <= 4_096 ? 'low' : budget <= 32_768 ? 'high' : 'max', model);
}

function write(document: JsonDocument, name: string, value: JsonValue | undefined): boolean {
  const before = document.get(name);
  if (before === value || (before === null && value === undefined)) return false;
  if (value === undefined) document.remove([name]);
  else document.set([name], value);
  return true;
}

function asBoolean(value: JsonValue | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
