const placeholder = /\{([a-z][a-zA-Z0-9_]*)\|([^{}]*)\}/g;

/** Chinese is written with blanks around numbers and names, so around places left open too, but not among its own characters. */
const blankInChinese = /(?<=[\p{Script=Han}，。；：、（）]) +(?=[\p{Script=Han}，。；：、（）])/gu;

/** Puts a match's parameters into a cause or fix: `{max|the limit}` becomes the value of `max`, or the words after the bar. */
export function fillParameters(text: string, params: Readonly<Record<string, string>>): string {
  const filled = text.replace(placeholder, (_whole, name: string, words: string) => params[name] ?? words);
  return filled.replace(blankInChinese, '');
}

/** The names of the parameters that a cause or fix mentions. */
export function placeholderNames(text: string): string[] {
  return [...text.matchAll(placeholder)].map((found) => found[1] ?? '');
}
