import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Refusals of the Omni models and of audio that goes into a model. */
export const omniErrors: readonly ErrorRecord[] = defineErrors({ ...invalidParameter, area: 'omni' }, [
  {
    id: 'omni-audio-needs-stream',
    messages: ["'audio' output only support with stream=true"],
    cause: [
      'Qwen-Omni speaks only in a stream, and the request did not ask for one.',
      'Qwen-Omni 只支持流式输出，而请求没有开启流式。',
    ],
    fix: ['Send `stream: true`.', '设置 `stream: true`。'],
    related: ['chat-stream-only'],
  },
  {
    id: 'omni-voice',
    messages: ["Input should be 'Cherry', 'Serena', 'Ethan' or 'Chelsie': parameters.audio.voice"],
    patterns: ['Input should be {voices}: parameters.audio.voice'],
    area: 'speech-synthesis',
    cause: [
      'The voice of a Qwen-Omni or Qwen-TTS call is not one of its own: {voices|the allowed voices}.',
      'Qwen-Omni 或 Qwen-TTS 的 `voice` 不在可选范围内：{voices|允许的音色}。',
    ],
    fix: [
      'Set `voice` to one of {voices|Cherry, Serena, Ethan, Chelsie}, with this capital letter.',
      '把 `voice` 设为 {voices|Cherry、Serena、Ethan、Chelsie} 之一，注意大小写。',
    ],
  },
  {
    id: 'speech-synthesis-voice-unsupported',
    section: '400-invalid_value',
    nativeCodes: ['invalid_value'],
    compatibleCodes: ['invalid_value'],
    protocols: ['websocket', 'openai'],
    area: 'speech-synthesis',
    messages: ["The requested voice 'xxx' is not supported."],
    patterns: ["The requested voice '{voice}' is not supported."],
    cause: [
      'The voice {voice|that was asked for} was cloned with Qwen-TTS for another model than the one that speaks now.',
      '音色 {voice|（见错误消息）} 由千问声音复刻生成，但复刻时的模型与当前实时合成所用模型不同。',
    ],
    fix: [
      'Use as `model` what was `target_model` when the voice was cloned, or clone it again for this model.',
      '合成时的 `model` 应与复刻时的 `target_model` 一致；否则请针对该模型重新复刻。',
    ],
    related: ['omni-voice'],
  },
  {
    id: 'audio-empty',
    messages: ['The audio is empty'],
    area: 'audio',
    cause: ['The audio is so short that it holds too few samples.', '输入音频过短，采样点不足。'],
    fix: ['Send a longer recording.', '延长音频时长后重试。'],
  },
]);
