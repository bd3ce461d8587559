import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Refusals of the Qwen-MT translation models. */
export const translationErrors: readonly ErrorRecord[] = defineErrors({ ...invalidParameter, area: 'translation' }, [
  {
    id: 'translation-language',
    messages: ['Current language settings are not supported!'],
    cause: [
      '`source_lang` or `target_lang` of a Qwen-MT call is misspelt or not among the supported languages.',
      'Qwen-MT 的 `source_lang` 或 `target_lang` 书写有误，或不在支持的语种之列。',
    ],
    fix: [
      'Use the English name or the code from the list of languages of Qwen-MT; `auto` detects the source.',
      '使用 Qwen-MT 语种列表中的英文名称或语言代码；源语种可设为 `auto` 自动识别。',
    ],
  },
]);
