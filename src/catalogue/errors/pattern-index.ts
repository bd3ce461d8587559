import { compilePattern } from './pattern.ts';
import type { CompiledPattern } from './pattern.ts';
import type { ErrorRecord } from './record.ts';

/** All patterns, reachable by the words of a text. */
export interface PatternIndex {
  /** Word to the patterns that can only match a text with this word; each pattern stands under its rarest word. */
  byRarestWord: ReadonlyMap<string, readonly CompiledPattern[]>;
  /** Word to every pattern with it, for texts that match none exactly. */
  byWord: ReadonlyMap<string, readonly CompiledPattern[]>;
  /** How telling a word is; common words are absent. */
  weightOfWord: ReadonlyMap<string, number>;
}

/** Words in more than this share of the patterns tell nothing. */
const commonShare = 0.15;

/** Compiles the patterns of all records. Throws `RangeError` for a pattern without a whole word of its own. */
export function buildPatternIndex(records: readonly ErrorRecord[]): PatternIndex {
  const patterns = records.flatMap((record) => record.patterns.map((source) => compilePattern(record, source)));
  const byWord = groupByWords(patterns, (pattern) => pattern.words);
  const byRarestWord = groupByWords(patterns, (pattern) => [rarestWord(pattern, byWord)]);
  const weightOfWord = new Map<string, number>();
  for (const [word, holders] of byWord) {
    if (holders.length <= patterns.length * commonShare)
      weightOfWord.set(word, Math.log(1 + patterns.length / holders.length));
  }
  return { byRarestWord, byWord, weightOfWord };
}

function groupByWords(
  patterns: readonly CompiledPattern[],
  words: (pattern: CompiledPattern) => readonly string[],
): Map<string, CompiledPattern[]> {
  const groups = new Map<string, CompiledPattern[]>();
  for (const pattern of patterns) {
    for (const word of words(pattern)) {
      const group = groups.get(word);
      if (group === undefined) groups.set(word, [pattern]);
      else group.push(pattern);
    }
  }
  return groups;
}

function rarestWord(pattern: CompiledPattern, byWord: ReadonlyMap<string, readonly CompiledPattern[]>): string {
  const count = (word: string): number => byWord.get(word)?.length ?? 0;
  const [rarest] = pattern.words.toSorted((a, b) => count(a) - count(b) || b.length - a.length);
  if (rarest === undefined) throw new RangeError(`no word to find a pattern of ${pattern.record.id} by`);
  return rarest;
}
