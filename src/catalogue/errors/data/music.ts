import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Refusals of Fun-Music for its input. */
export const musicErrors: readonly ErrorRecord[] = defineErrors(
  { ...invalidParameter, protocols: ['dashscope'], area: 'music' },
  [
    {
      id: 'music-lyrics-or-prompt',
      messages: ["At least one of 'lyrics' or 'prompt' must be provided."],
      cause: ['Fun-Music got neither `lyrics` nor `prompt`.', 'Fun-Music 请求既没有 `lyrics` 也没有 `prompt`。'],
      fix: ['Send at least one of the two.', '至少传入其中一个参数。'],
    },
    {
      id: 'music-lyrics-refused',
      messages: ['Lyrics content is illegal and cannot be used for music generation.'],
      cause: [
        'The lyrics did not pass the content check; they may infringe rights.',
        '歌词未通过合规检查，可能含有侵权内容。',
      ],
      fix: ['Change the lyrics and try again.', '修改歌词，去除侵权或违规内容后重试。'],
    },
  ],
);
