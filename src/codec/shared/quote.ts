/** Line ends to readers that split text as Unicode does (Python's `splitlines`); JSON leaves them bare. */
const foreignLineEnds = /[\u0085\u2028\u2029]/g;

/** Text as a JSON string that stays on one line of an event stream for every client. */
export function quote(text: string): string {
  const json = JSON.stringify(text);
  return json.search(foreignLineEnds) === -1 ? json : json.replace(foreignLineEnds, escapeUnit);
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
