import { noHit } from './finding.ts';
import type { Finding } from './finding.ts';
import { squeezeText, wordsOf } from './normal-text.ts';
import type { NormalText } from './normal-text.ts';
import { cutShare, findPattern, squeezePattern } from './pattern.ts';
import type { CompiledPattern } from './pattern.ts';
import type { PatternIndex } from './pattern-index.ts';
import { scoreHit } from './score.ts';

/** Texts that match no pattern are compared with this many of the most similar ones. */
const similarLimit = 20;
/** Share of a pattern's telling words that a differently worded text must have, and how many words at least. */
const similarShare = 0.75;
const similarWords = 3;
/** Letters that a pattern needs to be sought without regard to white space. */
const squeezedWeight = 16;

/** Records whose message stands in the text, or, when none does, those whose message is much like it. */
export function findByMessage(index: PatternIndex, text: NormalText): Finding[] {
  const words = new Set(wordsOf(text.folded));
  const exact: Finding[] = [];
  for (const word of words) {
    for (const pattern of index.byRarestWord.get(word) ?? []) {
      const finding = tryPattern(pattern, text);
      if (finding !== undefined) exact.push(finding);
    }
  }
  const standing = withoutCovered(exact);
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

function withoutCovered(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => !findings.some((other) => covers(other, finding)));
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
  const findings = similarPatterns(index, words)
    .map((similar) => compareWording(similar, text, squeezed))
    .filter((finding) => finding !== undefined);
  return [
    ...withoutCovered(findings.filter(({ by }) => by === 'message')),
    ...findings.filter(({ by }) => by === 'wording'),
  ];
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
  return { ...found, confidence: 0.75 * share, by: 'wording', hit: noHit };
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
