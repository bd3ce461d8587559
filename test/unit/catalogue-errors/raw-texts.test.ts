import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';

const { matchText } = createErrorCatalogue();

/** Errors as clients, SDKs and logs print them, and the record that explains each. */
const rawTexts: readonly (readonly [id: string, text: string])[] = [
  [
    'chat-max-tokens-range',
    `API Error: 400 {"error":{"message":"<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]","type":"invalid_request_error","param":null,"code":"invalid_parameter_error"},"id":"chatcmpl-1f6c","request_id":"1f6c"}`,
  ],
  [
    'structured-output-json-word',
    `Traceback (most recent call last):
  File "/app/main.py", line 12, in <module>
    completion = client.chat.completions.create(
  File "/usr/lib/python3.12/site-packages/openai/_base_client.py", line 1061, in _request
    raise self._make_status_error_from_response(err.response) from None
openai.BadRequestError: Error code: 400 - {'error': {'message': "<400> InternalError.Algo.InvalidParameter: 'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_parameter_error'}, 'id': 'chatcmpl-8', 'request_id': '8'}`,
  ],
  [
    'auth-invalid-api-key',
    `openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided. For details, see: https://help.aliyun.com/zh/model-studio/error-code#apikey-error', 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_api_key'}, 'request_id': 'c07ad0ee'}`,
  ],
  [
    'plan-agents-only',
    `HTTP/1.1 405 Method Not Allowed
content-type: application/json
server: istio-envoy

{"error":"Coding Plan is currently only available for Coding Agents"}`,
  ],
  [
    'thinking-needs-stream',
    `2026-05-03T08:14:07.112Z ERROR [provider:bailian] request failed status=400 body={"error":{"code":"invalid_parameter_error","param":null,"message":"parameter.enable_thinking must be set to false for non-streaming calls","type":"invalid_request_error"}}`,
  ],
  [
    'tools-result-without-call',
    `400 <400> InternalError.Algo.InvalidParameter: messages with role "tool" must be a response to a preceeding message with "tool_calls".`,
  ],
  [
    'thinking-budget-range',
    `InternalError.Algo.InvalidParameter: The thinking_budget parameter must be a positive integer and not greater than 38912`,
  ],
  [
    'rate-limit-tokens',
    `RateLimitError: 429 You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs.`,
  ],
  [
    'plan-window-5h',
    `⎿  API Error: 429 {"error":{"code":"insufficient_quota","message":"hour allocated quota exceeded","type":"insufficient_quota"}}`,
  ],
  ['plan-window-week', `429 week allocated quota exceeded`],
  ['plan-window-month', `Error: 429 month allocated quota exceeded. (request id: 20260411)`],
  [
    'rate-limit-burst',
    `{"code":"Throttling.BurstRate","message":"Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.","request_id":"9d"}`,
  ],
  [
    'moderation-data-inspection',
    `data: {"error":{"message":"<400> InternalError.Algo.DataInspectionFailed: Output data may contain inappropriate content.","type":"data_inspection_failed","param":null,"code":"data_inspection_failed"},"id":"chatcmpl-77"}

data: [DONE]`,
  ],
  [
    'chat-input-length',
    `id:1
event:error
:HTTP_STATUS/400
data:{"code":"InvalidParameter","message":"<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]","request_id":"3c2"}`,
  ],
  [
    'account-arrearage',
    `litellm.BadRequestError: OpenAIException - Error code: 400 - {'error': {'message': 'Access denied, please make sure your account is in good standing. For details, see: https://help.aliyun.com/zh/model-studio/error-code#overdue-payment', 'type': 'Arrearage', 'param': None, 'code': 'Arrearage'}}`,
  ],
  [
    'model-not-found',
    `openai.NotFoundError: Error code: 404 - {'error': {'message': 'The model \`qwen-ultra\` does not exist or you do not have access to it.', 'code': 'model_not_found'}}`,
  ],
  [
    'plan-model-unsupported',
    `API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"model 'claude-opus-4-6' is not supported"}}`,
  ],
  [
    'embeddings-batch-size',
    `Error code: 400 - {'error': {'code': 'InvalidParameter', 'param': None, 'message': '<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.: input.contents', 'type': 'InvalidParameter'}, 'id': '21c', 'request_id': '21c'}`,
  ],
  [
    'chat-role-unknown',
    `BadRequestError: 400 developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'`,
  ],
  [
    'tools-choice-thinking',
    `[NodeRunError] failed to create chat completion: error, status code: 400, status: 400 Bad Request, message: <400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode`,
  ],
  [
    'thinking-needs-incremental-output',
    `DashScopeAPIResponse(status_code=400, request_id='b0', code='InvalidParameter', message='The incremental_output parameter must be "true" when enable_thinking is true', output=None, usage=None)`,
  ],
  [
    'vision-endpoint-mismatch',
    `{"status_code": 400, "request_id": "5f", "code": "InvalidParameter", "message": "url error, please check url！ For details, see: https://help.aliyun.com/zh/model-studio/error-code#error-url", "output": null, "usage": null}`,
  ],
  [
    'tools-call-without-result',
    `{\\"error\\":{\\"message\\":\\"<400> InternalError.Algo.InvalidParameter: An assistant message with \\\\\\"tool_calls\\\\\\" must be followed by tool messages responding to each \\\\\\"tool_call_id\\\\\\". The following tool_call_ids did not have response messages: message[19].role\\",\\"type\\":\\"invalid_request_error\\"}}`,
  ],
  [
    'client-tool-claude-code-onboarding',
    `│ Unable to connect to Anthropic services                          │
│ Failed to connect to api.anthropic.com: ERR_BAD_REQUEST          │
│ Please check your internet connection and network settings.      │`,
  ],
  [
    'sdk-openai-no-api-key',
    `openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable`,
  ],
  [
    'sdk-dashscope-no-api-key',
    `dashscope.common.error.AuthenticationError: No api key provided. You can set by dashscope.api_key = your_api_key in code, or you can set it via environment variable DASHSCOPE_API_KEY= your_api_key.`,
  ],
  ['request-path-not-found', 'API Error: 404 404 status code (no body)'],
  ['auth-access-token-invalid', `Unexpected API Response: 401 invalid access token or token expired`],
  [
    'server-request-timeout',
    `org.springframework.web.client.ResourceAccessException: I/O error on POST request for "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions": timeout`,
  ],
  ['network-connection-error', 'Error: connect ECONNREFUSED 127.0.0.1:8080'],
  ['network-connection-error', 'TypeError: fetch failed: getaddrinfo ENOTFOUND dashscope.aliyun.com'],
  [
    'network-connect-failed',
    `java.net.ConnectException: Failed to connect to dashscope.aliyuncs.com/39.96.213.166:443`,
  ],
  [
    'websocket-parameter-missing',
    `{"header":{"task_id":"0a","event":"task-failed","error_code":"InvalidParameter","error_message":"Missing required parameter 'payload.model'! Please follow the protocol!","attributes":{}},"payload":{}}`,
  ],
  [
    'speech-synthesis-voice-mismatch',
    `on_error: {"header":{"event":"task-failed","error_code":"InvalidParameter","error_message":"[tts:]Engine return error code: 418"}}`,
  ],
  [
    'speech-recognition-no-valid-fragment',
    `{"output":{"task_status":"FAILED","results":[{"file_url":"https://host/a.wav","code":"SUCCESS_WITH_NO_VALID_FRAGMENT","message":"SUCCESS_WITH_NO_VALID_FRAGMENT","subtask_status":"FAILED"}]}}`,
  ],
  [
    'video-person-whole-body',
    `{"output":{"task_id":"ab","task_status":"FAILED","code":"InvalidFile.FullBody","message":"The pose of the detected person is invalid, please upload other image with whole body, or change the ratio parameter to 1:1。"}}`,
  ],
  // Cut off at the edge of a terminal.
  [
    'tools-repetitive-calls',
    `✕ [API Error: 400 <400> InternalError.Algo.InvalidParameter: Repetitive tool calls detected in the conver…`,
  ],
  [
    'thinking-unsupported',
    `400 InvalidParameter.NotSupportEnableThinking: The model qwen3-coder-plus does not supp...`,
  ],
  // Wrapped inside words by a narrow window.
  [
    'chat-content-string',
    `Error 400: <400> InternalError.Algo.Inva
lidParameter: input content must be a st
ring.`,
  ],
  [
    'chat-max-tokens-range',
    `Range of max_tokens should
      be [1,
      65536]`,
  ],
  [
    'client-tool-openclaw-no-key',
    `[diagnostic] lane task error: lane=main durationMs=41 error="Error: No API key found for provider 'bailian'. Auth store: /home/ada/.openclaw/agents/main/agent/auth-profiles.json"`,
  ],
  [
    'server-algorithm-error',
    `{"error":{"message":"<500> InternalError.Algo: An internal error has occured during execution, please try again later or contact service support.","type":"internal_error","param":null,"code":"internal_error"}}`,
  ],
  [
    'server-capacity',
    `ServerError: 503 Too many requests. Your requests are being throttled due to system capacity limits. Please try again later.`,
  ],
  [
    'rate-limit-tokens',
    `Stream error: {"code":"Throttling.AllocationQuota","message":"Allocated quota exceeded, please increase your quota limit.","request_id":"1"}`,
  ],
];

test('raw error texts are explained by the right record', () => {
  const wrong = rawTexts
    .map(([id, text]) => ({ id, text, best: matchText(text)[0] }))
    .filter(({ id, best }) => best?.record.id !== id)
    .map(
      ({ id, text, best }) =>
        `${id}: ${best?.record.id ?? 'nothing'} ${best?.confidence ?? 0} for ${text.slice(0, 80)}`,
    );
  assert.deepEqual(wrong, []);
});
