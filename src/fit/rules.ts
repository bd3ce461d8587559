import { billingLine } from './billing-line.ts';
import { maxTokensName } from './max-tokens-name.ts';
import { roleDeveloper } from './role-developer.ts';
import type { FitContext, FitRule } from './rule.ts';

/** Every rule, in the order in which they are applied: names and shapes first, ranges after. */
export const fitRules: readonly FitRule[] = [maxTokensName, roleDeveloper, billingLine];

/** Applies the rules of the target's protocol that are switched on; the ids of those that changed something. */
export function fitRequest(context: FitContext, isEnabled: (rule: FitRule) => boolean): string[] {
  const applied: string[] = [];
  for (const rule of fitRules) {
    if (rule.protocols.includes(context.target.protocol) && isEnabled(rule) && rule.apply(context))
      applied.push(rule.id);
  }
  return applied;
}
