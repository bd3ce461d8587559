import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '../../../src/codec/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/codec/openai-chat/index.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { UpstreamFailure } from '../../../src/domain/gateway-error.ts';

/** Error bodies as vendors were seen to send them, with their HTTP status and what they say. */
const envelopes: [string, number, string, UpstreamFailure][] = [
  [
    'OpenAI form of Model Studio',
    400,
    '{"error":{"message":"<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]","type":"invalid_request_error","param":null,"code":"invalid_parameter_error"},"id":"chatcmpl-1","request_id":"1"}',
    {
      status: 400,
      message: '<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]',
      code: 'invalid_parameter_error',
      type: 'invalid_request_error',
      requestId: '1',
    },
  ],
  [
    'schema check at the edge: code null',
    400,
    '{"error":{"message":"developer is not one of [\'system\'] - \'messages.[\'0].role\'","type":"invalid_request_error","param":null,"code":null},"request_id":"chatcmpl-1"}',
    {
      status: 400,
      message: "developer is not one of ['system'] - 'messages.['0].role'",
      type: 'invalid_request_error',
      requestId: 'chatcmpl-1',
    },
  ],
  [
    'type and code the same',
    400,
    '{"error":{"message":"Access denied.","type":"Arrearage","param":null,"code":"Arrearage"}}',
    { status: 400, message: 'Access denied.', code: 'Arrearage' },
  ],
  [
    'error as a string',
    405,
    '{"error":"Coding Plan is currently only available for Coding Agents"}',
    { status: 405, message: 'Coding Plan is currently only available for Coding Agents' },
  ],
  [
    'DashScope native',
    401,
    '{"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"r"}',
    { status: 401, message: 'Invalid API-key provided.', code: 'InvalidApiKey', requestId: 'r' },
  ],
  [
    'native event text as the body of a plain error',
    400,
    'event:error\ndata:{"code":"InvalidParameter","message":"Range of max_tokens should be [1, 8192]","request_id":"r"}\n\n',
    { status: 400, message: 'Range of max_tokens should be [1, 8192]', code: 'InvalidParameter', requestId: 'r' },
  ],
  [
    'native event text with Windows line ends',
    500,
    'id:1\r\nevent:error\r\n:HTTP_STATUS/500\r\ndata:{"code":"error","message":"model not found"}\r\n\r\n',
    { status: 500, message: 'model not found', code: 'error' },
  ],
  [
    'Anthropic',
    529,
    '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}',
    { status: 529, message: 'Overloaded', type: 'overloaded_error', requestId: 'req_1' },
  ],
  [
    'Gemini: a list, a numeric code and a named status',
    429,
    '[{"error":{"code":429,"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED"}}]',
    { status: 429, message: 'Resource has been exhausted', code: 'RESOURCE_EXHAUSTED' },
  ],
  [
    'OpenRouter: numeric code',
    402,
    '{"error":{"message":"Insufficient credits","code":402}}',
    { status: 402, message: 'Insufficient credits', code: '402' },
  ],
  ['message alone', 404, '{"message":"no Route matched"}', { status: 404, message: 'no Route matched' }],
  ['detail', 404, '{"detail":"Not Found"}', { status: 404, message: 'Not Found' }],
  [
    'detail as a list',
    422,
    '{"detail":[{"loc":["body","model"],"msg":"field required"}]}',
    { status: 422, message: '[{"loc":["body","model"],"msg":"field required"}]' },
  ],
  [
    'MiniMax',
    400,
    '{"base_resp":{"status_code":2013,"status_msg":"invalid params"}}',
    { status: 400, message: 'invalid params', code: '2013' },
  ],
  ['errors as a list', 400, '{"errors":[{"message":"bad","code":"x"}]}', { status: 400, message: 'bad', code: 'x' }],
  [
    'a code without a message',
    400,
    '{"code":"Odd"}',
    { status: 400, message: 'The upstream gave the error code Odd and no message.', code: 'Odd' },
  ],
  ['a JSON string', 500, '"boom"', { status: 500, message: 'boom' }],
  ['plain text', 503, 'no healthy upstream', { status: 503, message: 'no healthy upstream' }],
  [
    'a web page',
    502,
    '<html><head><title>502 Bad Gateway</title></head></html>',
    { status: 502, message: 'The upstream answered with status 502 and a web page: 502 Bad Gateway.' },
  ],
  ['an empty body', 504, '', { status: 504, message: 'The upstream answered with status 504 and an empty body.' }],
  ['JSON that says nothing', 500, '{}', { status: 500, message: '{}' }],
  [
    'a parameter by name',
    400,
    '{"error":{"message":"bad","param":"tools[0]"}}',
    { status: 400, message: 'bad', param: 'tools[0]' },
  ],
];

