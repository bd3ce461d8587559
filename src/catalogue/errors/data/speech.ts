import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Speech recognition and synthesis, as far as the platform answers `InvalidParameter` or `InvalidFile`. */
const parameters = defineErrors(
  { ...invalidParameter, protocols: ['dashscope', 'websocket'], area: 'speech-synthesis' },
  [
    {
      id: 'speech-recognition-file-urls',
      messages: ['input must contain file_urls'],
      area: 'speech-recognition',
      protocols: ['dashscope'],
      cause: [
        'Paraformer was asked to transcribe recordings, but `file_urls` is missing or empty.',
        '使用 Paraformer 识别录音文件时没有传 `file_urls`。',
      ],
      fix: [
        'Put the public addresses of the recordings into `input.file_urls`.',
        '在 `input.file_urls` 中填写录音文件的公网地址。',
      ],
    },
    {
      id: 'speech-recognition-idle-timeout',
      messages: ['request timeout after 23 seconds.'],
      patterns: ['request timeout after {seconds} seconds.'],
      causes: [
        {
          when: ['Speech recognition (Paraformer).', '语音识别（Paraformer）。'],
          cause: [
            'No audio reached the service for more than {seconds|23} seconds.',
            '超过 {seconds|23} 秒没有向服务端发送音频。',
          ],
          fix: [
            'Find out why the source paused; end the task (finish-task) when nothing more will come.',
            '排查音频源中断的原因；没有更多音频时及时结束任务（finish-task）。',
          ],
        },
        {
          when: ['Real-time synthesis (CosyVoice).', '实时语音合成（CosyVoice）。'],
          cause: [
            'No text reached the service for more than {seconds|23} seconds.',
            '超过 {seconds|23} 秒没有向服务端发送文本。',
          ],
          fix: [
            'Send text as soon as it is there, and finish the task when the text source is done or slow; open a new one for the rest.',
            '及时发送文本；文本源结束或较慢时先结束任务，剩余内容另开新任务。',
          ],
        },
      ],
    },
    {
      id: 'speech-synthesis-text-invalid',
      messages: ['Please ensure input text is valid.'],
      cause: [
        'CosyVoice got no text: `text` was never set, or the code failed before it was.',
        'CosyVoice 没有收到待合成文本：`text` 未赋值，或代码异常导致赋值失败。',
      ],
      fix: [
        'Log what is sent, and make sure `text` holds non-empty text.',
        '打印实际发送的内容，确保 `text` 已赋值且非空。',
      ],
    },
    {
      id: 'websocket-parameter-missing',
      messages: ["Missing required parameter 'xxx'! Please follow the protocol!"],
      patterns: ["Missing required parameter '{name}'! Please follow the protocol!"],
      protocols: ['websocket'],
      area: 'websocket',
      causes: [
        {
          when: ['The WebSocket protocol is used directly.', '直接使用 WebSocket 协议。'],
          cause: [
            'The event lacks {name|a parameter}: it stands at the wrong level, is misspelt (`taskgroup` for `task_group`) or is empty.',
            '事件 JSON 缺少 {name|某个参数}：层级不对、拼写错误（例如把 `task_group` 写成 `taskgroup`）或取值为空。',
          ],
          fix: [
            'Compare the event with the protocol reference and put {name|the parameter} at its place.',
            '对照协议文档检查事件结构，把 {name|该参数} 放到正确位置。',
          ],
          signs: { protocols: ['websocket'] },
        },
        {
          when: [
            'The DashScope Java SDK is used for Fun-ASR or Paraformer in real time; there the same fault shows as "Expected recognition state should be started, but current state is idle".',
            '使用 DashScope Java SDK 进行 Fun-ASR 或 Paraformer 实时识别；此时 SDK 会在客户端抛出 Invalid state 异常（期望 started，实际为 idle）。',
          ],
          cause: [
            'Audio was sent after `stop()` without a new `call()`, so there is no session.',
            '调用 `stop()` 结束识别后，没有重新调用 `call()` 就继续发送音频，会话已失效。',
          ],
          fix: [
            'Call `call()` again before each new round of recognition.',
            '每次 `stop()` 之后，先重新调用 `call()` 再开始下一轮识别。',
          ],
          signs: { protocols: ['sdk'] },
        },
      ],
    },
    {
      id: 'speech-synthesis-voice-mismatch',
      messages: ['[tts:]Engine return error code: 418'],
      patterns: ['[tts:]Engine return error code: 418', '[cosyvoice:]Engine return error code: 418'],
      causes: [
        {
          when: ['A voice of the platform.', '使用系统音色。'],
          cause: ['The value of `voice` does not exist for this model.', '该模型没有这个 `voice` 取值。'],
          fix: ['Take the name from the list of voices.', '从音色列表中选取 `voice` 的取值。'],
        },
        {
          when: ['A cloned voice.', '使用复刻音色。'],
          cause: [
            'The cloned voice is not ready, or it belongs to another account.',
            '复刻音色尚未就绪，或不属于当前账号。',
          ],
          fix: [
            'Query it with the voice cloning API: its status must be OK, and its account the one that calls.',
            '通过声音复刻接口查询：状态应为 OK，且与调用账号一致。',
          ],
        },
        {
          when: ['Model and voice carry different version numbers.', '模型与音色的版本号不同。'],
          cause: [
            'A v1 voice was used with a v2 model, or the other way round.',
            '混用了 v1 与 v2：例如 v2 模型配 v1 音色。',
          ],
          fix: [
            'Use v2 voices with v2 models and v1 voices with v1 models.',
            'v2 模型只用 v2 音色，v1 模型只用 v1 音色。',
          ],
        },
      ],
      related: ['speech-synthesis-voice-missing'],
    },
    {
      id: 'speech-synthesis-voice-missing',
      messages: ['Request voice is invalid!'],
      cause: [
        'CosyVoice was called without a voice, or `voice` stands at the wrong place of the JSON.',
        '调用 CosyVoice 时没有设置音色，或 `voice` 放错了 JSON 层级。',
      ],
      fix: [
        'Set `voice`; over WebSocket it belongs into `payload.parameters`.',
        '设置 `voice`；使用 WebSocket 时应放在 `payload.parameters` 中。',
      ],
      related: ['speech-synthesis-voice-mismatch'],
    },
    {
      id: 'speech-synthesis-ssml-once',
      messages: ['Text request limit violated, expected 1.'],
      patterns: ['Text request limit violated, expected {count}.'],
      protocols: ['websocket'],
      cause: [
        'With `enable_ssml: true` the text has to come in one continue-task event, and there were several.',
        '`enable_ssml` 为 true 时只能发送一次 continue-task，而本次发送了多次。',
      ],
      fix: [
        'Send the whole SSML in a single continue-task, or switch SSML off for a stream of text.',
        '把完整的 SSML 放在一次 continue-task 中发送；需要流式发送文本时请关闭 SSML。',
      ],
      related: ['speech-synthesis-ssml-unsupported'],
    },
    {
      id: 'speech-synthesis-ssml-unsupported',
      messages: ['SSML text is not supported at the moment!'],
      cause: [
        'The model or voice does not read SSML, or SSML was not switched on for the call.',
        '当前模型或音色不支持 SSML，或没有正确开启 SSML。',
      ],
      fix: [
        'Check the limits of SSML for this model and voice, and set `enable_ssml: true`; otherwise send plain text.',
        '查看该模型与音色对 SSML 的限制，并设置 `enable_ssml: true`；否则改发纯文本。',
      ],
      related: ['speech-synthesis-ssml-once'],
    },
    {
      id: 'speech-synthesis-instruction',
      messages: ['[tts:]Engine return error code: 428'],
      patterns: ['[tts:]Engine return error code: 428', '[cosyvoice:]Engine return error code: 428'],
      causes: [
        {
          when: ['The instruction is long.', '`instruction` 较长。'],
          cause: [
            '`instruction` has more than 100 characters; a Chinese character counts as two.',
            '`instruction` 超过 100 个字符（每个汉字按 2 个计）。',
          ],
          fix: ['Shorten it to 100 characters.', '缩短到 100 个字符以内。'],
        },
        {
          when: [
            'Another model than cosyvoice-v3.5-flash, v3.5-plus or v3-flash.',
            '模型不是 cosyvoice-v3.5-flash、v3.5-plus 或 v3-flash。',
          ],
          cause: ['The model takes no `instruction`.', '该模型不支持 `instruction`。'],
          fix: [
            'Remove it, or use cosyvoice-v3.5-flash or cosyvoice-v3.5-plus, which take free wording.',
            '删除该参数，或改用支持自由描述的 cosyvoice-v3.5-flash、cosyvoice-v3.5-plus。',
          ],
        },
        {
          when: ['The model is cosyvoice-v3-flash.', '模型为 cosyvoice-v3-flash。'],
          cause: [
            'It takes Chinese instructions of a fixed form only, and each voice has its own set.',
            '该模型只接受固定格式的中文指令，且不同音色支持的指令不同。',
          ],
          fix: [
            'Use an instruction from the list of this voice, in Chinese.',
            '按该音色的说明使用固定格式的中文指令。',
          ],
        },
      ],
    },
  ],
);

