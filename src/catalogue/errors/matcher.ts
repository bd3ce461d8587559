import { readEvidence, retryAfterSeconds } from './evidence.ts';
import type { ErrorObservation } from './evidence.ts';
import { normalizeText, squeezeText, wordsOf } from './normal-text.ts';
import type { NormalText } from './normal-text.ts';
import { cutShare, findPattern, squeezePattern } from './pattern.ts';
import type { CompiledPattern, PatternHit } from './pattern.ts';
import { buildPatternIndex } from './pattern-index.ts';
import type { PatternIndex } from './pattern-index.ts';
import type { ErrorRecord } from './record.ts';
import { chooseCause, codesOf, scoreHit, weighContext } from './score.ts';
import type { ErrorContext } from './score.ts';

/** A record that explains an error, and how sure that is. */
export interface ErrorMatch {
  record: ErrorRecord;
  /** 0 to 1; from 0.75 the message itself was recognised, below 0.6 only its code, status or some of its words. */
  confidence: number;
  by: 'message' | 'wording' | 'code' | 'status';
  /** Values of the pattern's parameters, as printed in the message. */
  params: Readonly<Record<string, string>>;
  /** Position in `record.causes` of the cause that the evidence singles out. */
  causeIndex?: number;
  /** Seconds, when the response headers say how long to wait. */
  retryAfterSeconds?: number;
}

export interface ErrorMatcher {
  /** Records that explain an observed failure, best first; empty when nothing is known about it. */
  matchError: (observation: ErrorObservation) => ErrorMatch[];
  /** The same for pasted text of any form, which may hold several errors. */
  matchText: (text: string) => ErrorMatch[];
}

/** A found record before code, status and causes are weighed. */
interface Finding {
  record: ErrorRecord;
  confidence: number;
  by: ErrorMatch['by'];
  weight: number;
  hit: PatternHit;
}

interface Lookup {
  patterns: PatternIndex;
  byCode: ReadonlyMap<string, readonly ErrorRecord[]>;
  genericByStatus: ReadonlyMap<number, readonly ErrorRecord[]>;
}

/** Characters read of a message, and of a pasted text. */
const messageLimit = 8_192;
const textLimit = 65_536;
/** Matches returned at most. */
const matchLimit = 10;
/** Texts that match no pattern are compared with this many of the most similar ones. */
const similarLimit = 20;
/** Share of a pattern's telling words that a differently worded text must have. */
const similarShare = 0.75;
const similarWords = 3;
/** Letters that a pattern needs to be sought without regard to white space. */
const squeezedWeight = 16;
const recognised = 0.7;
const noHit: PatternHit = { start: 0, end: 0, params: {} };

/** Builds the index over `records` (some milliseconds for hundreds of them); the matcher keeps no other state. */
export function createErrorMatcher(records: readonly ErrorRecord[]): ErrorMatcher {
  const lookup: Lookup = {
    patterns: buildPatternIndex(records),
    byCode: groupRecords(records, (record) => codesOf(record).map((code) => code.toLowerCase())),
    genericByStatus: groupRecords(
      records.filter((record) => record.generic === true),
      (record) => record.status,
    ),
  };
  return {
    matchError: (observation) => {
      const text = normalizeText(observation.message ?? '', messageLimit);
      const code =
        usableCode(observation.code) ?? readEvidence(text.original.slice(0, 200), (name) => isKnown(lookup, name)).code;
      return explain(lookup, text, code === undefined ? observation : { ...observation, code });
    },
    matchText: (raw) => {
      const text = normalizeText(raw, textLimit);
      return explain(
        lookup,
        text,
        readEvidence(text.original, (name) => isKnown(lookup, name)),
      );
    },
  };
}

