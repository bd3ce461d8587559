import assert from 'node:assert/strict';

/*
 * Checks chat completion streams by what OpenAI's clients rely on, without any code of the codec: one id and model, role
 * first, each tool call's id and name once, one finish reason, usage last, `[DONE]` unless an error ended the stream.
 */

interface Progress {
  ids: Set<string>;
  finish: string | undefined;
  calls: string[];
}

interface WireCall {
  index: number;
  id?: string;
  type?: string;
  function: { name?: string; arguments: string };
}

interface WireChunk {
  id: string;
  object: string;
  model: string;
  created: number;
  choices: { delta: { role?: string; tool_calls?: WireCall[] }; finish_reason: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null;
}

function assertToolCall(call: WireCall, { calls }: Progress): void {
  const isNew = call.index === calls.length;
  if (isNew) {
    assert.ok(call.id && call.function.name && call.type === 'function');
    calls.push('');
  } else {
    assert.equal(call.index, calls.length - 1, 'calls do not alternate');
    assert.ok(!('id' in call) && !('name' in call.function), 'id and name come once');
  }
  calls[call.index] += call.function.arguments;
}

function assertChunk(chunk: WireChunk, progress: Progress): void {
  assert.equal(chunk.object, 'chat.completion.chunk');
  progress.ids.add(`${chunk.id} ${chunk.model} ${chunk.created}`);
  if (chunk.choices.length === 0) {
    assert.ok(progress.finish, 'usage comes after the finish reason');
    const { usage } = chunk;
    assert.ok(usage);
    assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
    return;
  }
  const [choice] = chunk.choices;
  assert.ok(choice);
  assert.equal(progress.finish, undefined, 'nothing follows the finish reason');
  for (const call of choice.delta.tool_calls ?? []) assertToolCall(call, progress);
  if (choice.finish_reason !== null) progress.finish = choice.finish_reason;
}

/** Fails unless the text is one whole, valid stream that ends in `[DONE]` or in an error; gives the arguments of the calls. */
export function assertChatChunks(text: string): { inputs: string[] } {
  assert.ok(text.endsWith('\n\n'));
  const frames = text.slice(0, -2).split('\n\n');
  const payloads = frames.map((frame) => {
    assert.match(frame, /^data: [^\n]*$/);
    return frame.slice('data: '.length);
  });
  const last = payloads.pop() ?? '';
  const progress: Progress = { ids: new Set(), finish: undefined, calls: [] };
  payloads.forEach((payload, position) => {
    const chunk: WireChunk = JSON.parse(payload);
    assertChunk(chunk, progress);
    if (position === 0) assert.equal(chunk.choices[0]?.delta.role, 'assistant');
    else assert.ok(chunk.choices.every((choice) => choice.delta.role === undefined));
  });
  assert.ok(progress.ids.size <= 1);
  if (last !== '[DONE]') {
    const { error }: { error: { message: string; type: string } } = JSON.parse(last);
    assert.ok(error.message && error.type);
    return { inputs: [] };
  }
  assert.ok(progress.finish);
  assert.equal(progress.ids.size, 1);
  if (progress.calls.length > 0 && progress.finish === 'stop') assert.fail('an answer with calls does not just stop');
  return { inputs: progress.calls };
}
