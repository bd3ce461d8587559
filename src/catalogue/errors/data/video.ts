import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Parameters of the video models: Emoji, EMO, LivePortrait, style transfer, Wan video editing. */
export const videoErrors: readonly ErrorRecord[] = defineErrors(
  { ...invalidParameter, protocols: ['dashscope'], area: 'video' },
  [
    {
      id: 'video-emoji-ext-bbox',
      messages: ['Invalid ext_bbox.', 'Invalid ext_bbox'],
      patterns: ['Invalid ext_bbox'],
      cause: [
        'Emoji video: `ext_bbox`, the area around the face, is not usable.',
        'Emoji 视频生成：表示人脸扩展区域的 `ext_bbox` 无效。',
      ],
      fix: [
        'Pass the `ext_bbox` that the face detection step returned, unchanged.',
        '原样传入检测接口返回的 `ext_bbox`。',
      ],
    },
    {
      id: 'video-emoji-driven-id',
      messages: ['Driven not exist: driven_id.', 'Driven not exist: driven_id'],
      patterns: ['Driven not exist: {id}'],
      cause: [
        'Emoji video: there is no motion template {id|with this driven_id}.',
        'Emoji 视频生成：不存在该动作模板（{id|driven_id}）。',
      ],
      fix: ['Choose a `driven_id` from the list of templates.', '从动作模板列表中选择 `driven_id`。'],
      related: ['video-emoji-driven-id-missing'],
    },
    {
      id: 'video-emoji-image-missing',
      messages: ['Field required: image_url'],
      priority: 1,
      cause: ['Emoji video: `image_url` is missing.', 'Emoji 视频生成：缺少 `image_url`。'],
      fix: ['Pass the address of the portrait in `image_url`.', '在 `image_url` 中传入人像图片地址。'],
      related: ['request-field-required'],
    },
    {
      id: 'video-emoji-driven-id-missing',
      messages: ['Field required: driven_id'],
      priority: 1,
      cause: ['Emoji video: `driven_id` is missing.', 'Emoji 视频生成：缺少 `driven_id`。'],
      fix: ['Pass the id of a motion template in `driven_id`.', '在 `driven_id` 中传入动作模板 ID。'],
      related: ['request-field-required', 'video-emoji-driven-id'],
    },
    {
      id: 'video-style',
      messages: ['The style is invalid.'],
      cause: ['`style` is none of the values that exist.', '`style` 不在可选枚举值之内。'],
      fix: ['Take a value from the API reference of the model.', '从该模型的 API 参考中选取 `style` 的取值。'],
      related: ['video-style-level'],
    },
    {
      id: 'video-style-level',
      messages: ['The style_level is invalid.'],
      cause: [
        'EMO: `style_level` is none of the values that exist.',
        'EMO 视频生成：`style_level` 不在可选枚举值之内。',
      ],
      fix: ['Take one of the levels from the API reference of EMO.', '按 EMO 视频生成的 API 参考选取 `style_level`。'],
      related: ['video-style'],
    },
    {
      id: 'video-ratio',
      messages: ['parameters.video_ratio must be 9:16 or 3:4.'],
      cause: ['`video_ratio` is neither 9:16 nor 3:4.', '`video_ratio` 不是 9:16 或 3:4。'],
      fix: ['Set it to "9:16" or "3:4".', '设为 "9:16" 或 "3:4"。'],
    },
    {
      id: 'video-style-transform-parameter',
      messages: ['the xxx parm is invalid!'],
      patterns: ['the {name} parm is invalid!'],
      cause: [
        'Video style redrawing: {name|a parameter} is outside its range.',
        '视频风格重绘：参数 {name|（见错误消息）} 超出允许范围。',
      ],
      fix: [
        'Correct {name|the named parameter} according to the API reference of video style redrawing.',
        '按视频风格重绘的 API 参考修正 {name|该参数}。',
      ],
    },
    {
      id: 'video-read',
      messages: ['read video error.'],
      cause: [
        'The video could not be read: it is damaged or its format is not supported.',
        '无法读取视频：文件损坏或格式不受支持。',
      ],
      fix: ['Play it locally and convert it to a supported format.', '在本地播放确认，必要时转换为受支持的格式。'],
    },
    {
      id: 'video-parameter-definition',
      messages: ['The type or value of {parameter} is out of definition.'],
      cause: [
        'LivePortrait: {parameter|a parameter} has a wrong type or value.',
        'LivePortrait 视频生成：参数 {parameter|（见错误消息）} 的类型或取值不符合要求。',
      ],
      fix: [
        'Correct {parameter|it} according to the API reference of LivePortrait.',
        '按 LivePortrait 视频生成的 API 参考修正 {parameter|该参数}。',
      ],
    },
    {
      id: 'video-input-format',
      messages: ['Input files format not supported.'],
      cause: [
        'LivePortrait: the audio or the image has a format that is not supported.',
        'LivePortrait 视频生成：音频或图片格式不受支持。',
      ],
      fix: [
        'Audio: mp3, wav or aac. Image: jpg, jpeg, png, bmp or webp.',
        '音频使用 mp3、wav、aac；图片使用 jpg、jpeg、png、bmp、webp。',
      ],
    },
    {
      id: 'video-input-download',
      messages: ['Failed to download input files.'],
      retryable: { kind: 'backoff' },
      cause: ['An input file could not be downloaded.', '输入文件下载失败。'],
      fix: [
        'Check that the addresses open from the public internet and that the network is stable, then try again.',
        '确认文件地址可公网访问且网络稳定，然后重试。',
      ],
    },
    {
      id: 'video-reference-lengths',
      messages: ['ref_images_url and obj_or_bg must be the same length.'],
      cause: [
        'Wan video editing with several references: the lists `ref_images_url` and `obj_or_bg` differ in length.',
        '万相视频编辑（多图参考）：`ref_images_url` 与 `obj_or_bg` 的元素个数不一致。',
      ],
      fix: ['Give one entry of `obj_or_bg` for each image.', '保证每张参考图都对应一个 `obj_or_bg` 元素。'],
    },
  ],
);
