import type * as z from 'zod';
import { displayValue } from './display.ts';
import { nearest } from './nearest.ts';
import type { Origin } from './origin.ts';
import { placeOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { metaOf, valueAt } from './setting.ts';

/** A value that a source gives for a setting. */
export interface GivenValue {
  path: string;
  schema: z.ZodType;
  value: unknown;
  /** Where the value, or the part of it that a path leads to, comes from. */
  originOf: (path: readonly PropertyKey[]) => Origin;
}

/** What a setting's schema has against a value; an empty list when nothing. */
export function checkValue(given: GivenValue): Problem[] {
  const result = given.schema.safeParse(given.value);
  if (result.success) return [];
  const secret = metaOf(given.schema).secret === true;
  // One wrong value often breaks several rules; the first one is the one to mend.
  const seen = new Set<string>();
  return result.error.issues.flatMap(eachUnknownKey).flatMap((issue) => {
    const place = issue.path.join('.');
    if (seen.has(place)) return [];
    seen.add(place);
    return [toProblem(given, issue, secret)];
  });
}

/** Keys that a strict schema does not know, each as a problem of its own where it stands. */
function eachUnknownKey(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ ...issue, path: [...issue.path, key], message: 'is not a setting' }));
}

function toProblem(given: GivenValue, issue: z.core.$ZodIssue, secret: boolean): Problem {
  const isKey = issue.code === 'invalid_key';
  const found = isKey ? issue.path.at(-1) : valueAt(given.value, issue.path);
  const problem: Problem = {
    ...placeOf(given.originOf(issue.path)),
    path: [given.path, ...issue.path].join('.'),
    message: isKey ? (issue.issues[0]?.message ?? issue.message) : issue.message,
  };
  // The message of a text that is too short, or has something it must not have, is complete without the text.
  if (!isKey && issue.message.startsWith('must be')) problem.badValue = displayValue(found, secret);
  const suggestion = suggestValue(issue, found);
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

function suggestValue(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (issue.code === 'invalid_value' && typeof found === 'string') {
    const meant = nearest(found, issue.values.map(String));
    return meant === undefined ? undefined : `Did you mean "${meant}"?`;
  }
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string';
  return wantsText && (typeof found === 'number' || typeof found === 'boolean') ? 'Put quotes around it.' : undefined;
}
