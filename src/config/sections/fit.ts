import * as z from 'zod';
import { fitRuleIds } from '../../domain/fit-rule-ids.ts';
import { flag, structure, textList } from '../kinds.ts';
import { nearest } from '../nearest.ts';
import { section, setting } from '../setting.ts';

const known: ReadonlySet<string> = new Set(fitRuleIds);

const ruleId = z.string().refine((id) => known.has(id), { error: ({ input }) => unknownRule(input) });

function unknownRule(id: unknown): string {
  const meant = typeof id === 'string' ? nearest(id, fitRuleIds) : undefined;
  return `is not a fit rule; ${meant === undefined ? 'docs/fit.md lists them' : `did you mean "${meant}"?`}`;
}

const switches = () => z.record(ruleId, flag(), { error: 'must be a map of rule ids to true or false' });

const switchesByName = (what: string) =>
  structure(
    z.record(z.string().max(200), switches(), { error: `must be a map from ${what} to their rules` }).default({}),
  );

/** Rules that fit a request to its target. */
export const fitSchema = section(
  'Rules that fit a request to what the target takes; docs/fit.md lists them. The switch of a model counts more than that of a provider, ' +
    'and that more than the general one. A request with the header `x-atelier-fit: off` is sent as it is.',
  {
    rules: setting(structure(switches().default({})), {
      description: 'Switches rules everywhere, for example `{"json-word": true, "system-first": false}`.',
      env: 'ATELIER_FIT_RULES',
    }),
    providers: setting(switchesByName('provider names'), {
      description: 'Switches rules for single providers, for example `{"bailian": {"json-word": true}}`.',
      env: 'ATELIER_FIT_PROVIDERS',
    }),
    models: setting(switchesByName('model names'), {
      description: 'Switches rules for single models, for example `{"qwen3-max": {"thinking-json": false}}`.',
      env: 'ATELIER_FIT_MODELS',
    }),
    codingAgents: setting(textList(200).default([]), {
      description:
        "Further interactive coding agents that may use a Coding Plan key, a provider's or one of this gateway, each by the " +
        'beginning of a request header: `user-agent: my-agent/`, or `my-agent/` for the user agent.',
      env: 'ATELIER_CODING_AGENTS',
    }),
  },
);
