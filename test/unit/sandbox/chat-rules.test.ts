import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgeRules } from '../../../src/sandbox/chat/edge-rules.ts';
import { modelRules } from '../../../src/sandbox/chat/rules.ts';
import { ask, at, sandbox, user, weatherTool } from './harness.ts';

/** One refused request and its answer. `envelope` says which ids follow the error, as the platform's answers have them. */
interface Case {
  rule: string;
  body: object;
  status?: number;
  message: string;
  envelope?: 'common' | 'edge' | 'plain';
  type?: string;
  code?: string | null;
  param?: string;
}

const prefix = '<400> InternalError.Algo.InvalidParameter: ';
const hi = user('Hi');
const call = (id: string, args = '{"location": "Paris"}'): object => ({
  id,
  type: 'function',
  function: { name: 'get_current_weather', arguments: args },
});
const asked = (...calls: object[]): object => ({ role: 'assistant', content: '', tool_calls: calls });
const result = (id: string): object => ({ role: 'tool', tool_call_id: id, content: 'rain' });
const image = (url: string): object => ({
  model: 'qwen3-vl-plus',
  messages: [user([{ type: 'image_url', image_url: { url } }])],
});
const named = (name: string): object => ask('Hi', { tools: [{ type: 'function', function: { name } }] });
const choice = { type: 'function', function: { name: 'get_current_weather' } };
const bytesOf = (text: string): string => Buffer.from(text).toString('base64');
/** The head of a PNG that says it is 1 by 1. */
const tinyPng = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex').toString(
  'base64',
);

const edge = { envelope: 'edge', code: null } as const;
const messages = 'messages';

const typeNames = "['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']";
const place = "tools.['1].function.parameters";

/** Parameters of a tool, and what is wrong with them. */
const faultySchemas: readonly (readonly [unknown, string])[] = [
  ['x', `x is not of type 'object' - '${place}'`],
  [[], `[] is not of type 'object' - '${place}'`],
  [{ type: 'nonsense', properties: 5 }, `nonsense is not one of ${typeNames} - '${place}.type'`],
  [{ type: ['string', 'none'] }, `none is not one of ${typeNames} - '${place}.type'`],
  [{ type: 'object', properties: 5 }, `5 is not of type 'object' - '${place}.properties'`],
  [{ properties: { city: 'string' } }, `string is not of type 'object', 'boolean' - '${place}.properties.city'`],
  [{ properties: { type: { type: 'text' } } }, `text is not one of ${typeNames} - '${place}.properties.type.type'`],
  [{ properties: { a: { required: true } } }, `true is not of type 'array' - '${place}.properties.a.required'`],
  [{ required: ['a', 1] }, `1 is not of type 'string' - '${place}.required.['1]'`],
  [{ properties: { a: { enum: 'x' } } }, `x is not of type 'array' - '${place}.properties.a.enum'`],
  [{ properties: { a: { items: 7 } } }, `7 is not of type 'object', 'boolean' - '${place}.properties.a.items'`],
  [{ items: [{}, { type: 'x' }] }, `x is not one of ${typeNames} - '${place}.items.['1].type'`],
  [{ anyOf: {} }, `{} is not of type 'array' - '${place}.anyOf'`],
  [{ anyOf: [{}, { type: 'x' }] }, `x is not one of ${typeNames} - '${place}.anyOf.['1].type'`],
  [{ $defs: { a: { type: 'x' } } }, `x is not one of ${typeNames} - '${place}.$defs.a.type'`],
  [{ additionalProperties: { type: 'x' } }, `x is not one of ${typeNames} - '${place}.additionalProperties.type'`],
];