describe('error bodies', () => {
  for (const codec of [openaiChat, anthropicMessages]) {
    for (const [name, status, text, expected] of envelopes) {
      test(`${codec.protocol}: ${name}`, () => assert.deepEqual(codec.readError(status, text), expected));
    }
  }

  test('a long text is cut', () => {
    assert.equal(openaiChat.readError(500, 'x'.repeat(100_000)).message.length, 8000);
    assert.equal(
      openaiChat.readError(500, JSON.stringify({ error: { message: 'x'.repeat(100_000) } })).message.length,
      8000,
    );
  });
});

/** An error in a 200 stream: what its code says is the status. */
const codesInStreams: [string, number][] = [
  ['{"error":{"message":"m","code":"limit_burst_rate"}}', 429],
  ['{"error":{"message":"m","code":"insufficient_quota"}}', 429],
  ['{"error":{"message":"m","code":"data_inspection_failed"}}', 400],
  ['{"error":{"message":"m","code":429}}', 429],
  ['{"error":{"message":"m","code":"503"}}', 503],
  ['{"error":{"message":"m","type":"overloaded_error"}}', 529],
  ['{"error":{"message":"<400> InternalError.Algo.InvalidParameter: m","code":"unheard_of"}}', 400],
  ['{"error":{"message":"m","code":"unheard_of"}}', 502],
  ['{"error":{"message":"m","code":"constructor"}}', 502],
  ['{"code":"Throttling.RateQuota","message":"m"}', 429],
  ['{"code":"InvalidParameter.DataInspection","message":"m"}', 400],
  ['{"code":"InternalError.Algo","message":"m"}', 500],
  ['{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}', 503],
];

describe('errors inside a stream', () => {
  for (const [data, status] of codesInStreams) {
    test(`${data} stands for ${status}`, () => {
      for (const codec of [openaiChat, anthropicMessages]) {
        const [event] = codec.streamReader().read({ event: '', data });
        assert.ok(event?.type === 'error');
        assert.equal(event.failure.status, status);
      }
    });
  }

  test('an error event without JSON is an error with its text', () => {
    for (const codec of [openaiChat, anthropicMessages]) {
      const [event] = codec.streamReader().read({ event: 'error', data: 'upstream closed' });
      assert.deepEqual(event, { type: 'error', failure: { status: 502, message: 'upstream closed' } });
      const [silent] = codec.streamReader().read({ event: 'error', data: '' });
      assert.ok(silent?.type === 'error' && silent.failure.message !== '');
    }
  });
});

const quotaError = new GatewayError({
  status: 429,
  code: 'plan_quota_exceeded',
  message: 'The 5-hour quota is used up.',
  origin: 'gateway',
  param: 'model',
  fix: 'Wait until 15:00.',
});

describe('errors as the client sees them', () => {
  test('OpenAI', () => {
    assert.deepEqual(openaiChat.writeError(quotaError, 'req-1'), {
      status: 429,
      body: {
        error: {
          message: 'The 5-hour quota is used up. Wait until 15:00.',
          type: 'rate_limit_error',
          param: 'model',
          code: 'plan_quota_exceeded',
        },
        request_id: 'req-1',
      },
    });
  });

  test('OpenAI keeps the type that an upstream gave', () => {
    const error = new GatewayError({
      status: 400,
      code: 'Arrearage',
      type: 'Arrearage',
      message: 'm',
      origin: 'provider',
    });
    assert.deepEqual(openaiChat.writeError(error, 'r').body['error'], {
      message: 'm',
      type: 'Arrearage',
      param: null,
      code: 'Arrearage',
    });
  });

  test('Anthropic', () => {
    assert.deepEqual(anthropicMessages.writeError(quotaError, 'req-1'), {
      status: 429,
      body: {
        type: 'error',
        error: { type: 'rate_limit_error', message: 'The 5-hour quota is used up. Wait until 15:00.' },
        request_id: 'req-1',
      },
    });
  });

  const anthropicTypes: [number, string][] = [
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [405, 'invalid_request_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [503, 'overloaded_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ];
  for (const [status, type] of anthropicTypes) {
    test(`Anthropic says ${type} for ${status}`, () => {
      const error = new GatewayError({ status, code: 'c', message: 'm', origin: 'provider', type: 'of the vendor' });
      assert.deepEqual(anthropicMessages.writeError(error, 'r').body['error'], { type, message: 'm' });
    });
  }

  test('a stream ends with one frame, without a clean end', () => {
    assert.match(openaiChat.writeStreamError(quotaError, 'r'), /^data: \{"error":\{.*\},"request_id":"r"\}\n\n$/);
    assert.match(
      anthropicMessages.writeStreamError(quotaError, 'r'),
      /^event: error\ndata: \{"type":"error","error":\{.*\},"request_id":"r"\}\n\n$/,
    );
  });
});
