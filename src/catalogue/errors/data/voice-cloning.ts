import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Enrolling and managing cloned voices with CosyVoice and Qwen-TTS. */
export const voiceCloningErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '400-Throttling.AllocationQuota',
    status: [400],
    nativeCodes: ['Throttling.AllocationQuota'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'voice-cloning',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'voice-cloning-sample-download-failed',
      section: '400-BadRequest.InputDownloadFailed',
      nativeCodes: ['BadRequest.InputDownloadFailed'],
      messages: ['Failed to download the input file.'],
      cause: [
        'The platform could not fetch the voice sample for Qwen-TTS cloning, or the sample is larger than 10 MB.',
        '平台无法下载用于千问 TTS 声音复刻的音频样本，或样本超过 10 MB。',
      ],
      fix: [
        'Open the sample URL from a machine outside your network (`curl -I <url>` must answer 200 without a login). If it downloads, make the file smaller than 10 MB.',
        '在外网机器上访问样本地址（`curl -I <url>` 应直接返回 200，不需要登录）。若能下载，请把文件压缩到 10 MB 以内。',
      ],
      related: ['files-input-download-failed'],
    },
    {
      id: 'voice-cloning-format-unsupported',
      section: '400-BadRequest.UnsupportedFileFormat',
      nativeCodes: ['BadRequest.UnsupportedFileFormat'],
      messages: ['File format unsupported.'],
      cause: [
        'CosyVoice cloning does not read the encoding of this sample. The extension can mislead: a file called .mp3 may hold Opus.',
        'CosyVoice 声音复刻无法识别该样本的编码。扩展名可能有误，例如 .mp3 文件的实际内容可能是 Opus。',
      ],
      fix: [
        'Look at the real encoding (`ffprobe sample.mp3`, `mediainfo` or `file sample.mp3`) and send 16-bit WAV, MP3 or M4A, e.g. `ffmpeg -i in.opus -ar 24000 -c:a pcm_s16le out.wav`.',
        '用 `ffprobe sample.mp3`、`mediainfo` 或 `file sample.mp3` 查看真实编码，改用 16 位 WAV、MP3 或 M4A，例如 `ffmpeg -i in.opus -ar 24000 -c:a pcm_s16le out.wav`。',
      ],
      related: ['voice-cloning-format-unsupported-websocket', 'voice-cloning-internal-unknown'],
    },
    {
      id: 'voice-cloning-voice-missing',
      section: '400-BadRequest.ResourceNotExist',
      nativeCodes: ['BadRequest.ResourceNotExist'],
      messages: ['The Required resource not exist.'],
      cause: [
        'The CosyVoice voice named in an update, query or delete call does not exist (any more).',
        '更新、查询或删除接口中指定的 CosyVoice 音色不存在或已被删除。',
      ],
      fix: [
        'List your voices first, then repeat the call with a `voice_id` from that list, using a key of the account that created the voice.',
        '先查询音色列表，再使用列表中的 `voice_id` 重新调用，并确认 API Key 属于创建该音色的账号。',
      ],
    },
    {
      id: 'voice-cloning-quota-reached',
      origin: 'account',
      messages: ['Your current quota is xxx'],
      patterns: ['Your current quota is {quota}'],
      cause: [
        'The account already holds as many CosyVoice cloned voices as it may ({quota|the limit}).',
        '账号下的 CosyVoice 复刻音色数量已达上限（{quota|上限}）。',
      ],
      fix: [
        'Delete voices that are no longer used, then enrol again. Waiting does not help.',
        '删除不再使用的音色后重新创建；等待不会释放名额。',
      ],
      related: ['voice-cloning-storage-limit', 'voice-cloning-voice-limit'],
    },
    {
      id: 'voice-cloning-storage-limit',
      origin: 'account',
      messages: ['Maximum voice storage limit exceeded, please delete existing voices.'],
      cause: [
        'The main account has no room for another Qwen-TTS cloned voice.',
        '主账号下的千问 TTS 复刻音色数量已超过上限。',
      ],
      fix: [
        'Delete some voices through the Qwen-TTS voice management interface and create the new one again.',
        '通过千问 TTS 音色管理接口删除部分音色，然后重新创建。',
      ],
      related: ['voice-cloning-quota-reached', 'voice-cloning-voice-limit'],
    },
    {
      id: 'voice-cloning-voice-limit',
      section: '429-Throttling.AllocationQuota/insufficient_quota',
      status: [429],
      compatibleCodes: ['insufficient_quota'],
      origin: 'account',
      messages: ['Maximum voice-clone voice limit exceeded.'],
      cause: [
        'The main account reached the number of Qwen-TTS cloned voices that it may keep. Although it comes as a 429, it is no rate limit.',
        '主账号的千问 TTS 复刻音色数量已达上限。虽然状态码是 429，但与调用频率无关。',
      ],
      fix: [
        'Delete voices that are not needed, then create the new one. Do not retry before that.',
        '删除不需要的音色后再创建，在此之前重试无效。',
      ],
      related: ['voice-cloning-storage-limit'],
    },
    {
      id: 'voice-cloning-audio-too-short',
      section: '400-Audio.AudioShortError',
      nativeCodes: ['Audio.AudioShortError'],
      messages: ['valid audio too short!'],
      cause: ['The CosyVoice sample holds too little speech.', 'CosyVoice 复刻音频中的有效语音过短。'],
      fix: [
        'Record 10 to 15 seconds with at least one passage of more than 5 seconds of speech without a pause.',
        '录制 10～15 秒音频，其中至少包含一段超过 5 秒、没有停顿的连续朗读。',
      ],
      related: ['voice-cloning-audio-silent', 'voice-cloning-no-long-segment'],
    },
    {
      id: 'voice-cloning-audio-silent',
      section: '400-Audio.AudioSilentError',
      status: [400, 430],
      nativeCodes: ['Audio.AudioSilentError'],
      messages: ['silent audio error.'],
      patterns: ['silent audio error.', 'Silent file unsupported.'],
      cause: [
        'The CosyVoice sample is silent, or its speech passages are too short to learn from.',
        'CosyVoice 复刻音频是静音文件，或非静音片段太短。',
      ],
      fix: [
        'Play the file and check microphone and level; record 10 to 15 seconds with one unbroken passage of more than 5 seconds.',
        '先播放文件，检查麦克风和音量；重新录制 10～15 秒，至少包含一段超过 5 秒的连续语音。',
      ],
      alsoIn: [{ document: 'error-codes', section: '430-Audio.AudioSilentError', message: 'Silent file unsupported.' }],
    },
    {
      id: 'voice-cloning-preprocess-failed',
      section: '400-Audio.PreprocessError',
      nativeCodes: ['Audio.PreprocessError'],
      messages: ['Audio preprocess error.'],
      cause: [
        'Qwen-TTS cloning could not prepare the sample: the `text` sent with it differs a lot from what is spoken, too little speech is in it, or it has no sound.',
        '千问 TTS 声音复刻的音频预处理失败：传入的 `text` 与实际朗读内容差异过大、有效语音太短，或者没有声音。',
      ],
      fix: [
        'Set `text` to exactly what is spoken (or leave it out). If the error stays, record again in a quiet room following the recording guide.',
        '把 `text` 改为与朗读完全一致的文字；若仍失败，请在安静环境中按录音指南重新录制。',
      ],
      related: ['voice-cloning-no-long-segment'],
    },
    {
      id: 'voice-cloning-no-long-segment',
      section: '400-Audio.PreprocessError',
      nativeCodes: ['Audio.PreprocessError'],
      messages: ['No segments meet minimum duration requirement'],
      cause: [
        'No passage of speech in the Qwen-TTS sample is long enough.',
        '千问 TTS 复刻音频中没有足够长的有效语音片段。',
      ],
      fix: [
        'Record again and speak without long pauses, so that one passage is clearly longer than a few seconds.',
        '重新录音，朗读时避免长时间停顿，保证有足够长的连续语音。',
      ],
      related: ['voice-cloning-audio-too-short'],
    },
    {
      id: 'voice-cloning-voice-not-found',
      section: '400-BadRequest.VoiceNotFound',
      nativeCodes: ['BadRequest.VoiceNotFound'],
      messages: ["Voice '%s' not found."],
      patterns: ["Voice '{voice}' not found."],
      cause: [
        'The Qwen-TTS voice {voice|in the delete call} does not exist or was deleted before.',
        '删除接口中指定的千问 TTS 音色 {voice|} 不存在，或已被删除。',
      ],
      fix: [
        'List the voices and copy the `voice` value from there; if it is missing from the list, nothing is left to delete.',
        '查询音色列表并从中复制 `voice` 的取值；若列表中没有，说明已经删除。',
      ],
    },
    {
      id: 'voice-cloning-decode-failed',
      section: '400-Audio.DecoderError',
      status: [400, 430],
      nativeCodes: ['Audio.DecoderError'],
      messages: ['Decoder audio file failed.'],
      patterns: ['Decoder audio file failed.'],
      causes: [
        {
          when: ['HTTP status 400.', 'HTTP 状态码为 400。'],
          signs: { status: [400] },
          cause: [
            'The sample could not be decoded: the file is damaged, or its encoding is not one that Qwen-TTS or CosyVoice cloning reads.',
            '音频样本解码失败：文件损坏，或编码格式不是千问 TTS / CosyVoice 复刻支持的格式。',
          ],
          fix: [
            'Check that the file plays to its end. For CosyVoice send 16-bit WAV, MP3 or M4A.',
            '确认文件可以完整播放。CosyVoice 请使用 16 位 WAV、MP3 或 M4A。',
          ],
        },
        {
          when: ['HTTP status 430.', 'HTTP 状态码为 430。'],
          signs: { status: [430] },
          cause: [
            'CosyVoice could not decode the sample; most often the extension and the real encoding differ.',
            'CosyVoice 无法解码该样本，多数情况是扩展名与实际编码不一致。',
          ],
          fix: [
            'Run `ffprobe`, `mediainfo` or `file` on the sample, see what it really is, and convert it to 16-bit WAV, MP3 or M4A.',
            '用 `ffprobe`、`mediainfo` 或 `file` 查看真实编码，并转换为 16 位 WAV、MP3 或 M4A。',
          ],
        },
      ],
      alsoIn: [{ document: 'error-codes', section: '430-Audio.DecoderError', message: 'Decoder audio file failed.' }],
    },
    {
      id: 'voice-cloning-sample-rate',
      section: '400-Audio.AudioRateError',
      status: [400, 430],
      nativeCodes: ['Audio.AudioRateError'],
      messages: ['File sample rate unsupported.'],
      patterns: ['File sample rate unsupported.'],
      causes: [
        {
          when: ['HTTP status 400.', 'HTTP 状态码为 400。'],
          signs: { status: [400] },
          cause: [
            'The sample rate of the voice sample is below 24,000 Hz (Qwen-TTS and CosyVoice cloning).',
            '音频样本的采样率低于 24000 Hz（千问 TTS 与 CosyVoice 声音复刻）。',
          ],
          fix: [
            'Record at 24 kHz or more. Check with `ffprobe`; a higher rate can be set with `ffmpeg -i in.wav -ar 24000 out.wav`.',
            '使用 24 kHz 或更高的采样率录制。用 `ffprobe` 查看，可用 `ffmpeg -i in.wav -ar 24000 out.wav` 转换。',
          ],
        },
        {
          when: ['HTTP status 430.', 'HTTP 状态码为 430。'],
          signs: { status: [430] },
          cause: ['CosyVoice does not take a sample of less than 16 kHz.', 'CosyVoice 不支持低于 16 kHz 的音频样本。'],
          fix: [
            'Use 16 kHz or more; 24 kHz satisfies both services.',
            '使用 16 kHz 或更高的采样率；24 kHz 可同时满足两种服务。',
          ],
        },
      ],
      alsoIn: [
        { document: 'error-codes', section: '430-Audio.AudioRateError', message: 'File sample rate unsupported' },
      ],
    },
    {
      id: 'voice-cloning-sample-too-long',
      section: '400-Audio.DurationLimitError',
      nativeCodes: ['Audio.DurationLimitError'],
      messages: ['Audio duration exceeds maximum allowed limit.'],
      cause: ['The Qwen-TTS voice sample is longer than 60 seconds.', '千问 TTS 复刻音频超过 60 秒。'],
      fix: [
        'Cut it to 60 seconds or less, e.g. `ffmpeg -i in.wav -t 30 out.wav`.',
        '裁剪到 60 秒以内，例如 `ffmpeg -i in.wav -t 30 out.wav`。',
      ],
    },
    {
      id: 'voice-cloning-file-too-large',
      section: '430-Audio.FileSizeExceed',
      status: [430],
      nativeCodes: ['Audio.FileSizeExceed'],
      messages: ['File too large'],
      cause: ['The CosyVoice voice sample is 10 MB or larger.', 'CosyVoice 复刻音频达到或超过 10 MB。'],
      fix: [
        'Cut the recording to 10 to 15 seconds or save it as MP3, so that it stays under 10 MB.',
        '把录音裁剪到 10～15 秒或另存为 MP3，使文件小于 10 MB。',
      ],
    },
    {
      id: 'voice-cloning-preprocess-server-error',
      section: '500-InternalError/internal_error',
      status: [500],
      nativeCodes: ['InternalError'],
      compatibleCodes: ['internal_error'],
      messages: ['audio preprocess server error'],
      causes: [
        {
          when: ['The file is reachable and of the right length.', '文件可以访问且时长合适。'],
          cause: [
            'CosyVoice cannot use the recording: noise, poor quality or a level that goes up and down.',
            '录音质量不符合 CosyVoice 要求：噪声大、音质差或音量忽高忽低。',
          ],
          fix: [
            'Record again in a quiet room, at a steady distance from the microphone, following the recording guide.',
            '在安静环境中、与麦克风保持固定距离，按录音指南重新录制。',
          ],
        },
        {
          when: ['The URL does not open outside your network.', '该地址在外网无法打开。'],
          cause: ['The platform cannot open the address of the recording.', '平台无法访问录音文件的地址。'],
          fix: [
            'Use a public URL that answers without login or internal network; see the CosyVoice cloning interface for the form it expects.',
            '使用无需登录、非内网的公网地址，具体形式参见 CosyVoice 声音复刻接口。',
          ],
        },
        {
          when: ['It lasts clearly more than 15 seconds.', '时长明显超过 15 秒。'],
          cause: ['The recording is too long.', '录音过长。'],
          fix: [
            'Keep it at 10 to 15 seconds with one passage of more than 5 seconds of unbroken speech.',
            '控制在 10～15 秒，且至少有一段超过 5 秒的连续语音。',
          ],
        },
      ],
    },
    {
      id: 'voice-cloning-recognition-failed',
      section: '500-InternalError/internal_error',
      status: [500],
      nativeCodes: ['InternalError'],
      compatibleCodes: ['internal_error'],
      messages: ['request asr failed'],
      cause: [
        'CosyVoice could not recognise words in the sample: no speech, unclear speech or loud noise.',
        'CosyVoice 无法从样本中识别出语音：没有有效语音、发音不清或噪声过大。',
      ],
      fix: [
        'Record again: one speaker, clear words, no music, no background noise.',
        '重新录制：单人、吐字清晰、无背景音乐与噪声。',
      ],
    },
    {
      id: 'voice-cloning-format-unsupported-websocket',
      section: 'WebSocket Errors',
      status: [],
      nativeCodes: [],
      protocols: ['websocket'],
      messages: ['unsupported audio format:xxx'],
      patterns: ['unsupported audio format:{format}'],
      cause: [
        'The encoding {format|of the sample} is not one that CosyVoice cloning reads.',
        'CosyVoice 声音复刻不支持 {format|该} 编码格式。',
      ],
      fix: [
        'Do not trust the extension: look with `ffprobe` or `file`, then convert to 16-bit WAV, MP3 or M4A.',
        '不要只看扩展名，用 `ffprobe` 或 `file` 确认后转换为 16 位 WAV、MP3 或 M4A。',
      ],
      related: ['voice-cloning-format-unsupported'],
    },
    {
      id: 'voice-cloning-internal-unknown',
      section: 'WebSocket Errors',
      status: [],
      nativeCodes: [],
      protocols: ['websocket'],
      messages: ['internal unknown error'],
      cause: [
        'Most likely the CosyVoice voice sample has an encoding that the service cannot read.',
        '多半是 CosyVoice 复刻音频的编码格式不符合要求。',
      ],
      fix: [
        'Check the real encoding with `ffprobe` or `file` and send 16-bit WAV, MP3 or M4A. If the format is right, try once more later.',
        '用 `ffprobe` 或 `file` 确认真实编码，改用 16 位 WAV、MP3 或 M4A；若格式无误，请稍后再试。',
      ],
      related: ['voice-cloning-format-unsupported'],
    },
  ],
);
