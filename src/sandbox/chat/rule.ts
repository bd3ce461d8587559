import type { JsonObject } from '../../domain/json.ts';
import type { Refusal } from '../refusal.ts';
import type { ChatCall } from './body.ts';

/** Where the text of a refusal comes from: a published page, recorded traffic, or our conclusion. */
export type Evidence = 'documented' | 'recorded' | 'inferred';

interface RuleBase {
  /** Stable, kebab-case; also the row of the table in docs/sandbox.md. */
  id: string;
  evidence: Evidence;
}

/** A rule on the body alone, before the model is known. */
export interface EdgeRule extends RuleBase {
  check: (body: JsonObject) => Refusal | undefined;
}

/** A rule on a call to a known model. */
export interface ModelRule extends RuleBase {
  check: (call: ChatCall) => Refusal | undefined;
}

/** The first refusal of a list of rules, with the rule that gave it. */
export function firstRefusal<T>(
  rules: readonly { id: string; check: (subject: T) => Refusal | undefined }[],
  subject: T,
): { rule: string; refusal: Refusal } | undefined {
  for (const rule of rules) {
    const refusal = rule.check(subject);
    if (refusal !== undefined) return { rule: rule.id, refusal };
  }
  return undefined;
}
