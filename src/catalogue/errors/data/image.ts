import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Parameters of the image models: Qwen image editing, OutfitAnyone, segmentation. */
const parameters = defineErrors({ ...invalidParameter, protocols: ['dashscope'], area: 'image' }, [
  {
    id: 'image-read',
    messages: ['read image error.'],
    cause: [
      'The image could not be read: it is damaged or has a wrong format.',
      '无法读取图片：文件损坏或格式不正确。',
    ],
    fix: ['Open it locally and save it again as JPEG or PNG.', '在本地打开确认，并另存为 JPEG 或 PNG。'],
    related: ['image-invalid'],
  },
  {
    id: 'image-mask-size',
    messages: ['The size of person image and coarse_image are not the same.'],
    cause: [
      '`coarse_image` has another resolution than `person_image`.',
      '`coarse_image` 与 `person_image` 的分辨率不同。',
    ],
    fix: ['Scale both to exactly the same width and height.', '把两张图调整为完全相同的宽和高。'],
  },
  {
    id: 'image-form',
    messages: ['image format error'],
    cause: [
      'The image was passed in a form other than an address or Base64 text.',
      '图片参数既不是 URL 也不是 Base64 字符串。',
    ],
    fix: ['Pass an image address or a Base64 string.', '传入图片 URL 或 Base64 字符串。'],
  },
  {
    id: 'image-edit-messages-missing',
    messages: ['No messages found in input'],
    cause: ['Image editing: `input.messages` is missing.', '图像编辑：请求缺少 `input.messages`。'],
    fix: ['Put the image and the instruction into `input.messages`.', '把图片与编辑指令放入 `input.messages`。'],
    related: ['image-edit-one-message'],
  },
  {
    id: 'image-invalid',
    messages: ['Invalid image format or corrupted file'],
    cause: [
      'The image is damaged, incomplete or of a format that is not supported.',
      '图片损坏、不完整或格式不受支持。',
    ],
    fix: [
      'Check that it downloads completely and opens; save it again in a supported format.',
      '确认文件可以完整下载并正常打开，必要时转换为受支持的格式。',
    ],
    related: ['image-read'],
  },
  {
    id: 'image-download',
    messages: ['download image failed'],
    retryable: { kind: 'backoff' },
    cause: ['The image could not be downloaded.', '无法下载图片。'],
    fix: ['Make sure the address opens from the public internet.', '确认图片地址可在公网正常下载。'],
    related: ['image-oss-download'],
  },
  {
    id: 'image-edit-one-message',
    messages: ['messages length only support 1'],
    cause: [
      'Image editing takes exactly one message, and there were more.',
      '图像编辑只支持一条消息，而请求传入了多条。',
    ],
    fix: [
      'Send one user message; there is no conversation history here.',
      '只传一条 user 消息，此接口不支持多轮对话。',
    ],
    related: ['image-edit-content-two'],
  },
  {
    id: 'image-edit-content-two',
    messages: ['content length only support 2'],
    cause: [
      'Image editing takes one image and one text as `content`.',
      '图像编辑的 `content` 只支持一张图片加一段文本。',
    ],
    fix: ['Send exactly these two elements.', '`content` 中只保留一张图片和一段文本。'],
    related: ['image-edit-incomplete'],
  },
  {
    id: 'image-edit-incomplete',
    messages: ['lack of image or text'],
    cause: ['Image editing: the image or the text is missing.', '图像编辑：缺少 `image` 或 `text`。'],
    fix: ['Send both in the `content` of the message.', '在消息的 `content` 中同时传入两者。'],
    related: ['image-edit-content-two'],
  },
  {
    id: 'image-count-one',
    messages: ['num_images_per_prompt must be 1.'],
    cause: ['`n`, the number of images, is not 1.', '生成图片数量 `n` 不等于 1。'],
    fix: ['Set `n` to 1 and send several requests for more images.', '把 `n` 设为 1；需要多张时分多次请求。'],
  },
  {
    id: 'image-oss-download',
    messages: ['oss download error.'],
    retryable: { kind: 'backoff' },
    cause: ['The image in Object Storage Service could not be downloaded.', '从 OSS 下载输入图片失败。'],
    fix: [
      'Check that the link is right, public (or freshly signed) and not an internal one.',
      '检查 OSS 链接是否正确、可公网访问（或签名未过期），且不是内网地址。',
    ],
    related: ['image-download'],
  },
  {
    id: 'image-moderation',
    messages: ['The image content does not comply with green network verification.'],
    area: 'moderation',
    cause: ['The image did not pass content moderation.', '图片内容未通过内容安全检测。'],
    fix: ['Replace it with an image that keeps the content rules.', '更换为符合内容安全要求的图片。'],
    related: ['moderation-data-inspection'],
  },
  {
    id: 'image-size-range',
    messages: ['the size of input image is too small or too large.'],
    cause: ['The width or height of the image is outside the allowed range.', '图片宽高超出允许范围。'],
    fix: ['Scale it to the range that the API reference of the model gives.', '按该模型 API 参考的要求调整图片尺寸。'],
  },
  {
    id: 'image-outfit-parameter',
    messages: ['The request parameter is invalid, please check the request parameter.'],
    causes: [
      {
        when: ['OutfitAnyone image segmentation.', 'OutfitAnyone 图片分割。'],
        cause: ['`clothes_type` has a value that does not exist.', '`clothes_type` 取值不符合要求。'],
        fix: [
          'Use the values that the API reference of the segmentation model lists.',
          '按 AI 试衣图片分割的 API 参考填写 `clothes_type`。',
        ],
      },
      {
        when: ['A call with an aspect ratio.', '请求带有宽高比参数。'],
        cause: ['The aspect ratio is not one of the two allowed ones.', '宽高比参数不符合要求。'],
        fix: ['Use "1:1" or "3:4".', '使用 "1:1" 或 "3:4"。'],
      },
    ],
  },
]);

