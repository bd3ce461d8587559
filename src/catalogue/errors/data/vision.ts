import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

const inspectionSection = '400-InvalidParameter.DataInspection';

/** Images, videos and addresses given to models that see and hear. */
export const visionErrors: readonly ErrorRecord[] = defineErrors({ ...invalidParameter, area: 'vision' }, [
  {
    id: 'vision-media-url-form',
    messages: ['The provided URL does not appear to be valid. Ensure it is correctly formatted.'],
    causes: [
      {
        when: ['A web address or Base64 data was passed.', '传入的是网址或 Base64 数据。'],
        cause: [
          'The address of an image, audio or video does not start with http://, https:// or data:, or its data: part lacks the word "base64".',
          '图片、音频或视频地址没有以 http://、https:// 或 data: 开头，或 data: 中缺少 "base64" 标识。',
        ],
        fix: [
          'Use a public web address, or `data:image/png;base64,<data>`.',
          '使用公网可访问的地址，或 `data:image/png;base64,<数据>` 的形式。',
        ],
      },
      {
        when: ['A local path was passed to the DashScope SDK.', '向 DashScope SDK 传入了本地路径。'],
        cause: ['The path has no file:// in front.', '本地路径前缺少 file://。'],
        fix: ['Write the path as `file://` followed by the full path.', '路径应写成 `file://` 加完整路径。'],
      },
      {
        when: ['A temporary oss:// address of the platform was passed.', '传入的是平台提供的 oss:// 临时地址。'],
        cause: ['The platform was not told to resolve the temporary address.', '请求没有要求平台解析临时地址。'],
        fix: [
          'Over HTTP add the header `X-DashScope-OssResourceResolve: enable`; among the SDKs only DashScope can do this, OpenAI cannot.',
          'HTTP 调用需加请求头 `X-DashScope-OssResourceResolve: enable`；SDK 方面仅 DashScope SDK 支持，OpenAI SDK 不支持。',
        ],
      },
    ],
    related: ['vision-media-download', 'vision-endpoint-mismatch'],
  },
  {
    id: 'vision-video-frames',
    messages: [
      'The video modality input does not meet the requirements because: the range of sequence images shoule be (4, 512)./(4,80).',
    ],
    patterns: [
      'The video modality input does not meet the requirements because: the range of sequence images shoule be ({min},{max}).',
      'The video modality input does not meet the requirements because: the range of sequence images should be ({min},{max}).',
    ],
    cause: [
      'A video given as a list of images has too few or too many of them; this model takes {min|4} to {max|80 or 512}.',
      '以图片列表形式传入的视频，图片张数不在 {min|4} 到 {max|80 或 512} 之间。',
    ],
    fix: [
      'Send 4 to 512 images to Qwen3-VL and Qwen2.5-VL models, 4 to 80 to others; sample fewer frames from a long video.',
      'Qwen3-VL 与 Qwen2.5-VL 系列传 4 至 512 张，其他模型传 4 至 80 张；长视频请降低抽帧频率。',
    ],
    related: ['vision-video-length'],
  },
  {
    id: 'vision-file-size',
    messages: ["Exceeded limit on max bytes per data-uri item : 10485760'. / Multimodal file size is too large"],
    patterns: [
      'Exceeded limit on max bytes per data-uri item : {bytes}',
      'Exceeded limit on max bytes per data-uri item: {bytes}',
      'Multimodal file size is too large',
    ],
    causes: [
      {
        when: ['The file is inside the request, as Base64 or a local path.', '文件以 Base64 或本地路径方式传入。'],
        cause: [
          'The encoded file has more than {bytes|10485760} bytes; Base64 makes a file a third larger.',
          '文件编码后超过 {bytes|10485760} 字节；Base64 会使体积增加约三分之一。',
        ],
        fix: [
          'Compress it below 10 MB after encoding (about 7 MB before), or pass an address instead.',
          '压缩到编码后不超过 10 MB（原文件约 7 MB），或改为传入文件地址。',
        ],
      },
      {
        when: ['The file is given by address.', '文件以网址方式传入。'],
        cause: ['The file behind the address is larger than the model reads.', '地址所指文件超过模型允许的大小。'],
        fix: [
          'Images: 10 MB. Videos: 2 GB for Qwen3-VL and qwen-vl-max, 1 GB for qwen-vl-plus, 150 MB for other models. Compress or cut the file.',
          '图片不超过 10 MB；视频：Qwen3-VL 与 qwen-vl-max 2 GB，qwen-vl-plus 系列 1 GB，其他模型 150 MB。请压缩或裁剪文件。',
        ],
      },
    ],
  },
  {
    id: 'vision-image-dimensions',
    messages: ['The image length and width do not meet the model restrictions.'],
    cause: [
      'The image is too small or too long and narrow for Qwen VL.',
      '图片尺寸过小或长宽比过大，不符合 Qwen VL 的要求。',
    ],
    fix: [
      'Both sides need at least 10 pixels, and neither may be more than 200 times the other.',
      '宽和高都不得小于 10 像素，长宽比不得超过 200:1 或 1:200。',
    ],
    related: ['vision-inspection-image-size'],
  },
  {
    id: 'vision-inspection-decode',
    messages: ['Failed to decode the image during the data inspection.'],
    cause: ['The image could not be decoded while it was checked.', '内容检测阶段无法解码该图片。'],
    fix: [
      'Open the image locally to see whether it is intact, and save it again in a supported format such as JPEG or PNG.',
      '在本地打开确认图片未损坏，并另存为 JPEG、PNG 等受支持的格式。',
    ],
    related: ['vision-media-format'],
  },
  {
    id: 'vision-media-format',
    messages: [
      'The file format is illegal and cannot be opened. / The audio format is illegal and cannot be opened. / The media format is not supported or incorrect for the data inspection.',
    ],
    patterns: [
      'The file format is illegal and cannot be opened.',
      'The audio format is illegal and cannot be opened.',
      'The media format is not supported or incorrect for the data inspection.',
    ],
    cause: [
      'The file is damaged, has a format that is not supported, or its name ending does not fit its content.',
      '文件损坏、格式不受支持，或扩展名与实际格式不一致。',
    ],
    fix: [
      'Check the real format (for example with ffprobe or `file`), convert the file if needed and give it the right ending.',
      '用 ffprobe 或 `file` 命令确认真实格式，必要时转换，并使用正确的扩展名。',
    ],
    related: ['vision-inspection-decode'],
  },
  {
    id: 'vision-media-download',
    messages: [
      'Failed to download multimodal content. / Download the media resource timed out during the data inspection process. / Unable to download the media resource during the data inspection process.',
    ],
    patterns: [
      'Failed to download multimodal content.',
      'Download the media resource timed out during the data inspection process.',
      'Unable to download the media resource during the data inspection process.',
    ],
    nativeCodes: ['InvalidParameter', 'InvalidParameter.DataInspection', 'InternalError.Algo.InvalidParameter'],
    retryable: { kind: 'backoff' },
    causes: [
      {
        when: [
          'The address is an internal one of Object Storage Service (its host contains `-internal`).',
          '地址是 OSS 内网域名（主机名含 `-internal`）。',
        ],
        cause: ['The platform cannot reach an internal address.', '平台无法访问内网地址。'],
        fix: ['Pass the public address of the object.', '改用该对象的公网地址。'],
      },
      {
        when: ['File and service lie in different regions or countries.', '文件与服务处于不同地域，或从境外调用。'],
        cause: [
          'The download across regions or borders took too long.',
          '跨地域或跨境网络不稳定，下载图片、音频等文件超时。',
        ],
        fix: [
          'Keep the file in storage of the same region as the model (mainland OSS for Beijing), or upload it to the temporary storage of the platform.',
          '把文件放到与模型同地域的存储（北京地域用境内 OSS），或先上传到平台提供的临时存储空间。',
        ],
        signs: { codes: ['InvalidParameter.DataInspection'] },
      },
      {
        when: ['The file loads slowly in a browser as well.', '用浏览器访问该文件也很慢。'],
        cause: ['The server that holds the file is slow or does not answer.', '存放文件的服务响应缓慢或不可达。'],
        fix: [
          'Use a faster server, or send the file as Base64; then try again.',
          '换用更稳定的存储，或以 Base64 方式传入后重试。',
        ],
      },
    ],
    alsoIn: [
      {
        document: 'error-codes',
        section: inspectionSection,
        message: 'Unable to download the media resource during the data inspection process.',
      },
    ],
    related: ['vision-media-not-found', 'vision-media-unauthorized'],
  },
  {
    id: 'vision-media-not-found',
    messages: ['Failed to find the requested media resource during the data inspection process.'],
    cause: [
      'Nothing can be read at the address: it is wrong, the file is gone, or a signed address has expired.',
      '该地址无法读取到资源：地址有误、文件已删除或移动，或签名地址已过期。',
    ],
    fix: [
      'Open the address without any login; correct it, upload the file again, or sign a new address that stays valid longer.',
      '在未登录状态下访问该地址进行确认；更正地址、重新上传，或重新生成有效期更长的签名地址。',
    ],
    related: ['vision-media-download', 'vision-media-unauthorized'],
  },
  {
    id: 'vision-endpoint-mismatch',
    messages: ['url error, please check url!'],
    causes: [
      {
        when: ['A multimodal model was called at the text address.', '用纯文本接口调用了多模态模型。'],
        cause: [
          'Models such as qwen3.7-plus or qwen3-vl-plus have another native address than text models.',
          'qwen3.7-plus、qwen3-vl-plus 等多模态模型的 DashScope 接口与纯文本模型不同。',
        ],
        fix: [
          'Use `MultiModalConversation.call()` or the path multimodal-generation; in spring-ai-alibaba set `withMultiModel`.',
          '改用 `MultiModalConversation.call()` 或 multimodal-generation 接口；使用 spring-ai-alibaba 时设置 `withMultiModel`。',
        ],
      },
      {
        when: ['A text model was called at the multimodal address.', '用多模态接口调用了纯文本模型。'],
        cause: [
          'Models such as qwen3-max, qwen-plus or deepseek-v4-pro are served at the text address only.',
          'qwen3-max、qwen-plus、deepseek-v4-pro 等纯文本模型只在文本生成接口提供服务。',
        ],
        fix: [
          'Use `Generation.call()` or the path text-generation. With the OpenAI-compatible protocol all of them share one address.',
          '改用 `Generation.call()` 或 text-generation 接口；使用 OpenAI 兼容协议时两类模型共用同一地址。',
        ],
      },
      {
        when: ['A CosyVoice voice is cloned.', '调用 CosyVoice 声音复刻。'],
        cause: ['`model` and `target_model` were mixed up.', '混淆了 `model` 与 `target_model`。'],
        fix: [
          'Set `model` to voice-enrollment and `target_model` to the CosyVoice model.',
          '`model` 固定为 voice-enrollment，`target_model` 填写具体的 CosyVoice 模型。',
        ],
      },
      {
        when: [
          'An image or video model is called through the DashScope SDK.',
          '通过 DashScope SDK 调用图像或视频生成模型。',
        ],
        cause: ['An old SDK does not know the address of this model.', 'SDK 版本过旧，不认识该模型的服务地址。'],
        fix: ['Upgrade the DashScope SDK.', '升级 DashScope SDK 到最新版本。'],
      },
    ],
  },
  {
    id: 'vision-media-unauthorized',
    messages: ["Don't have authorization to access the media resource during the data inspection process."],
    cause: ['The signed address of the file in Object Storage Service has expired.', 'OSS 文件的签名地址已过期。'],
    fix: [
      'Sign a new address, and let it stay valid until the call is over.',
      '重新生成签名地址，并保证在调用完成前一直有效。',
    ],
    related: ['vision-media-not-found'],
  },
  {
    id: 'vision-content-item',
    messages: ['The item of content should be a message of a certain modal.'],
    protocols: ['dashscope'],
    cause: [
      'An element of the `content` list has none of the keys image, video, audio or text.',
      '`content` 数组中有元素不含 image、video、audio、text 中的任何一个键。',
    ],
    fix: [
      'In the native protocol write `{"image": ...}` or `{"text": ...}`; the OpenAI form with `type` belongs to the compatible endpoint.',
      'DashScope 协议使用 `{"image": ...}`、`{"text": ...}` 的写法；带 `type` 的 OpenAI 写法只用于兼容接口。',
    ],
  },
  {
    id: 'vision-video-invalid',
    messages: ['Invalid video file.'],
    cause: ['The video is damaged or has a wrong format.', '视频文件损坏或格式不正确。'],
    fix: [
      'Play it locally, and convert it to MP4 with H.264 when in doubt.',
      '在本地播放确认；如有疑问，转换为 H.264 编码的 MP4。',
    ],
    related: ['vision-video-length'],
  },
  {
    id: 'vision-video-length',
    messages: ['The video modality input does not meet the requirements because: The video file is too long.'],
    cause: [
      'The video is longer than this Qwen VL or Qwen-Omni model watches.',
      '视频时长超过该 Qwen VL 或 Qwen-Omni 模型的上限。',
    ],
    fix: [
      'Qwen2.5-VL: 2 seconds to 10 minutes; other VL and Omni models: 2 to 40 seconds. Cut the video, or send parts.',
      'Qwen2.5-VL 支持 2 秒至 10 分钟，其他 VL 与 Omni 模型支持 2 至 40 秒；请裁剪视频或分段传入。',
    ],
    related: ['vision-video-frames'],
  },
  {
    id: 'vision-inspection-image-size',
    messages: ['The image size is not supported for the data inspection.'],
    causes: [
      {
        when: ['An image was sent in.', '传入了图片。'],
        cause: ['Its width or height does not suit Qwen VL.', '图片的宽或高不符合 Qwen VL 的要求。'],
        fix: [
          'Make both sides at least 10 pixels and keep the ratio between 1:200 and 200:1.',
          '宽高均不小于 10 像素，长宽比在 1:200 与 200:1 之间。',
        ],
      },
      {
        when: ['An image was generated.', '生成了图片。'],
        cause: ['The generated image is larger than 10 MB.', '输出图片超过 10 MB。'],
        fix: ['Ask for a smaller image.', '调整生成参数，减小输出图片。'],
      },
    ],
    related: ['vision-image-dimensions'],
  },
  {
    id: 'vision-content-type',
    messages: ['Wrong Content-Type of multimodal url'],
    cause: [
      'The server of the image sends a `Content-Type` header that is not one of a supported image.',
      '图片地址返回的 `Content-Type` 响应头不是受支持的图片类型。',
    ],
    fix: [
      'Check the header (browser tools, Network tab, or `curl -I`) and let the server send image/jpeg, image/png, image/webp, image/bmp, image/tiff, image/x-icon, image/icns, image/sgi or image/jp2.',
      '用浏览器开发者工具的 Network 面板或 `curl -I` 查看该响应头，并让服务器返回 image/jpeg、image/png、image/webp、image/bmp、image/tiff、image/x-icon、image/icns、image/sgi 或 image/jp2。',
    ],
  },
]);
