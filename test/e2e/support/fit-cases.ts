import type { FitRuleId } from '../../../src/domain/fit-rule-ids.ts';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';

/** A request that meets one pitfall, with what Model Studio (the sandbox) makes of it. */
export interface FitCase {
  rule: FitRuleId;
  protocol: 'openai-chat' | 'anthropic-messages';
  /** Where it is sent, when not to the protocol's main path. */
  path?: string;
  body: JsonObject;
  /** What the platform answers without the rule: its refusal, word for word, or what happens in words of ours. */
  without: { status: number; message: string } | { answered: string };
  /** A request that goes before, with the rule on. */
  first?: JsonObject;
}

const prefix = '<400> InternalError.Algo.InvalidParameter: ';

function chat(rule: FitRuleId, body: JsonObject, without: FitCase['without']): FitCase {
  return { rule, protocol: 'openai-chat', body: { messages: [user('Who are you?')], ...body }, without };
}

function messages(rule: FitRuleId, body: JsonObject, without: FitCase['without']): FitCase {
  const shared = { max_tokens: 1000, messages: [user('Who are you?')] };
  return { rule, protocol: 'anthropic-messages', body: { ...shared, ...body }, without };
}

/** The model service refused it. */
function refused(message: string): FitCase['without'] {
  return { status: 400, message: prefix + message };
}

/** The platform refused it before the model service. */
function refusedAtEdge(message: string): FitCase['without'] {
  return { status: 400, message };
}

function user(content: JsonValue): JsonObject {
  return { role: 'user', content };
}

function functionTool(name: string): JsonObject {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  return { type: 'function', function: { name, description: `${name} of a city`, parameters } };
}

const weather = functionTool('get_weather');

function call(id: string, args = '{"city":"Paris"}'): JsonObject {
  return { id, type: 'function', function: { name: 'get_weather', arguments: args } };
}

function calling(...calls: JsonObject[]): JsonObject {
  return { role: 'assistant', content: '', tool_calls: calls };
}

function result(id: string, content = '12 degrees'): JsonObject {
  return { role: 'tool', tool_call_id: id, content };
}

const flagged = user('[[sandbox: error=data_inspection_failed]] a flagged turn');

const ask = user('What is the weather in Paris?');

/** Longer than qwen-max reads (30,720 tokens), in one tool result among others. */
const long = 'lorem ipsum dolor sit amet '.repeat(8_000);

const unsupportedThinking = 'The model qwen3-coder-plus does not support enable_thinking.';
const noResults =
  'An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: message[2].role';