const cases: readonly Case[] = [
  {
    rule: 'reasoning-content-missing',
    body: { model: 'kimi-k2-thinking', messages: [hi, asked(call('1')), result('1')] },
    message: `${prefix}thinking is enabled but reasoning_content is missing in assistant tool call message at index 1`,
  },
  {
    rule: 'system-message-first',
    body: { model: 'qwen3.5-27b', messages: [hi, { role: 'system', content: 'Be brief.' }, hi] },
    message: `${prefix}System message must be at the beginning.`,
  },
  {
    rule: 'model-missing',
    body: { messages: [hi] },
    message: 'you must provide a model parameter.',
    envelope: 'edge',
    code: 'missing_required_parameter',
    param: 'model',
  },
  {
    rule: 'messages-missing',
    body: { model: 'qwen-plus' },
    message: 'you must provide a messages parameter',
    envelope: 'edge',
    code: 'missing_required_parameter',
    param: 'message',
  },
  {
    rule: 'messages-empty',
    body: { model: 'qwen-plus', messages: [] },
    message: "[] is too short - 'messages'",
    ...edge,
  },
  {
    rule: 'message-shape',
    body: { model: 'qwen-plus', messages: ['Hi'] },
    message: `${prefix}Input should be a valid dictionary or instance of GPT3Message: input.messages.0`,
  },
  {
    rule: 'message-role',
    body: { model: 'qwen-plus', messages: [{ role: 'developer', content: 'Be brief' }, hi] },
    message: "developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'",
    ...edge,
  },
  {
    rule: 'message-role',
    body: { model: 'qwen-plus', messages: [hi, { content: 'x' }] },
    message: "'role' is a required property - 'messages.['1]'",
    ...edge,
  },
  {
    rule: 'message-content-missing',
    body: { model: 'qwen-plus', messages: [{ role: 'user' }] },
    message: `${prefix}The content field is a required field.`,
  },
  { rule: 'parameter-types', body: ask('Hi', { temperature: '1' }), message: "'temperature' must be Float", ...edge },
  { rule: 'parameter-types', body: ask('Hi', { top_p: '1' }), message: "'top_p' must be Float", ...edge },
  {
    rule: 'parameter-types',
    body: ask('Hi', { seed: 1.5 }),
    message: "'seed' must be Integer",
    envelope: 'edge',
    code: 'invalid_value',
  },
  // Symptom: these two were answered, whatever they held. Cause: the table of types had no line for them.
  {
    rule: 'parameter-types',
    body: ask('Hi', { preserve_thinking: 'x' }),
    message: "'preserve_thinking' must be Boolean",
    ...edge,
  },
  {
    rule: 'parameter-types',
    body: ask('Hi', { stream: true, stream_options: { include_usage: 'yes' } }),
    message: "'stream_options.include_usage' must be Boolean",
    ...edge,
  },
  {
    rule: 'seed-range',
    body: ask('Hi', { seed: -1 }),
    message: "-1 is lesser than the minimum of 0 - 'seed'",
    envelope: 'edge',
    code: 'invalid_value',
  },
  {
    rule: 'seed-range',
    body: ask('Hi', { seed: 2_147_483_648 }),
    message: "2147483648 is greater than the maximum of 2147483647 - 'seed'",
    envelope: 'edge',
    code: 'invalid_value',
  },
  {
    rule: 'seed-range',
    body: ask('Hi', { seed: 2 ** 63 }),
    message: `${prefix}Range of seed should be [0, 9223372036854775807]`,
  },
  { rule: 'tools-shape', body: ask('Hi', { tools: [] }), message: "[] is too short - 'tools'", ...edge },
  {
    rule: 'tool-shape',
    body: ask('Hi', { tools: [{ type: 'retrieval' }] }),
    message: "retrieval is not one of ['function'] - 'tools.['0].type'",
    ...edge,
  },
  {
    rule: 'tool-name-pattern',
    body: named('get weather'),
    message: "get weather does not match '^[a-zA-Z0-9_-]{1,64}$' - 'tools.['0].function.name'",
    ...edge,
  },
  {
    rule: 'tool-name-pattern',
    body: named('x'.repeat(65)),
    message: `${'x'.repeat(65)} does not match '^[a-zA-Z0-9_-]{1,64}$' - 'tools.['0].function.name'`,
    ...edge,
  },
  // Symptom: parameters that are no JSON Schema were answered with a call. Cause: they were not looked at. Fix: what is
  // certainly none is refused, with its place.
  ...faultySchemas.map(([parameters, fault]): Case => ({
    rule: 'tool-parameters-schema',
    body: ask('Hi', { tools: [weatherTool, { type: 'function', function: { name: 'f', parameters } }] }),
    message: fault,
    ...edge,
  })),
  {
    rule: 'user-message-missing',
    body: { model: 'qwen-plus', messages: [{ role: 'system', content: 'x' }] },
    message: `${prefix}The input messages do not contain elements with the role of user.`,
  },
  {
    rule: 'tool-message-without-call',
    body: { model: 'qwen-plus', messages: [hi, result('call_1')] },
    message: `${prefix}messages with role "tool" must be a response to a preceeding message with "tool_calls".`,
  },
  {
    rule: 'tool-message-without-call',
    body: { model: 'qwen-plus', messages: [hi, asked(call('a')), result('b')] },
    message: `${prefix}messages with role "tool" must be a response to a preceeding message with "tool_calls".`,
  },
  {
    rule: 'tool-call-unanswered',
    body: { model: 'qwen-plus', messages: [hi, asked(call('a'), call('b')), result('a'), hi] },
    message: `${prefix}An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: message[3].role`,
  },
  {
    rule: 'tool-arguments-json',
    body: { model: 'qwen3-coder-plus', messages: [hi, asked(call('a', '{"location": ')), result('a')] },
    message: `${prefix}The "function.arguments" parameter of the code model must be in JSON format.`,
  },
  {
    rule: 'tool-calls-repeated',
    body: {
      model: 'qwen-plus',
      messages: [hi, ...[1, 2, 3, 4, 5].flatMap((id) => [asked(call(`call_${id}`)), result(`call_${id}`)])],
    },
    message: `${prefix}Repetitive tool calls detected in the conversation history. The same tool call with identical name and arguments has been repeated across multiple consecutive rounds. Please modify your request or adjust the tool call arguments to avoid infinite loops.`,
  },
  {
    rule: 'last-message-role',
    body: { model: 'qwen-plus', messages: [hi, { role: 'assistant', content: 'Hello' }] },
    status: 500,
    message: '<500> InternalError.Algo: list index out of range',
    type: 'internal_error',
    code: 'internal_error',
  },
  {
    rule: 'translation-messages',
    body: { model: 'qwen-mt-plus', messages: [{ role: 'system', content: 'x' }, hi] },
    status: 500,
    message: '<500> InternalError.Algo: Role must be in [user, assistant]',
    type: 'internal_error',
    code: 'internal_error',
  },
  {
    rule: 'content-must-be-string',
    body: { model: 'qwen-coder-plus', messages: [user([{ type: 'text', text: 'Who are you?' }])] },
    message: `${prefix}input content must be a string.`,
  },
  {
    rule: 'content-must-be-string',
    body: {
      model: 'qwen-plus',
      messages: [user([{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }])],
    },
    message: `${prefix}input content must be a string.`,
  },
  {
    rule: 'content-part-kind',
    body: { model: 'qwen3-vl-plus', messages: [user([{ type: 'file', file: {} }])] },
    message: `${prefix}The item of content should be a message of a certain modal.`,
  },
  {
    rule: 'media-url',
    body: image('/tmp/a.png'),
    message: `${prefix}The provided URL does not appear to be valid. Ensure it is correctly formatted.`,
  },
  {
    rule: 'media-url',
    body: image('data:image/png,xyz'),
    message: `${prefix}The provided URL does not appear to be valid. Ensure it is correctly formatted.`,
  },
  {
    rule: 'image-decodes',
    body: image(`data:image/png;base64,${bytesOf('no image at all')}`),
    message: `${prefix}Failed to decode the image during the data inspection.`,
  },
  {
    rule: 'image-decodes',
    body: image(`data:image/png;base64,${tinyPng}`),
    message: `${prefix}The image length and width do not meet the model restrictions.`,
  },
  {
    rule: 'temperature-range',
    body: ask('Hi', { temperature: 2 }),
    message: `${prefix}Temperature should be in [0.0, 2.0)`,
  },
  { rule: 'top-p-range', body: ask('Hi', { top_p: 0 }), message: `${prefix}Range of top_p should be (0.0, 1.0]` },
  {
    rule: 'top-k-range',
    body: ask('Hi', { top_k: -1 }),
    message: `${prefix}Parameter top_k be greater than or equal to 0`,
  },
  {
    rule: 'repetition-penalty-range',
    body: ask('Hi', { repetition_penalty: 0 }),
    message: `${prefix}Repetition_penalty should be greater than 0.0`,
  },
  {
    rule: 'presence-penalty-range',
    body: ask('Hi', { presence_penalty: 2.5 }),
    message: `${prefix}Presence_penalty should be in [-2.0, 2.0]`,
  },
  { rule: 'n-range', body: ask('Hi', { n: 5 }), message: `${prefix}Range of n should be [1, 4]` },
  {
    rule: 'n-with-tools',
    body: ask('Hi', { n: 2, tools: [weatherTool] }),
    message: `${prefix}Range of n should be [1, 1] when tools are set`,
  },
  { rule: 'n-supported', body: ask('Hi', { n: 2, model: 'glm-4.7' }), message: `${prefix}Range of n should be [1, 1]` },
  {
    rule: 'stop-form',
    body: ask('Hi', { stop: ['Hello', 104_307] }),
    message: `${prefix}The "stop" parameter must be of type "str", "list[str]", "list[int]", or "list[list[int]]", and all elements within the list must be of the same type.`,
  },
  {
    rule: 'max-tokens-range',
    body: ask('Hi', { max_tokens: 32_769 }),
    message: `${prefix}Range of max_tokens should be [1, 32768]`,
  },
  {
    rule: 'max-tokens-range',
    body: ask('Hi', { max_tokens: 0, model: 'qwen-max' }),
    message: `${prefix}Range of max_tokens should be [1, 8192]`,
  },
  {
    rule: 'max-completion-tokens-range',
    body: ask('Hi', { max_completion_tokens: 32_769 }),
    message: `${prefix}Range of max_completion_tokens should be [1, 32768]`,
  },
  {
    rule: 'top-logprobs-range',
    body: ask('Hi', { logprobs: true, top_logprobs: 6 }),
    message: `${prefix}Range of top_logprobs should be [0, 5]`,
  },
  {
    rule: 'stream-options-without-stream',
    body: ask('Hi', { stream_options: { include_usage: true } }),
    message: `${prefix}The 'stream_options' parameter is only allowed when 'stream' is enabled.`,
  },
  { rule: 'tool-named-search', body: named('search'), message: `${prefix}Tool names are not allowed to be [search]` },
  {
    rule: 'tools-supported',
    body: ask('Hi', { model: 'qwen-plus-character', tools: [weatherTool] }),
    message: `${prefix}The tool call is not supported.`,
  },
  {
    rule: 'tool-choice-while-thinking',
    body: ask('Hi', { model: 'qwen3.5-plus', tools: [weatherTool], tool_choice: 'required', enable_thinking: true }),
    message: `${prefix}The tool_choice parameter does not support being set to required or object in thinking mode`,
  },
  {
    rule: 'tool-choice-while-thinking',
    body: ask('Hi', { model: 'qwen3.5-plus', tools: [weatherTool], tool_choice: choice }),
    message: `${prefix}The tool_choice parameter does not support being set to required or object in thinking mode`,
  },
  {
    rule: 'tool-choice-value',
    body: ask('Hi', { tools: [weatherTool], tool_choice: 'required' }),
    message: `${prefix}tool_choice is one of the strings that should be ["none", "auto"]`,
  },
  {
    rule: 'tool-choice-unknown-tool',
    body: ask('Hi', { tools: [weatherTool], tool_choice: { type: 'function', function: { name: 'other' } } }),
    message: `${prefix}The function other named by tool_choice is not one of the tools`,
  },
  {
    rule: 'enable-search-supported',
    body: ask('Hi', { model: 'qwen-mt-plus', enable_search: true }),
    message: `${prefix}This model does not support enable_search.`,
  },
  {
    rule: 'enable-thinking-supported',
    body: ask('Hi', { model: 'qwen3-coder-plus', enable_thinking: true }),
    message: 'The model qwen3-coder-plus does not support enable_thinking.',
    code: 'InvalidParameter.NotSupportEnableThinking',
  },
  {
    rule: 'enable-thinking-supported',
    body: ask('Hi', { model: 'qwen-vl-max', enable_thinking: true }),
    message: 'The model qwen-vl-max does not support enable_thinking.',
    code: 'InvalidParameter.NotSupportEnableThinking',
  },
  {
    rule: 'enable-thinking-restricted',
    body: ask('Hi', { model: 'qwen3-235b-a22b-thinking-2507', enable_thinking: false }),
    message: `${prefix}The value of the enable_thinking parameter is restricted to True.`,
  },
  {
    rule: 'thinking-needs-stream',
    body: ask('Hi', { model: 'qwen3-32b' }),
    message: 'parameter.enable_thinking must be set to false for non-streaming calls',
  },
  {
    rule: 'model-needs-stream',
    body: ask('Hi', { model: 'qwq-plus' }),
    message: `${prefix}This model only support stream mode, please enable the stream parameter to access the model.`,
  },
  {
    rule: 'audio-output-needs-stream',
    body: ask('Hi', { modalities: ['text', 'audio'] }),
    message: `${prefix}'audio' output only support with stream=true`,
  },
  {
    rule: 'thinking-budget-range',
    body: ask('Hi', { model: 'qwen-turbo', enable_thinking: true, thinking_budget: 38_913 }),
    message: `${prefix}The thinking_budget parameter must be a positive integer and not greater than 38912`,
  },
  {
    rule: 'thinking-budget-range',
    body: ask('Hi', { enable_thinking: true, thinking_budget: 0 }),
    message: `${prefix}The thinking_budget parameter must be a positive integer and not greater than 81920`,
  },
  {
    rule: 'thinking-budget-with-effort',
    body: ask('Hi', { model: 'qwen3.8-max', thinking_budget: 100, reasoning_effort: 'low' }),
    message: "'reasoning_effort' and 'thinking_budget' cannot be set simultaneously",
  },
  {
    rule: 'reasoning-effort-value',
    body: ask('Hi', { model: 'qwen3.8-max', reasoning_effort: 'huge' }),
    message: `${prefix}The reasoning_effort parameter should be one of [low, medium, xhigh]`,
  },
  {
    rule: 'response-format-form',
    body: ask('Hi json', { response_format: { type: 'yaml' } }),
    message: `${prefix}Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is yaml.`,
  },
  {
    rule: 'response-format-supported',
    body: ask('Hi', { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } }),
    message: `${prefix}The model qwen-plus does not support response_format of type 'json_schema'.`,
  },
  {
    rule: 'json-word-missing',
    body: ask('Hi', { response_format: { type: 'json_object' } }),
    message: `${prefix}'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.`,
  },
  {
    rule: 'json-while-thinking',
    body: ask('Hi in JSON', { enable_thinking: true, response_format: { type: 'json_object' } }),
    message: `${prefix}Json mode response is not supported when enable_thinking is true`,
  },
];

