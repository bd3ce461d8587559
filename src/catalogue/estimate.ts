/**
 * An estimate of how many tokens a text is, without a tokenizer. Rules, fitted to the figures of Model Studio's chat page
 * ("Who are you?" after the usual system message counts 22, its answers 16 and 18):
 * a Latin word up to 9 letters is 1, each 5 letters more 1; a digit is 1, as Qwen's tokenizer splits numbers;
 * a Chinese, Japanese or Korean character is 0.7; letters of other scripts 0.5 each; a punctuation mark 1, a run of the
 * same mark 1 for each 4; one space before a word is free, a longer run of blanks 1; anything outside the BMP 2.
 * Linear in the length, no allocation.
 */
export function estimateTokens(text: string): number {
  let total = 0;
  let position = 0;
  while (position < text.length) {
    const kind = kindOf(text.charCodeAt(position));
    const end = endOfRun(text, position, kind);
    total += costOf[kind](end - position);
    position = end;
  }
  // Sums of 0.7 carry rounding noise, which must not cost a token.
  return total === 0 ? 0 : Math.ceil(total - 1e-6);
}

/** What the chat template adds around each message (`<|im_start|>role`, line ends, `<|im_end|>`). */
export const tokensPerMessage = 5;

/** What the template adds once, to open the answer. */
export const tokensPerRequest = 2;

/** One image of ordinary size; the platform counts by pixels, which the estimate does not look at. */
export const tokensPerImage = 1_000;

type Kind = 'word' | 'digit' | 'cjk' | 'letter' | 'mark' | 'blank' | 'wide';

const costOf: Record<Kind, (length: number) => number> = {
  word: (length) => (length <= 9 ? 1 : 1 + Math.ceil((length - 9) / 5)),
  digit: (length) => length,
  cjk: (length) => length * 0.7,
  letter: (length) => length * 0.5,
  mark: (length) => Math.ceil(length / 4),
  blank: (length) => (length === 1 ? 0 : 1),
  wide: (length) => length,
};

function endOfRun(text: string, start: number, kind: Kind): number {
  const first = text.charCodeAt(start);
  let end = start + 1;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (kind === 'mark' ? code !== first : kindOf(code) !== kind) break;
    end += 1;
  }
  return end;
}

function kindOf(code: number): Kind {
  if (code < 0x80) return asciiKind(code);
  if (code >= 0xd800 && code <= 0xdfff) return 'wide';
  if ((code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af)) {
    return 'cjk';
  }
  if ((code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f) || code >= 0xff00) return 'mark';
  return 'letter';
}

function asciiKind(code: number): Kind {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return 'word';
  if (code >= 48 && code <= 57) return 'digit';
  return code === 32 || (code >= 9 && code <= 13) ? 'blank' : 'mark';
}
