import { estimateTokens } from '../../catalogue/estimate.ts';

const piece =
  /\s*(?:[\p{Script=Latin}\p{M}']+|\p{N}+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{1,2}|[\p{L}\p{M}]{1,4}|\S)|\s+/gsu;

/** The text in pieces of about one token; joined they are the text again. */
export function splitPieces(text: string): string[] {
  return text.match(piece) ?? [];
}

/** The text as the platform streams it: one piece in the first frame, then three at a time. */
export function splitFrames(text: string): string[] {
  const pieces = splitPieces(text);
  const frames: string[] = [];
  for (let start = 0; start < pieces.length; start += start === 0 ? 1 : 3) {
    frames.push(pieces.slice(start, start === 0 ? 1 : start + 3).join(''));
  }
  return frames;
}

/** The longest start of the text that is at most `maxTokens`, never half a character. */
export function cutToTokens(text: string, maxTokens: number): string {
  if (maxTokens === Infinity || estimateTokens(text) <= maxTokens) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(text.slice(0, middle)) <= maxTokens) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, isHighSurrogate(text, low - 1) ? low - 1 : low);
}

function isHighSurrogate(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code >= 0xd800 && code <= 0xdbff;
}
