import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Form of the request as a whole: method, body, missing and surplus parameters. */
export const requestErrors: readonly ErrorRecord[] = defineErrors(invalidParameter, [
  {
    id: 'request-invalid-parameter',
    generic: 'code',
    messages: [],
    patterns: [],
    cause: [
      'The platform refused a parameter or a part of the input; the message names which one.',
      '平台拒绝了请求中的某个参数或部分输入，具体见错误消息。',
    ],
    fix: [
      'Correct what the message names and send the request again; the same request will be refused again.',
      '按错误消息修正相应参数后再请求；原样重试仍会被拒绝。',
    ],
  },
  {
    id: 'request-parameter-range',
    priority: -1,
    messages: [],
    patterns: [
      'Range of {name} should be [{min}, {max}]',
      'Range of {name} should be ({min}, {max}]',
      'Range of {name} should be [{min}, {max})',
      'Range of {name} should be ({min}, {max})',
    ],
    cause: [
      '{name|A parameter} is outside the range from {min|the lower} to {max|the upper limit}.',
      '{name|某个参数} 不在 {min|下限} 到 {max|上限} 的范围内。',
    ],
    fix: [
      'Choose a value of {name|the parameter} in this range; a round bracket in the message excludes the limit itself.',
      '把 {name|该参数} 调整到该范围内；消息中的圆括号表示不含端点。',
    ],
    related: ['chat-max-tokens-range', 'chat-top-p-range'],
  },
  {
    id: 'request-method',
    messages: ["Request method 'GET' is not supported."],
    patterns: ["Request method '{method}' is not supported."],
    cause: [
      'This address does not take the HTTP method {method|that was used}.',
      '该接口不支持 {method|所用的} 请求方法。',
    ],
    fix: [
      'Use the method of the API reference; model calls are POST. A redirect or a browser may have turned POST into GET.',
      '按 API 参考使用正确的方法，模型调用应使用 POST；也请检查是否因重定向或浏览器访问变成了 GET。',
    ],
  },
  {
    id: 'request-body-invalid',
    messages: ['Required body invalid, please check the request body format.'],
    cause: [
      'The body is not valid JSON, often because of a trailing comma or an unclosed bracket.',
      '请求体不是合法的 JSON，常见原因是多余的逗号或括号未闭合。',
    ],
    fix: [
      'Check the body with a JSON parser before sending it, and send `Content-Type: application/json`.',
      '发送前用 JSON 工具校验请求体，并使用 `Content-Type: application/json`。',
    ],
    related: ['request-json-error'],
  },
  {
    id: 'request-required-parameter',
    messages: ['Required parameter(xxx) missing or invalid, please check the request parameters.'],
    patterns: ['Required parameter({name}) missing or invalid, please check the request parameters.'],
    causes: [
      {
        cause: [
          'The parameter {name|named in the message} is missing or has a wrong form.',
          '参数 {name|（见错误消息）} 缺失或格式不正确。',
        ],
        fix: ['Send {name|that parameter} as the API reference describes it.', '按 API 参考补充或修正 {name|该参数}。'],
        when: ['Any other parameter than `data_sources`.', '除 `data_sources` 以外的参数。'],
      },
      {
        cause: [
          'The index was created (CreateIndex) without `SourceType`, so that submitting its job (SubmitIndexJob) fails now.',
          '调用 CreateIndex 时缺少 `SourceType`，导致随后的 SubmitIndexJob 失败。',
        ],
        fix: [
          'Create the index again with `SourceType` set to DATA_CENTER_FILE for documents or DATA_CENTER_CATEGORY for categories.',
          '重新调用 CreateIndex：由文档创建时 `SourceType` 设为 DATA_CENTER_FILE，由类目创建时设为 DATA_CENTER_CATEGORY。',
        ],
        when: ['The parameter is `data_sources`.', '消息中的参数是 `data_sources`。'],
        signs: { params: { name: ['data_sources'] } },
      },
    ],
    related: ['request-field-required'],
  },
  {
    id: 'request-field-required',
    messages: ['Field required: xxx'],
    patterns: ['Field required: {field}'],
    cause: ['The request lacks {field|a required field}.', '请求缺少必填字段 {field|（见错误消息）}。'],
    fix: ['Add {field|the named field} at the place the message gives.', '在消息所示的位置补上 {field|该字段}。'],
    related: ['request-required-parameter'],
  },
  {
    id: 'request-parameters-missing-or-malformed',
    messages: [
      'The request is missing required parameters or in a wrong format, please check the parameters that you send.',
    ],
    cause: ['At least one required parameter is missing or has a wrong form.', '至少有一个必填参数缺失或格式错误。'],
    fix: [
      'Compare the request with the API reference: names, nesting and types of all parameters.',
      '对照 API 参考逐一检查参数名称、层级与类型。',
    ],
    related: ['request-parameters-missing-or-out-of-range'],
  },
  {
    id: 'request-parameters-missing-or-out-of-range',
    messages: [
      'The request is missing required parameters or the parameters are out of the specified range, please check the parameters that you send.',
    ],
    cause: [
      'A required parameter is missing, or a value lies outside its range.',
      '缺少必填参数，或某个参数值超出允许范围。',
    ],
    fix: ['Add what is missing and correct the value that is out of range.', '补齐缺失的参数，并修正超出范围的取值。'],
    related: ['request-parameters-missing-or-malformed'],
  },
  {
    id: 'request-json-error',
    messages: ['input json error.'],
    protocols: ['dashscope'],
    cause: ['The JSON of the request cannot be read.', '请求中的 JSON 无法解析。'],
    fix: ['Check brackets, quotes and commas of the body.', '检查请求体的括号、引号与逗号。'],
    related: ['request-body-invalid'],
  },
  {
    id: 'request-parameter-specification',
    messages: ['the parameters must conform to the specification: xxx.'],
    patterns: ['the parameters must conform to the specification: {specification}'],
    protocols: ['dashscope'],
    cause: [
      'A value is outside what the platform allows: {specification|see the message}.',
      '某个参数值超出允许范围：{specification|见错误消息}。',
    ],
    fix: ['Correct the value as the message says.', '按错误消息的说明修正参数值。'],
  },
  {
    id: 'request-data-style',
    messages: ['check input data style.'],
    protocols: ['dashscope'],
    cause: ['The input parameters do not have the required form.', '输入参数不符合要求。'],
    fix: [
      'Compare the input with the API reference of this model and correct it.',
      '对照该模型的 API 参考检查并修正输入参数。',
    ],
  },
  {
    id: 'workflow-not-published',
    section: '400-FlowNotPublished',
    nativeCodes: ['FlowNotPublished'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'workflow',
    messages: ['Flow has not published yet, please publish flow and try again.'],
    cause: ['The workflow that was called has not been published.', '所调用的工作流尚未发布。'],
    fix: ['Publish it in the console, then call it again.', '在控制台发布该流程后再调用。'],
  },
  {
    id: 'fine-tuning-files-missing',
    messages: ['Missing training files.'],
    protocols: ['dashscope'],
    area: 'fine-tuning',
    cause: [
      'The training job names no training files, or the parameter has a wrong form.',
      '训练任务没有指定训练文件，或参数格式错误。',
    ],
    fix: [
      'Upload the training files and pass their ids in the form that the API reference gives.',
      '先上传训练文件，并按 API 参考的格式传入文件 ID。',
    ],
  },
]);
