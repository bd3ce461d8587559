import type { Language } from '../catalogue/errors/explanation.ts';

/** The language asked for, or else that of the terminal's locale. */
export function languageOf(asked: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  if (asked === 'zh' || asked === 'en') return asked;
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** What the two commands say around the records. */
export const words = {
  en: {
    cause: 'Cause',
    fix: 'Fix',
    retry: 'Retry',
    source: 'Source',
    within: (time: string) => ` (${time})`,
    also: 'Also possible: ',
    byCode: 'Known by its code only: the message may tell more.',
    byStatus: 'Known by its status only: give the message and the code for more.',
    byWording: 'The words are not quite those of the catalogue.',
    line: 'line',
    more: 'more',
    errors: (count: number, kinds: number, lines: number) =>
      `${count} ${count === 1 ? 'error' : 'errors'} of ${kinds} ${kinds === 1 ? 'kind' : 'kinds'} in ${lines} lines`,
    nothing: 'Nothing in the catalogue fits.',
    nothingHelp: [
      'Paste the whole error with its code and status, as it was printed; a log may be piped in: atelier explain < app.log',
      'Or look for a word of it: atelier errors --search WORD',
    ],
    usage: [
      'Nothing to explain. Give a message, or pipe something in:',
      '  atelier explain "Range of max_tokens should be [1, 8192]"',
      '  atelier explain --code limit_burst_rate',
      '  atelier explain --status 429',
      '  atelier explain < app.log',
    ],
    none: 'No error passes this filter.',
    listed: (count: number) => `${count} ${count === 1 ? 'error' : 'errors'}. atelier explain ID shows one in full.`,
  },
  zh: {
    cause: '原因',
    fix: '解决',
    retry: '重试',
    source: '来源',
    within: (time: string) => `，约 ${time}后`,
    also: '也可能是：',
    byCode: '仅根据错误码识别：提供消息可得到更准确的结果。',
    byStatus: '仅根据状态码识别：提供消息和错误码可得到更准确的结果。',
    byWording: '消息与目录中的措辞不完全一致。',
    line: '第',
    more: '条',
    errors: (count: number, kinds: number, lines: number) => `${lines} 行中有 ${count} 个错误，共 ${kinds} 种`,
    nothing: '目录中没有匹配的错误。',
    nothingHelp: [
      '请粘贴完整的错误原文，包括错误码和状态码；也可以把日志通过管道传入：atelier explain < app.log',
      '或者按关键词查找：atelier errors --search 关键词',
    ],
    usage: [
      '没有可解释的内容。请给出消息，或通过管道传入：',
      '  atelier explain "Range of max_tokens should be [1, 8192]"',
      '  atelier explain --code limit_burst_rate',
      '  atelier explain --status 429',
      '  atelier explain < app.log',
    ],
    none: '没有符合条件的错误。',
    listed: (count: number) => `共 ${count} 个错误。atelier explain ID 查看详情。`,
  },
} as const;
