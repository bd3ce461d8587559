import type { FitSettings } from '../domain/settings.ts';
import type { Target } from '../domain/target.ts';
import type { FitRule } from './rule.ts';

/** Whether a rule or check is on for a target: its model's switch, else its provider's, else the general one, else its default. */
export function isSwitchedOn(
  rule: Pick<FitRule, 'id' | 'enabledByDefault'>,
  target: Pick<Target, 'provider' | 'model'>,
  { rules, providers, models }: Pick<FitSettings, 'rules' | 'providers' | 'models'>,
): boolean {
  return (
    switchIn(models, target.model, rule.id) ??
    switchIn(providers, target.provider, rule.id) ??
    (Object.hasOwn(rules, rule.id) ? rules[rule.id] : undefined) ??
    rule.enabledByDefault
  );
}

function switchIn(groups: FitSettings['models'], name: string, id: string): boolean | undefined {
  const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
  return group && Object.hasOwn(group, id) ? group[id] : undefined;
}
