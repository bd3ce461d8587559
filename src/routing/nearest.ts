/** Names longer than this are not compared: the cost of a comparison grows with the length. */
const lengthLimit = 80;
/** Candidates looked at; the time for one unknown name stays under some milliseconds. */
const candidateLimit = 3_000;

/**
 * Up to three candidates that a misspelt name may have meant, best first: the same letters in another case, then the
 * fewest edits, then names that only continue the wanted one. Cost is bounded however long the name or the list is.
 */
export function nearestNames(wanted: string, candidates: Iterable<string>): string[] {
  if (wanted === '' || wanted.length > lengthLimit) return [];
  const lower = wanted.toLowerCase();
  const limit = Math.max(2, Math.min(6, Math.floor(wanted.length / 3)));
  const scored: { name: string; score: number }[] = [];
  let looked = 0;
  for (const name of candidates) {
    looked += 1;
    if (looked > candidateLimit) break;
    const score = scoreOf(lower, name, limit);
    if (score !== undefined) scored.push({ name, score });
  }
  scored.sort((one, other) => one.score - other.score || one.name.length - other.name.length);
  return scored.slice(0, 3).map(({ name }) => name);
}

function scoreOf(lower: string, name: string, limit: number): number | undefined {
  if (name.length > lengthLimit) return undefined;
  const other = name.toLowerCase();
  const distance = editDistance(lower, other, limit);
  if (distance !== undefined) return distance;
  return lower.length >= 3 && other.startsWith(lower) ? limit + 1 : undefined;
}

/** Levenshtein distance when it is at most `limit`, else undefined; only the band around the diagonal is computed. */
export function editDistance(one: string, other: string, limit: number): number | undefined {
  if (Math.abs(one.length - other.length) > limit) return undefined;
  const beyond = limit + 1;
  let previous = Array.from({ length: other.length + 1 }, (_, column) => Math.min(column, beyond));
  for (let row = 1; row <= one.length; row += 1) {
    const current: number[] = Array.from({ length: other.length + 1 }, () => beyond);
    current[0] = Math.min(row, beyond);
    const last = Math.min(other.length, row + limit);
    let best = current[0];
    for (let column = Math.max(1, row - limit); column <= last; column += 1) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      const cost = Math.min(
        (previous[column - 1] ?? beyond) + change,
        (previous[column] ?? beyond) + 1,
        (current[column - 1] ?? beyond) + 1,
      );
      current[column] = Math.min(cost, beyond);
      best = Math.min(best, cost);
    }
    if (best > limit) return undefined;
    previous = current;
  }
  const distance = previous[other.length] ?? beyond;
  return distance > limit ? undefined : distance;
}
