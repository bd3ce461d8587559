import type { ErrorObservation } from './evidence.ts';
import type { NormalText } from './normal-text.ts';
import type { CompiledPattern, PatternHit } from './pattern.ts';
import type { CauseSigns, ErrorRecord } from './record.ts';

/** How much each kind of evidence proves, from 0 to 1. */
const certainty = {
  whole: 0.97,
  sentence: 0.93,
  within: 0.8,
  weakWhole: 0.92,
  weakSentence: 0.78,
} as const;
/** Patterns with fewer letters and digits than this are ordinary phrases (`Not found!`). */
const weakWeight = 16;
const agreement = 0.03;
const codeContradiction = 0.12;
const statusContradiction = 0.08;

/** Confidence of a pattern found in a text; 0 when the phrase is too ordinary to count inside other prose. */
export function scoreHit(pattern: CompiledPattern, hit: PatternHit, text: NormalText): number {
  const weak = pattern.weight < weakWeight;
  const before = text.folded.slice(0, hit.start);
  const after = text.folded.slice(hit.end);
  if (/^\W*$/.test(before) && /^\W*$/.test(after)) return weak ? certainty.weakWhole : certainty.whole;
  const sentence =
    /(?:[:'>{([|,.!-] ?'?|^\W*|\b[45]\d\d )$/.test(before.slice(-8)) &&
    /^[.!?,;: ]{0,2}(?:['})\]<]|for details|request id|$)|^[.!?]/.test(after.slice(0, 16));
  if (sentence) return weak ? certainty.weakSentence : certainty.sentence;
  return weak ? 0 : certainty.within;
}

/** Raises a confidence when code and status agree with the record, lowers it when they speak for another one. */
export function weighContext(confidence: number, record: ErrorRecord, context: ErrorContext): number {
  let result = confidence;
  if (context.code !== undefined) {
    if (hasCode(record, context.code)) result += agreement;
    else if (context.codeIsKnown) result -= codeContradiction;
  }
  if (context.status !== undefined && context.status >= 400 && record.status.length > 0) {
    result += record.status.includes(context.status) ? agreement / 3 : -statusContradiction;
  }
  return Math.min(1, Math.max(0, result));
}

/** An observation with what the catalogue knows about its code. */
export interface ErrorContext extends ErrorObservation {
  codeIsKnown: boolean;
}

export function codesOf(record: ErrorRecord): string[] {
  return [...record.nativeCodes, ...record.compatibleCodes];
}

function hasCode(record: ErrorRecord, code: string): boolean {
  const wanted = code.toLowerCase();
  return codesOf(record).some((known) => known.toLowerCase() === wanted);
}

/** The cause that the evidence singles out: its position, or nothing when several remain. */
export function chooseCause(
  record: ErrorRecord,
  observation: ErrorObservation,
  params: Readonly<Record<string, string>>,
): number | undefined {
  if (record.causes.length === 1) return 0;
  const scores = record.causes.map((cause) =>
    cause.signs === undefined ? 0 : agreeing(cause.signs, observation, params),
  );
  const best = Math.max(...scores);
  const chosen = scores.indexOf(best);
  return best > 0 && scores.lastIndexOf(best) === chosen ? chosen : undefined;
}

/** The number of signs when all agree, otherwise -1. */
function agreeing(signs: CauseSigns, observation: ErrorObservation, params: Readonly<Record<string, string>>): number {
  const { status, code, protocol, host } = observation;
  const checks: (boolean | undefined)[] = [
    signs.status && status !== undefined && signs.status.includes(status),
    signs.codes && code !== undefined && signs.codes.some((known) => known.toLowerCase() === code.toLowerCase()),
    signs.protocols && protocol !== undefined && signs.protocols.includes(protocol),
    signs.hosts && host !== undefined && signs.hosts.some((part) => host.toLowerCase().includes(part)),
    ...Object.entries(signs.params ?? {}).map(([name, values]) => values.includes((params[name] ?? '').toLowerCase())),
  ];
  const given = checks.filter((check) => check !== undefined);
  return given.every(Boolean) ? given.length : -1;
}