for (const each of cases) {
  test(`${each.rule}: ${each.message.replace(prefix, '').slice(0, 60)}`, async () => {
    const answer = await sandbox().chat(each.body);
    const uuid = answer.headers['x-request-id'] ?? '';
    const {
      status = 400,
      message,
      type = 'invalid_request_error',
      code = 'invalid_parameter_error',
      param = null,
    } = each;
    const ids = {
      common: { id: `chatcmpl-${uuid}`, request_id: uuid },
      edge: { request_id: `chatcmpl-${uuid}` },
      plain: { request_id: uuid },
    }[each.envelope ?? 'common'];
    assert.equal(answer.text, JSON.stringify({ error: { message, type, param, code }, ...ids }));
    assert.equal(answer.status, status);
    assert.equal(answer.headers['content-type'], 'application/json');
  });
}

test('every rule has a refused request above', () => {
  const tested = new Set(cases.map(({ rule }) => rule));
  const untested = [...edgeRules, ...modelRules].map(({ id }) => id).filter((id) => !tested.has(id));
  assert.deepEqual(untested, []);
});

const accepted: Record<string, object> = {
  'temperature 0': ask('Hi', { temperature: 0 }),
  'null for absent parameters': ask('Hi', {
    temperature: null,
    stop: null,
    tools: null,
    tool_choice: null,
    seed: null,
  }),
  'a stop text and lists of one kind': ask('Hi', { stop: [[1, 2], [3]] }),
  'parameters as agents and SDKs write them': ask('Hi', {
    tools: [
      undefined,
      null,
      {},
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        definitions: { node: { type: ['object', 'null'], properties: { next: { $ref: '#/definitions/node' } } } },
        $defs: { any: true },
        properties: {
          type: { type: 'string', enum: ['a', null], nullable: true },
          required: { anyOf: [{ type: 'string', format: 'uri' }, { not: {} }], 'x-order': 1 },
          items: { type: 'array', items: [{}, false], additionalItems: false, examples: [{ type: 'x' }] },
          properties: { const: { type: 'x' }, default: { properties: 5 } },
          list: { items: { $ref: '#/$defs/any' }, enum: null, required: null },
        },
        required: [],
        additionalProperties: false,
      },
    ].map((parameters, index) => ({ type: 'function', function: { name: `f${index}`, parameters } })),
  }),
  'null for members of stream_options': ask('Hi', { stream: true, stream_options: { include_usage: null } }),
  'tools with stream': ask('Hi', { stream: true, tools: [weatherTool] }),
  'a system message after the first': {
    model: 'qwen-plus',
    messages: [hi, { role: 'assistant', content: 'Hello' }, { role: 'system', content: 'x' }, hi],
  },
  'consecutive user messages': { model: 'qwen-plus', messages: [hi, hi] },
  'a tool message as the last': {
    model: 'qwen-plus',
    messages: [user('weather in Paris'), asked(call('a')), result('a')],
  },
  'a tool message without an id': {
    model: 'qwen-plus',
    messages: [hi, asked(call('a')), { role: 'tool', name: 'get_current_weather', content: 'x' }],
  },
  'an assistant message to continue': {
    model: 'qwen-plus',
    messages: [hi, { role: 'assistant', content: 'He', partial: true }],
  },
  'text parts with cache marks on a caching text model': {
    model: 'qwen-plus',
    messages: [user([{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }])],
  },
  'unknown parameters': ask('Hi', { store: false, metadata: { sessionId: 'x' }, preserve_thinking: true, foo: 1 }),
  'enable_thinking false where there is no thinking': ask('Hi', { model: 'qwen3-coder-plus', enable_thinking: false }),
  'an open-weight hybrid with thinking off': ask('Hi', { model: 'qwen3-32b', enable_thinking: false }),
  'an open-weight hybrid streaming': ask('Hi', { model: 'qwen3-32b', stream: true }),
  'the largest max_tokens': ask('Hi', { max_tokens: 32_768 }),
  'effort names that are mapped': ask('Hi', { model: 'qwen3.8-max', reasoning_effort: 'max' }),
  'n up to 4 without thinking': ask('Hi', { n: 4 }),
  'json_schema on a family that has it': ask('Hi', {
    model: 'qwen3.7-max',
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } },
  }),
  'a snapshot': ask('Hi', { model: 'qwen-plus-2025-07-28' }),
  'a required choice on a model that is not Qwen': ask('Hi', {
    model: 'glm-4.7',
    enable_thinking: false,
    tools: [weatherTool],
    tool_choice: 'required',
  }),
};

