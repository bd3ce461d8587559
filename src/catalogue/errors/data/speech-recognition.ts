import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Speech to text with Paraformer: live recognition and the per-file results of recorded files. */
export const speechRecognitionErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: 'WebSocket Errors',
    status: [],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'speech-recognition',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'speech-recognition-message-too-big',
      protocols: ['websocket', 'sdk'],
      messages: [
        'The decoded text message was too big for the output buffer and the endpoint does not support partial messages',
      ],
      cause: [
        'A recognition result of the live Paraformer service was larger than the receive buffer of your WebSocket client.',
        'Paraformer 实时识别返回的结果超过了 WebSocket 客户端的接收缓冲区。',
      ],
      fix: [
        'Send the audio in pieces of about 100 ms (1 KB to 16 KB each), so that results come in smaller parts; a larger client buffer helps as well.',
        '分段发送音频，每段约 100 ms、1 KB～16 KB，使返回结果变小；也可以调大客户端缓冲区。',
      ],
    },
    {
      id: 'speech-recognition-backend-status-missing',
      messages: ['Invalid backend response received (missing status name)'],
      cause: [
        'A parameter of the Paraformer recorded-file request is misspelt.',
        'Paraformer 录音文件识别 RESTful 请求中有参数拼写错误。',
      ],
      fix: [
        'Compare each field name and its nesting with the interface reference, e.g. `input.file_urls`, `parameters.channel_id`.',
        '对照接口文档逐一核对字段名与层级，例如 `input.file_urls`、`parameters.channel_id`。',
      ],
    },
    {
      id: 'speech-recognition-no-input-audio',
      nativeCodes: ['NO_INPUT_AUDIO_ERROR'],
      protocols: ['websocket'],
      messages: ['NO_INPUT_AUDIO_ERROR'],
      patterns: ['NO_INPUT_AUDIO_ERROR'],
      cause: ['No speech arrived at the live recogniser.', '实时识别没有收到有效语音。'],
      fix: [
        'Check that audio is really sent (not zero bytes, right microphone) and that `format` is what you send: pcm, wav, mp3, opus, speex, aac or amr.',
        '确认确实发送了音频（不是空数据、麦克风选择正确），并且 `format` 与实际一致：pcm、wav、mp3、opus、speex、aac 或 amr。',
      ],
    },
    {
      id: 'speech-recognition-no-valid-fragment',
      nativeCodes: ['SUCCESS_WITH_NO_VALID_FRAGMENT'],
      messages: ['SUCCESS_WITH_NO_VALID_FRAGMENT'],
      patterns: ['SUCCESS_WITH_NO_VALID_FRAGMENT'],
      cause: [
        'The recorded file was processed, but voice detection found no speech in it.',
        '录音文件处理成功，但 VAD 没有检测到有效语音。',
      ],
      fix: [
        'Listen to the recording. With silence only, an empty result is right; otherwise check channel and level.',
        '播放录音核对：如果全是静音，没有结果属于正常；否则检查声道与音量。',
      ],
      related: ['speech-recognition-no-words'],
    },
    {
      id: 'speech-recognition-no-words',
      nativeCodes: ['ASR_RESPONSE_HAVE_NO_WORDS'],
      messages: ['ASR_RESPONSE_HAVE_NO_WORDS'],
      patterns: ['ASR_RESPONSE_HAVE_NO_WORDS'],
      cause: [
        'The recorded file was recognised, but the text is empty: there is no speech, or only fillers that `disfluency_removal_enabled` took out.',
        '录音识别成功但结果为空：没有有效语音，或者只有语气词且被 `disfluency_removal_enabled` 过滤。',
      ],
      fix: [
        'Listen to the recording; set `disfluency_removal_enabled` to false if fillers should stay.',
        '播放录音核对；如需保留语气词，把 `disfluency_removal_enabled` 设为 false。',
      ],
      related: ['speech-recognition-no-valid-fragment'],
    },
    {
      id: 'speech-recognition-file-download-failed',
      nativeCodes: ['FILE_DOWNLOAD_FAILED'],
      messages: ['FILE_DOWNLOAD_FAILED'],
      patterns: ['FILE_DOWNLOAD_FAILED'],
      cause: ['The platform could not download the recorded file.', '平台无法下载待识别的录音文件。'],
      fix: [
        'Check the address for typing errors and open it from outside your network; it has to work without a login.',
        '检查文件地址是否正确，并在外网验证无需登录即可访问。',
      ],
      related: ['speech-recognition-file-not-found', 'speech-recognition-file-forbidden'],
    },
    {
      id: 'speech-recognition-file-check-failed',
      nativeCodes: ['FILE_CHECK_FAILED'],
      messages: ['FILE_CHECK_FAILED'],
      patterns: ['FILE_CHECK_FAILED'],
      cause: ['The recorded file has a wrong format.', '录音文件格式不正确。'],
      fix: [
        'Use WAV or MP3 with one or two tracks: `ffmpeg -i in.m4a -ac 1 -ar 16000 out.wav`.',
        '使用单轨或双轨的 WAV、MP3：`ffmpeg -i in.m4a -ac 1 -ar 16000 out.wav`。',
      ],
    },
    {
      id: 'speech-recognition-file-too-large',
      nativeCodes: ['FILE_TOO_LARGE'],
      messages: ['FILE_TOO_LARGE'],
      patterns: ['FILE_TOO_LARGE'],
      cause: ['The recorded file is larger than 2 GB.', '录音文件超过 2 GB。'],
      fix: [
        'Cut it into several files and submit each: `ffmpeg -i in.wav -f segment -segment_time 3600 -c copy part%03d.wav`.',
        '切分后分别提交：`ffmpeg -i in.wav -f segment -segment_time 3600 -c copy part%03d.wav`。',
      ],
      related: ['speech-recognition-duration-too-long'],
    },
    {
      id: 'speech-recognition-file-normalize-failed',
      nativeCodes: ['FILE_NORMALIZE_FAILED'],
      messages: ['FILE_NORMALIZE_FAILED'],
      patterns: ['FILE_NORMALIZE_FAILED'],
      cause: ['The audio of the recorded file could not be converted for recognition.', '录音文件归一化处理失败。'],
      fix: [
        'Play the file to its end; if it is damaged, export it again (`ffmpeg -i in.mp3 out.wav`).',
        '确认文件可完整播放；若已损坏，请重新导出（`ffmpeg -i in.mp3 out.wav`）。',
      ],
    },
    {
      id: 'speech-recognition-file-parse-failed',
      nativeCodes: ['FILE_PARSE_FAILED'],
      messages: ['FILE_PARSE_FAILED'],
      patterns: ['FILE_PARSE_FAILED'],
      cause: ['The container of the recorded file could not be read.', '录音文件解析失败。'],
      fix: ['Play the file; a damaged one has to be exported again.', '确认文件未损坏、可以播放，否则重新导出。'],
    },
    {
      id: 'speech-recognition-mkv-parse-failed',
      nativeCodes: ['MKV_PARSE_FAILED'],
      messages: ['MKV_PARSE_FAILED'],
      patterns: ['MKV_PARSE_FAILED'],
      cause: ['The MKV file could not be read.', 'MKV 文件解析失败。'],
      fix: [
        'Play the file; if it is whole, take out the sound and send that: `ffmpeg -i in.mkv -vn -ar 16000 out.wav`.',
        '确认文件可播放；若文件正常，可提取音频后提交：`ffmpeg -i in.mkv -vn -ar 16000 out.wav`。',
      ],
    },
    {
      id: 'speech-recognition-task-expired',
      nativeCodes: ['FILE_TRANS_TASK_EXPIRED'],
      messages: ['FILE_TRANS_TASK_EXPIRED'],
      patterns: ['FILE_TRANS_TASK_EXPIRED'],
      cause: ['The recognition task does not exist or is no longer kept.', '识别任务不存在或已过期。'],
      fix: [
        'Submit the file again, and fetch the result within the time that the platform keeps tasks (24 hours).',
        '重新提交任务，并在平台保留期（24 小时）内获取结果。',
      ],
      related: ['request-not-found'],
    },
    {
      id: 'speech-recognition-file-url-invalid',
      nativeCodes: ['REQUEST_INVALID_FILE_URL_VALUE'],
      messages: ['REQUEST_INVALID_FILE_URL_VALUE'],
      patterns: ['REQUEST_INVALID_FILE_URL_VALUE'],
      cause: [
        'The file address in the request is not valid (`file_link`, sent as `file_url`).',
        '请求中的文件地址参数（`file_link`）无效。',
      ],
      fix: [
        'Check the form of `file_url`: a full `http://` or `https://` address, encoded once, no blanks.',
        '检查 `file_url` 的格式：完整的 `http://` 或 `https://` 地址，只编码一次，不含空格。',
      ],
    },
    {
      id: 'speech-recognition-content-length',
      nativeCodes: ['CONTENT_LENGTH_CHECK_FAILED'],
      messages: ['CONTENT_LENGTH_CHECK_FAILED'],
      patterns: ['CONTENT_LENGTH_CHECK_FAILED'],
      cause: [
        'The `Content-Length` that the file server sends differs from the size of the file.',
        '文件服务器返回的 `Content-Length` 与文件实际大小不一致。',
      ],
      fix: [
        'Compare `curl -sI <url>` with the downloaded size; turn off compression on the fly or move the file to OSS.',
        '用 `curl -sI <url>` 与实际下载大小对比；关闭服务器的动态压缩，或把文件放到 OSS。',
      ],
    },
    {
      id: 'speech-recognition-file-not-found',
      nativeCodes: ['FILE_404_NOT_FOUND'],
      messages: ['FILE_404_NOT_FOUND'],
      patterns: ['FILE_404_NOT_FOUND'],
      cause: ['There is no file at the address.', '该地址上没有文件。'],
      fix: [
        'Correct the URL; open it in a private browser window to test it.',
        '更正文件 URL，可用浏览器无痕窗口打开验证。',
      ],
    },
    {
      id: 'speech-recognition-file-forbidden',
      nativeCodes: ['FILE_403_FORBIDDEN'],
      messages: ['FILE_403_FORBIDDEN'],
      patterns: ['FILE_403_FORBIDDEN'],
      cause: ['The file server refused the platform.', '没有权限下载录音文件。'],
      fix: [
        'Make the file public or use a signed URL that has not run out; check hotlink protection and allow lists.',
        '把文件设为公共读或使用未过期的签名 URL，并检查防盗链与白名单。',
      ],
    },
    {
      id: 'speech-recognition-file-server-error',
      nativeCodes: ['FILE_SERVER_ERROR'],
      origin: 'network',
      retryable: { kind: 'backoff' },
      messages: ['FILE_SERVER_ERROR'],
      patterns: ['FILE_SERVER_ERROR'],
      cause: ['The server that holds the recording did not work.', '录音文件所在的服务器不可用。'],
      fix: ['Submit again later; see whether the file server is up.', '稍后重新提交，并检查文件服务器状态。'],
    },
    {
      id: 'speech-recognition-duration-too-long',
      nativeCodes: ['AUDIO_DURATION_TOO_LONG'],
      messages: ['AUDIO_DURATION_TOO_LONG'],
      patterns: ['AUDIO_DURATION_TOO_LONG'],
      cause: ['The recording lasts more than 12 hours.', '录音时长超过 12 小时。'],
      fix: [
        'Cut it and submit several tasks: `ffmpeg -i in.wav -f segment -segment_time 36000 -c copy part%03d.wav`.',
        '切分为多个任务提交：`ffmpeg -i in.wav -f segment -segment_time 36000 -c copy part%03d.wav`。',
      ],
      related: ['speech-recognition-file-too-large'],
    },
    {
      id: 'speech-recognition-decode-error',
      nativeCodes: ['DECODE_ERROR'],
      messages: ['DECODE_ERROR'],
      patterns: ['DECODE_ERROR'],
      cause: ['The audio properties of the file could not be detected.', '无法检测音频文件信息。'],
      fix: [
        'Download the link yourself and check that it is audio in a supported format and not an error page: `ffprobe <file>`.',
        '自行下载该链接并用 `ffprobe <文件>` 检查，确认是支持的音频格式而不是错误页面。',
      ],
    },
    {
      id: 'speech-recognition-no-valid-audio',
      nativeCodes: ['NO_VALID_AUDIO_ERROR'],
      protocols: ['websocket'],
      messages: ['NO_VALID_AUDIO_ERROR'],
      patterns: ['NO_VALID_AUDIO_ERROR'],
      cause: ['The audio sent for recognition is not valid.', '待识别的音频无效。'],
      fix: [
        'Make `format` and `sample_rate` equal to the audio that you send, e.g. pcm, 16000, mono, 16 bit.',
        '确保 `format`、`sample_rate` 与实际音频一致，例如 pcm、16000、单声道、16 位。',
      ],
    },
  ],
);