/** At least one for every rule. The table of docs/fit.md is made from them, and test/e2e/fit.test.ts sends each one. */
export const fitCases: readonly FitCase[] = [
  chat(
    'max-tokens-name',
    { model: 'qwen-plus', max_tokens: 100 },
    {
      answered:
        'Answers; the deprecated `max_tokens` goes on to cap the answer alone on most models, thinking and answer on others.',
    },
  ),
  chat(
    'role-developer',
    { model: 'qwen-plus', messages: [{ role: 'developer', content: 'Be brief.' }, user('Hello')] },
    refusedAtEdge("developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'"),
  ),
  messages(
    'billing-line',
    { model: 'qwen3-max', system: [{ type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.329.abc;' }] },
    { answered: 'Answers, but the line differs with every prompt, so that no prefix is ever found in the cache.' },
  ),
  messages(
    'anthropic-unsupported',
    {
      model: 'qwen-plus',
      messages: [
        user([
          { type: 'document', title: 'Notes', source: { type: 'text', media_type: 'text/plain', data: 'Paris' } },
          { type: 'text', text: 'Which city?' },
        ]),
      ],
    },
    refusedAtEdge("messages.0.content.0: content block of type 'document' is not supported"),
  ),
  messages(
    'anthropic-unsupported',
    {
      model: 'qwen-plus',
      messages: [
        ask,
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'get_weather', input: {} }] },
        user([{ type: 'tool_result', tool_use_id: 't1', content: 'no such city', is_error: true }]),
      ],
    },
    { answered: 'Answers, but `is_error` is not read: a failed result passes for one that went well.' },
  ),
  chat(
    'thinking-map',
    { model: 'qwen3-max-2026-01-23', reasoning_effort: 'low', thinking_budget: 2000 },
    refusedAtEdge("'reasoning_effort' and 'thinking_budget' cannot be set simultaneously"),
  ),
  chat(
    'thinking-map',
    { model: 'glm-5.2', reasoning_effort: 'low' },
    refused('The reasoning_effort parameter should be one of [high, max]'),
  ),
  chat(
    'thinking-unsupported',
    { model: 'qwen3-coder-plus', enable_thinking: true },
    refusedAtEdge(unsupportedThinking),
  ),
  messages(
    'thinking-unsupported',
    { model: 'qwen3-coder-plus', thinking: { type: 'enabled', budget_tokens: 1024 } },
    refusedAtEdge(unsupportedThinking),
  ),
  messages(
    'thinking-unsupported',
    { model: 'qwen3-vl-plus', thinking: { type: 'enabled', budget_tokens: 1024 } },
    refusedAtEdge('The model qwen3-vl-plus does not support enable_thinking.'),
  ),
  chat(
    'thinking-restricted',
    { model: 'kimi-k2-thinking', enable_thinking: false },
    refused('The value of the enable_thinking parameter is restricted to True.'),
  ),
  messages(
    'thinking-restricted',
    { model: 'kimi-k2-thinking', thinking: { type: 'disabled' } },
    refused('The value of the enable_thinking parameter is restricted to True.'),
  ),
  chat(
    'thinking-budget-range',
    { model: 'qwen3.5-plus', thinking_budget: 100_000 },
    refused('The thinking_budget parameter must be a positive integer and not greater than 81920'),
  ),
  messages(
    'thinking-budget-range',
    { model: 'qwen3.5-plus', thinking: { type: 'enabled', budget_tokens: 100_000 } },
    refused('The thinking_budget parameter must be a positive integer and not greater than 81920'),
  ),
  chat(
    'thinking-json',
    {
      model: 'qwen3-max',
      enable_thinking: true,
      response_format: { type: 'json_object' },
      messages: [user('Say hello as json')],
    },
    refused('Json mode response is not supported when enable_thinking is true'),
  ),
  chat(
    'tool-choice-required',
    { model: 'qwen-plus', tools: [weather], tool_choice: 'required', messages: [ask] },
    refused('tool_choice is one of the strings that should be ["none", "auto"]'),
  ),
  chat(
    'thinking-tool-choice',
    {
      model: 'qwen3.5-plus',
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      messages: [ask],
    },
    refused('The tool_choice parameter does not support being set to required or object in thinking mode'),
  ),
  messages(
    'thinking-tool-choice',
    {
      model: 'qwen3.5-plus',
      tools: [{ name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }],
      tool_choice: { type: 'any' },
      messages: [ask],
    },
    refused('The tool_choice parameter does not support being set to required or object in thinking mode'),
  ),
  chat(
    'reasoning-replay',
    { model: 'kimi-k2-thinking', tools: [weather], messages: [ask, calling(call('c1')), result('c1')] },
    refused('thinking is enabled but reasoning_content is missing in assistant tool call message at index 1'),
  ),
  chat(
    'reasoning-replay',
    {
      model: 'qwen3-coder-plus',
      messages: [user('Hello'), { role: 'assistant', content: 'Hi', reasoning_content: 'A greeting.' }, user('Bye')],
    },
    {
      answered:
        'Answers; models that go on from earlier thoughts do not get them, others get what they have no use for.',
    },
  ),
  chat(
    'tool-name',
    { model: 'qwen-plus', tools: [functionTool('search')], messages: [user('search Paris')] },
    refused('Tool names are not allowed to be [search]'),
  ),
  chat(
    'tool-name',
    { model: 'qwen-plus', tools: [functionTool('get.weather')], messages: [ask] },
    refusedAtEdge("get.weather does not match '^[a-zA-Z0-9_-]{1,64}$' - 'tools.['0].function.name'"),
  ),
  messages(
    'tool-name',
    { model: 'qwen-plus', tools: [{ name: 'search', input_schema: { type: 'object', properties: {} } }] },
    refused('Tool names are not allowed to be [search]'),
  ),
  messages(
    'tool-name',
    {
      model: 'qwen-plus',
      tools: [{ name: 'get.weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }],
      messages: [ask],
    },
    refusedAtEdge("tools.0.name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'"),
  ),
  chat(
    'tool-args-json',
    { model: 'qwen-plus', tools: [weather], messages: [ask, calling(call('c1', '{"city": "Par')), result('c1')] },
    refused('The "function.arguments" parameter of the code model must be in JSON format.'),
  ),
  chat(
    'tool-pairs',
    { model: 'qwen-plus', tools: [weather], messages: [ask, calling(call('c1')), user('Never mind.')] },
    refused(noResults),
  ),
  chat(
    'tool-pairs',
    { model: 'qwen-plus', tools: [weather], messages: [ask, result('c0'), user('So?')] },
    refused('messages with role "tool" must be a response to a preceeding message with "tool_calls".'),
  ),
  messages(
    'tool-pairs',
    {
      model: 'qwen-plus',
      messages: [
        ask,
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'get_weather', input: {} }] },
        user('Never mind.'),
      ],
    },
    refused(noResults),
  ),
  chat(
    'parallel-tools-default',
    { model: 'qwen-plus', tools: [weather], messages: [user('What is the weather in Paris and in London?')] },
    { answered: 'Answers with one call at a time: `parallel_tool_calls` is false by default.' },
  ),
  chat(
    'loop-breaker',
    {
      model: 'qwen-plus',
      tools: [weather],
      messages: [ask, ...[1, 2, 3, 4, 5].flatMap((round) => [calling(call(`c${round}`)), result(`c${round}`)])],
    },
    refused(
      'Repetitive tool calls detected in the conversation history. The same tool call with identical name and arguments has been repeated across multiple consecutive rounds. Please modify your request or adjust the tool call arguments to avoid infinite loops.',
    ),
  ),
  {
    ...chat(
      'history-flagged',
      { model: 'qwen-plus', messages: [flagged, user('Something else: hello')] },
      { status: 400, message: 'Input data may contain inappropriate content.' },
    ),
    first: { model: 'qwen-plus', messages: [flagged] },
  },
  chat(
    'content-empty',
    { model: 'qwen-plus', messages: [user('Hello'), { role: 'assistant', content: null }, user('Still there?')] },
    refused('The content field is a required field.'),
  ),
  chat(
    'content-string',
    { model: 'qwen3-8b', enable_thinking: false, messages: [user([{ type: 'text', text: 'Who are you?' }])] },
    refused('input content must be a string.'),
  ),
  chat(
    'context-trim',
    {
      model: 'qwen-max',
      tools: [weather],
      messages: [
        ask,
        calling(call('c1')),
        result('c1', long),
        calling(call('c2', '{"city":"London"}')),
        result('c2'),
        calling(call('c3', '{"city":"Rome"}')),
        result('c3'),
      ],
    },
    refused('Range of input length should be [1, 30720]'),
  ),
  chat(
    'json-word',
    { model: 'qwen-plus', response_format: { type: 'json_object' } },
    refused("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."),
  ),
  chat(
    'system-first',
    { model: 'qwen3.5-27b', messages: [user('Hello'), { role: 'system', content: 'Be brief.' }, user('Who are you?')] },
    refused('System message must be at the beginning.'),
  ),
  chat('sampling-range', { model: 'qwen-plus', temperature: 2 }, refused('Temperature should be in [0.0, 2.0)')),
  chat('sampling-range', { model: 'qwen-plus', top_p: 0 }, refused('Range of top_p should be (0.0, 1.0]')),
  chat('sampling-range', { model: 'qwen-plus', top_k: -1 }, refused('Parameter top_k be greater than or equal to 0')),
  chat(
    'sampling-range',
    { model: 'qwen-plus', repetition_penalty: 0 },
    refused('Repetition_penalty should be greater than 0.0'),
  ),
  chat(
    'sampling-range',
    { model: 'qwen-plus', presence_penalty: 3 },
    refused('Presence_penalty should be in [-2.0, 2.0]'),
  ),
  chat(
    'sampling-range',
    { model: 'qwen-plus', seed: -1 },
    refusedAtEdge("-1 is lesser than the minimum of 0 - 'seed'"),
  ),
  messages('sampling-range', { model: 'qwen-plus', temperature: 2 }, refused('Temperature should be in [0.0, 2.0)')),
  chat('n-range', { model: 'qwen-plus', n: 5 }, refused('Range of n should be [1, 4]')),
  chat(
    'n-range',
    { model: 'qwen-plus', n: 2, tools: [weather] },
    refused('Range of n should be [1, 1] when tools are set'),
  ),
  chat(
    'stop-form',
    { model: 'qwen-plus', stop: ['END', 104307] },
    refused(
      'The "stop" parameter must be of type "str", "list[str]", "list[int]", or "list[list[int]]", and all elements within the list must be of the same type.',
    ),
  ),
  chat(
    'max-tokens-range',
    { model: 'qwen-plus', max_completion_tokens: 200_000 },
    refused('Range of max_completion_tokens should be [1, 32768]'),
  ),
  messages(
    'max-tokens-range',
    { model: 'qwen-plus', max_tokens: 200_000 },
    refused('Range of max_tokens should be [1, 32768]'),
  ),
  chat(
    'stream-options',
    { model: 'qwen-plus', stream_options: { include_usage: true } },
    refused("The 'stream_options' parameter is only allowed when 'stream' is enabled."),
  ),
  chat(
    'thinking-needs-stream',
    { model: 'qwen3-8b' },
    refusedAtEdge('parameter.enable_thinking must be set to false for non-streaming calls'),
  ),
  chat(
    'stream-only',
    { model: 'qwq-plus' },
    refused('This model only support stream mode, please enable the stream parameter to access the model.'),
  ),
  {
    rule: 'embeddings-batch',
    protocol: 'openai-chat',
    path: '/v1/embeddings',
    body: {
      model: 'text-embedding-v4',
      dimensions: 64,
      input: Array.from({ length: 25 }, (_, index) => `text ${index}`),
    },
    without: refused('Value error, batch size is invalid, it should not be larger than 10.: input.contents'),
  },
];

/** Requests that are refused before they are sent, in the words that the platform would have used. */
export const checkCases: readonly FitCase[] = [
  chat(
    'input-length',
    { model: 'qwen-max', messages: [user(long)] },
    refused('Range of input length should be [1, 30720]'),
  ),
  chat(
    'image-input',
    {
      model: 'qwen-plus',
      messages: [user([{ type: 'image_url', image_url: { url: 'https://example.com/cat.png' } }])],
    },
    refused('input content must be a string.'),
  ),
  chat('tools-supported', { model: 'qwen-long', tools: [weather] }, refused('The tool call is not supported.')),
];
