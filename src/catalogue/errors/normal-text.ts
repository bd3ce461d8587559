/** A text prepared for matching. The two strings have the same length, so a position in one is valid in the other. */
export interface NormalText {
  /** White space collapsed and escapes undone; parameters are cut from here. */
  original: string;
  /** As `original` in lower case, every quotation mark an apostrophe; patterns are sought here. */
  folded: string;
}

const escape = String.fromCharCode(27);
const terminalColours = new RegExp(`${escape}\\[[0-9;]{0,20}[A-Za-z]`, 'g');
/** Escapes of JSON and of Python literals, also nested ones (`\\\"`). */
const stringEscapes = /\\{1,8}(?:u([0-9a-fA-F]{4})|(["'/`])|[nrt])/g;
const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};
const typographic: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u3002': '.',
  '\uff0c': ',',
  '\uff1a': ':',
  '\uff01': '!',
  '\uff08': '(',
  '\uff09': ')',
  '\u00a0': ' ',
};

/** Undoes what terminals, JSON, Python and HTML do to a message. Reads at most `limit` characters. */
export function normalizeText(text: string, limit: number): NormalText {
  const original = undoEscapes(text.slice(0, limit))
    .replace(
      /[\u2018\u2019\u201c\u201d\u3002\uff0c\uff1a\uff01\uff08\uff09\u00a0]/g,
      (mark) => typographic[mark] ?? mark,
    )
    .replace(/[\s\u2500-\u259f\u23bf\u23fa]+/g, ' ')
    .trim();
  const folded = original.toLowerCase().replace(/["`]/g, "'");
  // A few letters (Turkish capital I with dot) grow in lower case and would shift the positions.
  return folded.length === original.length ? { original, folded } : { original: folded, folded };
}

/** The same text without any white space, for texts that were wrapped in the middle of words. */
export function squeezeText(text: NormalText): NormalText {
  return { original: text.original.replaceAll(' ', ''), folded: text.folded.replaceAll(' ', '') };
}

function undoEscapes(text: string): string {
  let plain = text;
  if (plain.includes(escape)) plain = plain.replace(terminalColours, '');
  if (plain.includes('\\')) plain = plain.replace(stringEscapes, undoEscape);
  if (plain.includes('&'))
    plain = plain.replace(/&(?:quot|apos|lt|gt|amp|#34|#39);/g, (name) => entities[name] ?? name);
  return plain;
}

function undoEscape(_whole: string, hex: string | undefined, mark: string | undefined): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  return mark ?? ' ';
}

/** Words in order; the unit of the index. */
export function wordsOf(folded: string): string[] {
  return folded.match(/[a-z0-9_]+/g) ?? [];
}

export function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[a-z0-9_]/i.test(character);
}