function groupRecords<Key>(
  records: readonly ErrorRecord[],
  keys: (record: ErrorRecord) => readonly Key[],
): Map<Key, ErrorRecord[]> {
  const groups = new Map<Key, ErrorRecord[]>();
  for (const record of records) {
    for (const key of new Set(keys(record))) groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return groups;
}

function usableCode(code: string | undefined): string | undefined {
  const trimmed = code?.trim();
  return trimmed === undefined || trimmed === '' || trimmed === 'null' || /^\d+$/.test(trimmed) ? undefined : trimmed;
}

function isKnown(lookup: Lookup, code: string): boolean {
  return lookup.byCode.has(code.toLowerCase());
}

function explain(lookup: Lookup, text: NormalText, observation: ErrorObservation): ErrorMatch[] {
  const context: ErrorContext = { ...observation, codeIsKnown: isKnown(lookup, observation.code ?? '') };
  const findings = findByMessage(lookup.patterns, text);
  const weighed = findings.map((finding) => ({
    ...finding,
    confidence: weighContext(finding.confidence, finding.record, context),
  }));
  if (!weighed.some((finding) => finding.confidence >= recognised)) weighed.push(...findByContext(lookup, context));
  return bestPerRecord(weighed).map((finding) => toMatch(finding, observation));
}

function toMatch(finding: Finding, observation: ErrorObservation): ErrorMatch {
  const { record, confidence, by, hit } = finding;
  const causeIndex = chooseCause(record, observation, hit.params);
  const wait = retryAfterSeconds(observation.headers);
  return {
    record,
    confidence: Math.round(confidence * 1_000) / 1_000,
    by,
    params: hit.params,
    ...(causeIndex === undefined ? {} : { causeIndex }),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  };
}

function findByMessage(index: PatternIndex, text: NormalText): Finding[] {
  const words = new Set(wordsOf(text.folded));
  const exact: Finding[] = [];
  for (const word of words) {
    for (const pattern of index.byRarestWord.get(word) ?? []) {
      const finding = tryPattern(pattern, text);
      if (finding !== undefined) exact.push(finding);
    }
  }
  const standing = exact.filter((finding) => !exact.some((other) => covers(other, finding)));
  return standing.length > 0 ? standing : findByWording(index, text, words);
}

function tryPattern(pattern: CompiledPattern, text: NormalText): Finding | undefined {
  const hit = findPattern(pattern, text);
  if (hit === undefined) return undefined;
  const confidence = scoreHit(pattern, hit, text);
  return confidence === 0
    ? undefined
    : { record: pattern.record, confidence, by: 'message', weight: pattern.weight, hit };
}

/** A longer or preferred message that holds another one explains it away. */
function covers(other: Finding, finding: Finding): boolean {
  if (other === finding || other.hit.start > finding.hit.start || other.hit.end < finding.hit.end) return false;
  const preference = (other.record.priority ?? 0) - (finding.record.priority ?? 0);
  const longer = other.hit.end - other.hit.start > finding.hit.end - finding.hit.start;
  return preference > 0 || (preference === 0 && (longer || other.weight > finding.weight));
}

/** For texts that are cut off, wrapped inside words, or worded a little differently. */
function findByWording(index: PatternIndex, text: NormalText, words: ReadonlySet<string>): Finding[] {
  const squeezed = squeezeText(text);
  return similarPatterns(index, words)
    .map((similar) => compareWording(similar, text, squeezed))
    .filter((finding) => finding !== undefined);
}

function compareWording(
  { pattern, share, count }: Similar,
  text: NormalText,
  squeezed: NormalText,
): Finding | undefined {
  const found = { record: pattern.record, weight: pattern.weight };
  const hit = pattern.weight < squeezedWeight ? undefined : findPattern(squeezePattern(pattern), squeezed);
  if (hit !== undefined) return { ...found, confidence: 0.8, by: 'message', hit };
  const cut = cutShare(pattern, text);
  if (cut > 0) return { ...found, confidence: 0.5 + 0.3 * cut, by: 'wording', hit: noHit };
  if (share < similarShare || count < similarWords) return undefined;
  return { ...found, confidence: 0.65 * share, by: 'wording', hit: noHit };
}

interface Similar {
  pattern: CompiledPattern;
  /** Part of the pattern's telling words that the text has, by weight. */
  share: number;
  count: number;
}

function similarPatterns(index: PatternIndex, words: ReadonlySet<string>): Similar[] {
  const sums = new Map<CompiledPattern, { sum: number; count: number }>();
  for (const word of words) {
    const weight = index.weightOfWord.get(word);
    if (weight === undefined) continue;
    for (const pattern of index.byWord.get(word) ?? []) {
      const entry = sums.get(pattern);
      if (entry === undefined) sums.set(pattern, { sum: weight, count: 1 });
      else {
        entry.sum += weight;
        entry.count += 1;
      }
    }
  }
  return [...sums]
    .map(([pattern, { sum, count }]) => ({ pattern, count, sum, share: sum / wordWeight(index, pattern) }))
    .sort((a, b) => b.sum - a.sum)
    .slice(0, similarLimit);
}

function wordWeight(index: PatternIndex, pattern: CompiledPattern): number {
  return pattern.words.reduce((sum, word) => sum + (index.weightOfWord.get(word) ?? 0), 0);
}

/** When the message tells nothing: the record of the code, or else the one that stands for the status. */
function findByContext(lookup: Lookup, context: ErrorContext): Finding[] {
  const holders = lookup.byCode.get((context.code ?? '').toLowerCase()) ?? [];
  if (holders.length > 0) return fromCode(holders, context);
  const generic = lookup.genericByStatus.get(context.status ?? 0) ?? [];
  return generic.map((record) => ({ record, confidence: 0.3 / generic.length, by: 'status', weight: 0, hit: noHit }));
}

function fromCode(holders: readonly ErrorRecord[], context: ErrorContext): Finding[] {
  const fits = holders.filter((record) => context.status === undefined || record.status.includes(context.status));
  const candidates = fits.length > 0 ? fits : holders;
  const generic = candidates.filter((record) => record.generic === true);
  const chosen = generic.length > 0 ? generic : candidates.slice(0, matchLimit);
  return chosen.map((record) => ({
    record,
    confidence: 0.6 / Math.sqrt(chosen.length),
    by: 'code',
    weight: 0,
    hit: noHit,
  }));
}

function bestPerRecord(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings
    .toSorted(
      (a, b) =>
        b.confidence - a.confidence || (b.record.priority ?? 0) - (a.record.priority ?? 0) || b.weight - a.weight,
    )
    .filter(({ record }) => !seen.has(record.id) && seen.add(record.id))
    .slice(0, matchLimit);
}
