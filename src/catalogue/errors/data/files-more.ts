import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Fetching, uploading and storing files: what goes wrong between the platform and a file. */
export const filesMoreErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '400-InvalidURL.ConnectionRefused',
    status: [400],
    nativeCodes: ['InvalidURL.ConnectionRefused'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'files',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'files-url-connection-refused',
      messages: ['Connection to xxx refused, please provide available URL.'],
      patterns: ['Connection to {url} refused, please provide available URL.'],
      cause: [
        'The server behind {url|the file address} turned the platform away.',
        '{url|文件地址}所在的服务器拒绝了平台的下载连接。',
      ],
      fix: [
        'Use an address that the public internet can reach: no internal OSS endpoint, no firewall, no IP allow list or hotlink protection. Test with `curl -I <url>` from another network.',
        '改用公网可访问的地址：不要使用 OSS 内网域名，检查防火墙、IP 白名单和防盗链。可在其他网络用 `curl -I <url>` 验证。',
      ],
      related: ['files-url-timeout'],
    },
    {
      id: 'files-url-timeout',
      section: '400-InvalidURL.Timeout',
      nativeCodes: ['InvalidURL.Timeout'],
      retryable: { kind: 'backoff' },
      messages: ['Download xxx timeout, please check network connection.'],
      patterns: ['Download {url} timeout, please check network connection.'],
      cause: ['Fetching {url|the file} took the platform too long.', '平台下载 {url|文件} 超时。'],
      fix: [
        'Try again; if it stays, host the file near the region that you call (OSS of the same region), make it smaller, or upload it to the temporary storage and send its `oss://` address.',
        '重试一次；若仍超时，把文件放到与调用地域相同的 OSS、减小文件，或先上传到临时存储空间后使用 `oss://` 地址。',
      ],
      related: ['files-url-connection-refused'],
    },
    {
      id: 'files-part-type-unsupported',
      section: '400-BadRequestException',
      nativeCodes: ['BadRequestException'],
      protocols: ['openai', 'dashscope'],
      messages: ['Invalid part type.'],
      cause: [
        'A conversation with Qwen-Long refers to a file of a type that the model cannot read yet.',
        '千问 Long 对话引用了模型暂不支持的文件类型。',
      ],
      fix: [
        'Convert the file to a type that Qwen-Long reads (for example PDF, DOCX, TXT or MD) and upload it again with `purpose=file-extract`.',
        '把文件转换为千问 Long 支持的类型（如 PDF、DOCX、TXT、MD），以 `purpose=file-extract` 重新上传。',
      ],
    },
    {
      id: 'files-input-download-failed',
      section: '400-BadRequest.InputDownloadFailed',
      nativeCodes: ['BadRequest.InputDownloadFailed'],
      priority: 1,
      messages: ['Failed to download the input file: xxx.'],
      patterns: ['Failed to download the input file: {detail}'],
      cause: [
        'The platform could not fetch the input file ({detail|the message names the reason}): it timed out, the download failed, or the file is over the size limit.',
        '平台未能下载输入文件（{detail|原因见消息}）：可能是超时、下载失败或文件超过大小限制。',
      ],
      fix: [
        'Act on the reason in the message. Open the URL outside your network, compare the file size with the limit of the model, and renew signed URLs that have run out.',
        '根据消息中的具体原因处理：在外网打开该 URL，核对文件大小与模型限制，签名过期的 URL 需重新生成。',
      ],
      related: ['voice-cloning-sample-download-failed'],
    },
    {
      id: 'files-format-unsupported',
      section: '400-BadRequest.UnsupportedFileFormat',
      nativeCodes: ['BadRequest.UnsupportedFileFormat'],
      messages: ['Input file format is not supported.'],
      cause: ['The input file has a format that this interface does not take.', '该接口不支持输入文件的格式。'],
      fix: [
        'Look up the formats of the interface and convert the file. Check with `file <name>`, since the extension may be wrong.',
        '查阅该接口支持的格式并转换文件；扩展名可能有误，可用 `file <文件名>` 确认。',
      ],
    },
    {
      id: 'files-payload-too-large',
      section: '400-BadRequest.TooLarge',
      status: [400, 413],
      nativeCodes: ['BadRequest.TooLarge'],
      protocols: ['openai', 'dashscope'],
      messages: ['Payload Too Large.'],
      causes: [
        {
          when: ['A file upload, HTTP status 400.', '上传文件时出现，HTTP 状态码为 400。'],
          signs: { status: [400] },
          cause: ['The uploaded file is over the limit of its purpose.', '上传的文件超过该用途允许的大小。'],
          fix: [
            'With `purpose=file-extract`: documents up to 150 MB, images up to 20 MB. With `purpose=batch`: up to 500 MB; cut a larger file into several and upload each.',
            '`purpose=file-extract`：文档不超过 150 MB，图片不超过 20 MB；`purpose=batch`：不超过 500 MB，更大的文件请拆分后分别上传。',
          ],
        },
        {
          when: ['HTTP status 413.', 'HTTP 状态码为 413。'],
          signs: { status: [413] },
          cause: ['The body of the request is over the limit of the endpoint.', '请求体超过接口上限。'],
          fix: [
            'Send large media as a URL instead of base64, and shorten the conversation.',
            '大文件改用 URL 传入而不是 base64，并缩短对话内容。',
          ],
        },
      ],
      related: ['request-too-large'],
    },
    {
      id: 'files-upload-policy-expired',
      section: '403-AccessDenied/access_denied',
      status: [403],
      nativeCodes: ['AccessDenied'],
      compatibleCodes: ['access_denied'],
      messages: ['Invalid according to Policy: Policy expired.'],
      cause: [
        'The upload credential for the temporary storage ran out before the file was sent.',
        '上传到临时存储空间所用的凭证已过期。',
      ],
      fix: [
        'Call `GET /api/v1/uploads?action=getPolicy&model=<model>` again and upload at once with the new policy. Do not keep a policy for later files.',
        '重新调用 `GET /api/v1/uploads?action=getPolicy&model=<模型>` 获取新凭证后立即上传，不要长期缓存凭证。',
      ],
      alsoIn: [
        {
          document: 'contract',
          section: '4.4 Temporary upload',
          message: 'Invalid according to Policy: Policy expired.',
        },
      ],
    },
    {
      id: 'files-result-upload-oss',
      section: '500-InternalError.FileUpload',
      status: [500],
      nativeCodes: ['InternalError.FileUpload'],
      origin: 'provider',
      retryable: { kind: 'backoff' },
      messages: ['oss upload error.'],
      cause: ['A file could not be written to OSS.', '文件上传到 OSS 失败。'],
      fix: [
        'Try again. If you gave an OSS bucket of your own, check that it exists, that the platform may write to it and that the network reaches it.',
        '重试；若使用自己的 OSS Bucket，请检查 Bucket 是否存在、是否授予写权限以及网络是否可达。',
      ],
      related: ['files-result-upload'],
    },
    {
      id: 'files-result-upload',
      section: '500-InternalError.Upload',
      status: [500],
      nativeCodes: ['InternalError.Upload'],
      origin: 'provider',
      retryable: { kind: 'backoff' },
      messages: ['Failed to upload result.'],
      cause: ['The result was made but could not be stored.', '结果已生成，但保存时上传失败。'],
      fix: [
        'Try again later; check the storage that you configured for results.',
        '稍后重试，并检查为结果配置的存储。',
      ],
      related: ['files-result-upload-oss'],
    },
    {
      id: 'files-storage-full',
      section: 'SDK Errors',
      nativeCodes: [],
      protocols: ['openai', 'dashscope'],
      origin: 'account',
      messages: ['Upload file capacity exceed limit. / Upload file number exceed limit.'],
      patterns: ['Upload file capacity exceed limit.', 'Upload file number exceed limit.'],
      cause: [
        'The file storage of the account is full: at most 10,000 files and 100 GB together.',
        '账号下的文件存储空间已满：最多 10,000 个文件，总计 100 GB。',
      ],
      fix: [
        'List the files with `GET /compatible-mode/v1/files` and delete old ones with `DELETE /compatible-mode/v1/files/{file_id}`; then upload again.',
        '用 `GET /compatible-mode/v1/files` 列出文件，用 `DELETE /compatible-mode/v1/files/{file_id}` 删除不需要的文件后重新上传。',
      ],
      alsoIn: [{ document: 'contract', section: '2.6 Other OpenAI-compatible endpoints' }],
    },
  ],
);
