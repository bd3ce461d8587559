import assert from 'node:assert/strict';

/*
 * Checks Anthropic event streams by the protocol's own rules, without any code of the codec: frames are cut by blank lines,
 * each `event:` names its data's type, blocks open and close in order without gaps, deltas fit their block.
 */

const deltaOfBlock: Record<string, string[]> = {
  text: ['text_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  redacted_thinking: [],
  tool_use: ['input_json_delta'],
};

const usageCounts = ['input_tokens', 'output_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];

interface Progress {
  phase: 'before' | 'blocks' | 'closing' | 'ended';
  open: { index: number; type: string; json: string; deltas: string[] } | undefined;
  next: number;
  toolCalls: number;
  inputs: string[];
}

/** The members of all events together; each check looks at those of its own event. */
interface WireEvent {
  type: string;
  index: number;
  message: { role: string; id: string; content: unknown[]; usage: Record<string, unknown> };
  content_block: { type: string; id?: string; name?: string };
  delta: { type: string; partial_json?: string; stop_reason?: string };
  usage: Record<string, unknown>;
  error: { type: string; message: string };
}

type Check = (event: WireEvent, progress: Progress) => void;

const checks: Record<string, Check> = {
  message_start({ message }, progress) {
    assert.equal(progress.phase, 'before');
    assert.equal(message.role, 'assistant');
    assert.ok(message.id);
    assert.deepEqual(message.content, []);
    assertUsage(message.usage);
    progress.phase = 'blocks';
  },
  content_block_start({ index, content_block: block }, progress) {
    assert.equal(progress.phase, 'blocks');
    assert.equal(progress.open, undefined, 'a block is still open');
    assert.equal(index, progress.next);
    assert.ok(block.type in deltaOfBlock, block.type);
    if (block.type === 'tool_use') {
      assert.ok(block.id !== '' && block.name !== '');
      progress.toolCalls += 1;
    }
    progress.open = { index, type: block.type, json: '', deltas: [] };
  },
  content_block_delta({ index, delta }, { open }) {
    assert.ok(open, 'a delta outside of a block');
    assert.equal(index, open.index);
    assert.ok(deltaOfBlock[open.type]?.includes(delta.type), `${delta.type} in a ${open.type} block`);
    assert.notEqual(open.deltas.at(-1), 'signature_delta', 'the signature comes last');
    open.deltas.push(delta.type);
    open.json += delta.partial_json ?? '';
  },
  content_block_stop({ index }, progress) {
    const { open } = progress;
    assert.equal(index, open?.index);
    if (open?.type === 'tool_use' && open.json !== '') progress.inputs.push(open.json);
    if (open?.type === 'thinking') assert.equal(open.deltas.at(-1), 'signature_delta');
    if (open?.type === 'text') assert.ok(open.deltas.length > 0, 'an empty text block');
    progress.open = undefined;
    progress.next += 1;
  },
  message_delta({ delta, usage }, progress) {
    assert.equal(progress.phase, 'blocks');
    assert.equal(progress.open, undefined, 'a block is still open');
    assert.ok(delta.stop_reason);
    if (progress.toolCalls > 0) assert.notEqual(delta.stop_reason, 'end_turn');
    assertUsage(usage);
    progress.phase = 'closing';
  },
  message_stop(_data, progress) {
    assert.equal(progress.phase, 'closing');
    progress.phase = 'ended';
  },
  error({ error }, progress) {
    assert.notEqual(progress.phase, 'ended');
    assert.ok(error.type && error.message);
    progress.phase = 'ended';
  },
};

function assertUsage(usage: Record<string, unknown>): void {
  for (const count of usageCounts) assert.ok(Number.isSafeInteger(usage[count]) && Number(usage[count]) >= 0, count);
}

/** Fails unless the text is one whole, valid event sequence that ends in `message_stop` or `error`; gives the tool inputs. */
export function assertAnthropicSequence(text: string): { inputs: string[] } {
  assert.ok(text.endsWith('\n\n'));
  const progress: Progress = { phase: 'before', open: undefined, next: 0, toolCalls: 0, inputs: [] };
  for (const frame of text.slice(0, -2).split('\n\n')) {
    const match = /^event: (\w+)\ndata: (.*)$/.exec(frame);
    assert.ok(match, `not a frame: ${frame}`);
    const data: WireEvent = JSON.parse(match[2] ?? '');
    assert.equal(data.type, match[1]);
    assert.notEqual(progress.phase, 'ended', 'something follows the end');
    const check = checks[data.type];
    assert.ok(check, `unknown event ${data.type}`);
    check(data, progress);
  }
  assert.equal(progress.phase, 'ended');
  return { inputs: progress.inputs };
}
