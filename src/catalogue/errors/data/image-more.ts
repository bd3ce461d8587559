import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Pictures for generation, editing and try-on, and pictures that a model is shown. */
export const imageMoreErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '500-InternalError.Algo',
    status: [400],
    nativeCodes: ['InternalError.Algo'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'image',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'image-file-type-invalid',
      section: '400-InvalidImage.FileFormat',
      nativeCodes: ['InvalidImage.FileFormat'],
      messages: ['Invalid image type. Please ensure the uploaded file is a valid image.'],
      cause: ['The uploaded file is no picture in a supported format.', '上传的文件不是受支持格式的图片。'],
      fix: [
        'Send JPG, JPEG, PNG, BMP or WEBP. Check with `file <name>`; a renamed HEIC or GIF has to be converted.',
        '使用 JPG、JPEG、PNG、BMP 或 WEBP。可用 `file <文件名>` 检查，仅改扩展名的 HEIC、GIF 需要真正转换格式。',
      ],
    },
    {
      id: 'image-garment-missing',
      section: '400-InvalidGarment',
      nativeCodes: ['InvalidGarment'],
      messages: ['Missing clothing image.Please input at least one top garment or bottom garment image.'],
      cause: ['The try-on request names no garment.', '试衣请求中没有服饰图片。'],
      fix: [
        'Set `top_garment_url`, `bottom_garment_url` or both to a public picture address.',
        '为 `top_garment_url`、`bottom_garment_url` 中至少一个填写可公网访问的图片地址。',
      ],
    },
    {
      id: 'image-input-length',
      section: '400-InvalidInputLength',
      nativeCodes: ['InvalidInputLength'],
      priority: 2,
      messages: [
        'The image resolution is invalid, please make sure that the largest length of image is smaller than 4096, and the smallest length of image is larger than 150. and the size of image ranges from 5KB to 5MB.',
      ],
      cause: [
        'The picture is too large or too small: the longest side must be under 4096 pixels, the shortest over 150, the file between 5 KB and 5 MB.',
        '图片尺寸或大小不符合要求：最长边须小于 4096 像素，最短边须大于 150 像素，文件大小在 5 KB～5 MB 之间。',
      ],
      fix: [
        'Resize or compress it, e.g. `magick in.png -resize 2048x2048 -quality 85 out.jpg`.',
        '缩放或压缩图片，例如 `magick in.png -resize 2048x2048 -quality 85 out.jpg`。',
      ],
    },
    {
      id: 'image-inference-error',
      status: [500],
      priority: 1,
      messages: ['Inference error: Inference error.'],
      cause: [
        'The model could not work with the picture: the file is damaged, or the person in it is not shown clearly enough.',
        '模型无法处理该图片：文件可能损坏，或人物画面质量不足。',
      ],
      fix: [
        'Open the file to see that it is whole, and use a sharp picture with one complete, clear face.',
        '确认图片可以正常打开，并换用人脸完整、清晰的图片。',
      ],
      related: ['server-algorithm-error'],
    },
    {
      id: 'vision-content-length-missing',
      status: [500],
      protocols: ['openai', 'anthropic', 'dashscope'],
      area: 'vision',
      messages: ['Missing Content-Length of multimodal url.'],
      cause: [
        'The server of the media address does not send a `Content-Length` header, which the platform needs before it downloads.',
        '媒体地址的响应头中没有 `Content-Length` 字段，平台无法下载。',
      ],
      fix: [
        'See it with `curl -sI <url>` or in the network tab of a browser (F12). Serve the file statically (OSS does), send another link, or pass the data as base64.',
        '用 `curl -sI <url>` 或浏览器开发者工具（F12）的网络面板查看响应头。改用静态文件服务（如 OSS）、更换链接，或以 base64 传入。',
      ],
    },
    {
      id: 'vision-embedding-pipeline',
      status: [500],
      protocols: ['openai', 'anthropic', 'dashscope'],
      area: 'vision',
      messages: ['Embedding_pipeline_Error: xxx'],
      patterns: ['Embedding_pipeline_Error: {detail}'],
      cause: [
        'A picture or video of the request could not be prepared for the model ({detail|the message says where it failed}).',
        '请求中的图片或视频预处理失败（{detail|详见消息}）。',
      ],
      fix: [
        'Check format, size and address of each media part against the limits of the model and the form of the request, then send it again.',
        '对照模型限制逐一检查媒体的格式、大小、地址以及请求写法，修正后重试。',
      ],
    },
  ],
);
