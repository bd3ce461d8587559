/** How standard output shows text. */
export interface Screen {
  columns: number;
  colours: boolean;
}

const escape = '\u001b';
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof codes;

/** The text in a colour or weight, where the screen has them. */
export function styled(text: string, style: Style, { colours }: Pick<Screen, 'colours'>): string {
  const [on, off] = codes[style];
  return colours && text !== '' ? `${escape}[${on}m${text}${escape}[${off}m` : text;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes: Chinese characters take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += wide.test(character) ? 2 : 1;
  return width;
}

/** Lines of at most so many columns: broken at blanks, and between Chinese characters. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text)) {
    if (line !== '' && widthOf(line + piece.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line === '' ? piece.trimStart() : piece;
  }
  if (line.trimEnd() !== '') lines.push(line.trimEnd());
  return lines;
}

/** Words with the blanks behind them; each Chinese character for itself, closing punctuation with what it closes. */
function piecesOf(text: string): string[] {
  return (
    text.match(/[^\s\u2e80-\uffef]+\s*|\s+|[\u2e80-\uffef][\u3001\u3002\uff0c\uff1b\uff1a\uff09\u201d\u300b]*\s*/gu) ??
    []
  );
}

/** A label in a column of its own, the text wrapped beside it. */
export function labelled(
  label: string,
  text: string,
  { columns, indent }: { columns: number; indent: number },
): string[] {
  const margin = ' '.repeat(indent);
  const lines = wrap(text, Math.max(20, columns - indent));
  return lines.map(
    (line, index) => (index === 0 ? label + ' '.repeat(Math.max(1, indent - widthOf(label))) : margin) + line,
  );
}

/** At most so many columns of one line; what a terminal would obey instead of showing becomes a blank. */
export function clip(text: string, columns: number): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  if (widthOf(plain) <= columns) return plain;
  let kept = '';
  for (const character of plain) {
    if (widthOf(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
}
