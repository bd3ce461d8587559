/** The languages of texts that people read. */
export type ReaderLanguage = 'en' | 'zh';

const longest = 512;

/** The language an `accept-language` header prefers; English unless Chinese is wanted more. */
export function readerLanguage(header: string | undefined): ReaderLanguage {
  const ranges = (header ?? '').slice(0, longest).toLowerCase().split(',').map(readRange);
  const quality = (language: string): number =>
    Math.max(0, ...ranges.filter((range) => range.language === language).map((range) => range.quality));
  return quality('zh') > quality('en') ? 'zh' : 'en';
}

/** `zh-CN;q=0.9` as language and weight. */
function readRange(text: string): { language: string; quality: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { language: tag.split('-', 1)[0] ?? '', quality: quality >= 0 && quality <= 1 ? quality : 0 };
}
