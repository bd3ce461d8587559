import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asString } from '../../../src/domain/json.ts';
import { at, frames, sandbox, tell } from './harness.ts';

const tools = [
  {
    name: 'get_weather',
    description: 'Weather of a city',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

test('a stream opens and closes thinking and text in order', async () => {
  const answer = await sandbox().messages(
    tell('[[sandbox: say="Good day" think=2]] x', { model: 'qwen3.5-plus', stream: true }),
  );
  const id = `msg_${answer.headers['x-request-id']}`;
  assert.equal(answer.headers['content-type'], 'text/event-stream;charset=UTF-8');
  assert.deepEqual(answer.text.trimEnd().split('\n\n'), [
    `event:message_start\ndata:{"type":"message_start","message":{"id":"${id}","type":"message","role":"assistant","model":"qwen3.5-plus","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":21,"output_tokens":0}}}`,
    'event:content_block_start\ndata:{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}',
    'event:ping\ndata:{"type":"ping"}',
    'event:content_block_delta\ndata:{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"The"}}',
    'event:content_block_delta\ndata:{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" user "}}',
    'event:content_block_delta\ndata:{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":""}}',
    'event:content_block_stop\ndata:{"type":"content_block_stop","index":0}',
    'event:content_block_start\ndata:{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}',
    'event:content_block_delta\ndata:{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Good"}}',
    'event:content_block_delta\ndata:{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":" day"}}',
    'event:content_block_stop\ndata:{"type":"content_block_stop","index":1}',
    'event:message_delta\ndata:{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":21,"output_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}}',
    'event:message_stop\ndata:{"type":"message_stop"}',
  ]);
});

test('a streamed tool call is the unary one in pieces', async () => {
  const body = tell('What is the weather in Paris?', { tools });
  const unary = await sandbox().messages(body);
  const stream = frames((await sandbox().messages({ ...body, stream: true })).text);
  const json = stream.map((event) => asString(at(event, 'delta', 'partial_json')) ?? '').join('');
  assert.deepEqual(JSON.parse(json), at(unary.json, 'content', 0, 'input'));
  assert.deepEqual(at(unary.json, 'content', 0, 'input'), { city: 'Paris' });
  assert.equal(at(unary.json, 'stop_reason'), 'tool_use');
  const start = stream.find((event) => event.type === 'content_block_start');
  assert.deepEqual(
    { ...Object(at(start, 'content_block')), id: '' },
    { type: 'tool_use', id: '', name: 'get_weather', input: {} },
  );
  assert.equal(
    at(
      stream.find((event) => event.type === 'message_delta'),
      'delta',
      'stop_reason',
    ),
    'tool_use',
  );
});

test('a whole answer carries thinking with an empty signature', async () => {
  const answer = await sandbox().messages(tell('Who are you?', { model: 'qwen3.5-plus' }));
  assert.deepEqual(Object.keys(answer.json), [
    'id',
    'type',
    'role',
    'model',
    'content',
    'stop_reason',
    'stop_sequence',
    'usage',
  ]);
  assert.equal(at(answer.json, 'content', 0, 'type'), 'thinking');
  assert.equal(at(answer.json, 'content', 0, 'signature'), '');
  assert.deepEqual(at(answer.json, 'content', 1), {
    type: 'text',
    text: 'I am a large language model from Alibaba Cloud. My name is Qwen.',
  });
});

test('stop sequences and the token limit have their stop reasons', async () => {
  const stopped = await sandbox().messages(tell('Count to 10', { stop_sequences: ['5'] }));
  assert.deepEqual(
    [at(stopped.json, 'content', 0, 'text'), stopped.json.stop_reason, stopped.json.stop_sequence],
    ['1, 2, 3, 4, ', 'stop_sequence', '5'],
  );
  const cut = await sandbox().messages(tell('Count to 10', { max_tokens: 5 }));
  assert.deepEqual([at(cut.json, 'usage', 'output_tokens'), cut.json.stop_reason], [5, 'max_tokens']);
});