/** Codes that speak about the image itself. */
const imageChecks = defineErrors(
  {
    document: 'error-codes',
    section: '400-InvalidImage.ImageSize',
    status: [400],
    nativeCodes: ['InvalidImage.ImageSize'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'image',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'image-size-limit',
      nativeCodes: ['InvalidImage.ImageSize', 'InvalidFile.ImageSize'],
      messages: ['The size of image is beyond limit.'],
      cause: ['The image is too large, or much longer than wide.', '图片尺寸或长宽比超出限制。'],
      fix: [
        'Keep the longer side at or below 4096 pixels and at most twice the shorter one.',
        '长边不超过 4096 像素，且长宽比不大于 2。',
      ],
      alsoIn: [
        {
          document: 'error-codes',
          section: '400-InvalidFile.ImageSize',
          message: 'The size of image is beyond limit.',
        },
      ],
    },
    {
      id: 'image-no-face',
      section: '400-InvalidImage.NoHumanFace',
      nativeCodes: ['InvalidImage.NoHumanFace'],
      messages: ['No human face detected.'],
      cause: [
        'No face was found in the image; reported when the result of an asynchronous generation task is queried.',
        '图片中未检测到人脸；仅在查询异步生成任务结果时返回。',
      ],
      fix: ['Submit the task again with an image of a clear face.', '换用人脸清晰的图片重新提交任务。'],
    },
    {
      id: 'image-resolution-range',
      section: '400-InvalidImageResolution',
      nativeCodes: ['InvalidImageResolution'],
      messages: ['The input image resolution is too large or small.'],
      cause: ['The resolution of the image is outside the allowed range.', '图片分辨率过大或过小。'],
      fix: ['Use 256×256 to 5760×3240 pixels.', '分辨率不小于 256×256、不大于 5760×3240 像素。'],
    },
    {
      id: 'image-format-invalid',
      section: '400-InvalidImageFormat',
      nativeCodes: ['InvalidImageFormat'],
      messages: ['The input image is in invalid format.'],
      cause: ['The format of the image is not supported.', '图片格式不符合要求。'],
      fix: ['Use JPEG, JPG, PNG, BMP or WEBP.', '使用 JPEG、JPG、PNG、BMP 或 WEBP 格式。'],
    },
  ],
);