const files = defineErrors(
  {
    document: 'error-codes',
    section: '400-InvalidFile.DownloadFailed',
    status: [400],
    nativeCodes: ['InvalidFile.DownloadFailed'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'speech-recognition',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'speech-recognition-download',
      messages: ['The audio file cannot be downloaded.'],
      retryable: { kind: 'backoff' },
      cause: ['Paraformer could not download the recording.', 'Paraformer 无法下载待识别的录音文件。'],
      fix: [
        'Make sure the address opens from the public internet without a login.',
        '确认该地址可在公网直接访问，无需登录。',
      ],
    },
    {
      id: 'audio-length-range',
      section: '400-InvalidFile.AudioLengthError',
      nativeCodes: ['InvalidFile.AudioLengthError'],
      area: 'audio',
      messages: ['Audio length must be between 1s and 300s.', 'Audio length must be between 1s and 180s.'],
      patterns: ['Audio length must be between {min}s and {max}s.'],
      cause: [
        'The audio is shorter than {min|1} second or longer than {max|180 or 300} seconds.',
        '音频时长不在 {min|1} 到 {max|180 或 300} 秒之间。',
      ],
      fix: [
        'Cut or extend it to {min|1} to {max|180 (or 300)} seconds.',
        '把音频调整到 {min|1} 至 {max|180（或 300）} 秒。',
      ],
    },
  ],
);

export const speechErrors: readonly ErrorRecord[] = [...parameters, ...files];