for (const [name, body] of Object.entries(accepted)) {
  test(`accepted: ${name}`, async () => {
    const answer = await sandbox().chat(body);
    assert.equal(answer.status, 200, answer.text);
  });
}

test('models: unknown, wrong case, not for this path', async () => {
  const { chat } = sandbox();
  const unknown = await chat(ask('Hi', { model: 'Qwen-Plus' }));
  assert.equal(unknown.status, 404);
  assert.equal(
    unknown.text,
    JSON.stringify({
      error: {
        message: 'The model `Qwen-Plus` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        param: null,
        code: 'model_not_found',
      },
      request_id: unknown.headers['x-request-id'],
    }),
  );
  for (const model of ['text-embedding-v4', 'wan2.6-t2i', 'qwen3-rerank']) {
    const other = await chat(ask('Hi', { model }));
    assert.equal(other.status, 404);
    assert.equal(at(other.json, 'error', 'code'), 'model_not_supported');
    assert.equal(at(other.json, 'error', 'message'), `Unsupported model \`${model}\` for OpenAI compatibility mode.`);
  }
});

test('an input beyond the window is refused with the window', async () => {
  const long = 'word '.repeat(3_100);
  const answer = await sandbox().chat(ask(long, { model: 'qwen-math-plus' }));
  assert.equal(at(answer.json, 'error', 'message'), `${prefix}Range of input length should be [1, 3072]`);
  const fits = await sandbox().chat(ask('word '.repeat(3_000), { model: 'qwen-math-plus' }));
  assert.equal(fits.status, 200);
});

test('names of inherited members are names like any other', async () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    const answer = await sandbox().chat(
      ask(`call ${name} ${name}`, { model: name, stop: name, [messages]: [user(name)] }),
    );
    assert.equal(answer.status, 404);
    const tool = {
      type: 'function',
      function: {
        name,
        description: name,
        parameters: { type: 'object', properties: { [name]: { format: name } }, required: [name] },
      },
    };
    const called = await sandbox().chat(ask(`Use the ${name} tool for ${name}`, { tools: [tool] }));
    assert.equal(called.status, 200, called.text);
  }
});