/** `InvalidURL`: addresses of images and audio, and what is found there. */
const addresses = defineErrors(
  {
    document: 'error-codes',
    section: '400-InvalidURL',
    status: [400],
    nativeCodes: ['InvalidURL'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'image',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'request-url-invalid',
      area: 'request',
      generic: 'code',
      messages: ['Invalid URL provided in your request.'],
      cause: ['An address in the request is not a valid URL.', '请求中的 URL 无效。'],
      fix: ['Send a complete, valid address with http:// or https://.', '传入完整有效的 http:// 或 https:// 地址。'],
      related: ['request-url-missing'],
    },
    {
      id: 'request-url-missing',
      area: 'request',
      messages: ['Required URL is missing or invalid, please check the request URL.'],
      cause: ['A required address is missing or not valid.', '缺少必填的 URL，或 URL 无效。'],
      fix: ['Add the address, or correct it.', '补充或更正该 URL。'],
      related: ['request-url-invalid'],
    },
    {
      id: 'image-url-not-image',
      messages: ['The request URL is invalid, make sure the url is correct and is an image.'],
      cause: ['The address is wrong, or there is no image behind it.', 'URL 无效，或指向的不是图片文件。'],
      fix: ['Pass an address that opens an image file directly.', '传入可直接打开图片文件的地址。'],
      related: ['image-url-unavailable'],
    },
    {
      id: 'audio-too-long',
      area: 'audio',
      messages: ['The input audio is longer than xxs.'],
      patterns: ['The input audio is longer than {seconds}s.'],
      cause: [
        'The audio lasts longer than {seconds|the allowed number of} seconds.',
        '音频时长超过上限（{seconds|规定的} 秒）。',
      ],
      fix: ['Cut it to less than {seconds|that many} seconds.', '把音频裁剪到 {seconds|规定的} 秒以内。'],
    },
    {
      id: 'audio-file-size',
      area: 'audio',
      messages: ['File size is larger than 15MB.'],
      patterns: ['File size is larger than {megabytes}MB.'],
      cause: ['The audio file is larger than {megabytes|15} MB.', '音频文件超过 {megabytes|15} MB。'],
      fix: [
        'Compress it below {megabytes|15} MB, for instance as MP3 with a lower bit rate.',
        '压缩到 {megabytes|15} MB 以内，例如转为较低码率的 MP3。',
      ],
    },
    {
      id: 'audio-file-type',
      area: 'audio',
      messages: ['File type is not supported. Allowed types are: .wav, .mp3.'],
      patterns: ['File type is not supported. Allowed types are: {types}'],
      cause: ['The audio has another format than wav or mp3.', '音频格式不是 wav 或 mp3。'],
      fix: ['Convert it to wav or mp3.', '转换为 wav 或 mp3 格式。'],
    },
    {
      id: 'image-url-unavailable',
      messages: [
        'The request URL is invalid, please check the request URL is available and the request image format is one of the following types: JPEG, JPG, PNG, BMP, and WEBP.',
      ],
      patterns: [
        'The request URL is invalid, please check the request URL is available and the request image format is one of the following types: JPEG, JPG, PNG, BMP, and WEBP.',
        'The request URL is invalid, please check the request URL is available',
      ],
      cause: [
        'The image cannot be reached, or what was downloaded has a format that is not supported.',
        '图片无法访问，或下载到的文件格式不受支持。',
      ],
      fix: [
        'Make sure the address is public and serves JPEG, JPG, PNG, BMP or WEBP.',
        '确认地址可公网访问，且图片为 JPEG、JPG、PNG、BMP 或 WEBP 格式。',
      ],
      related: ['image-url-not-image'],
    },
  ],
);

export const imageErrors: readonly ErrorRecord[] = [...parameters, ...imageChecks, ...addresses];
