import type { FitSettings } from '../domain/settings.ts';
import type { Target } from '../domain/target.ts';
import { fitChecks } from './checks/checks.ts';
import type { FitCheck } from './checks/check.ts';
import type { FitRule } from './rule.ts';
import { fitRules } from './rules.ts';
import { isSwitchedOn } from './switches.ts';

/** What is switched on for a target, in the order in which it is applied. */
export interface FitSelection {
  rules: readonly FitRule[];
  checks: readonly FitCheck[];
}

/** Targets whose selection is remembered. */
const capacity = 1_000;

/** The switches of one configuration: which rules and checks hold for a target. */
export class FitSwitchboard {
  readonly #settings: FitSettings;
  readonly #stripBillingLine: boolean;
  readonly #selections = new Map<string, FitSelection>();

  /** `stripBillingLine`: the default of the rule `billing-line`, which has a setting of its own. */
  constructor(settings: FitSettings, { stripBillingLine }: { stripBillingLine: boolean }) {
    this.#settings = settings;
    this.#stripBillingLine = stripBillingLine;
  }

  isEnabled({ id, enabledByDefault }: Pick<FitRule, 'id' | 'enabledByDefault'>, target: Target): boolean {
    const standard = id === 'billing-line' ? this.#stripBillingLine : enabledByDefault;
    return isSwitchedOn({ id, enabledByDefault: standard }, target, this.#settings);
  }

  /** Remembered by target: a rule is looked up in three lists of switches. */
  selectionFor(target: Target): FitSelection {
    const key = `${target.protocol} ${target.provider} ${target.model}`;
    const known = this.#selections.get(key);
    if (known !== undefined) return known;
    const holds = (rule: FitRule | FitCheck): boolean =>
      rule.protocols.includes(target.protocol) && this.isEnabled(rule, target);
    const selection = { rules: fitRules.filter(holds), checks: fitChecks.filter(holds) };
    if (this.#selections.size >= capacity) this.#selections.clear();
    this.#selections.set(key, selection);
    return selection;
  }
}
