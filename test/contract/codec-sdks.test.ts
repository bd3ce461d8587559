import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { protocols } from '../../src/domain/protocol.ts';
import type { StreamEvent } from '../../src/domain/stream-event.ts';
import { codecs, fixturesOf, readChunks, writeAll, writerOptions } from '../golden/fixtures.ts';

/*
 * The official SDKs read what the codecs write: no server, the SDK's `fetch` answers from the text.
 */

function answering(text: string): typeof fetch {
  return async () => new Response(text, { headers: { 'content-type': 'text/event-stream' } });
}

/** What the answer says, from our events. */
function told(events: readonly StreamEvent[]): { text: string; calls: string[]; usage: number | undefined } {
  let text = '';
  let usage: number | undefined;
  const calls: string[] = [];
  for (const event of events) {
    if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'tool-call-start') calls.push(`${event.id} ${event.name} `);
    else if (event.type === 'tool-call-delta') calls.push(`${calls.pop()}${event.argumentsJson}`);
    else if (event.type === 'tool-call-end') calls.push(compact(calls.pop() ?? ''));
    else if (event.type === 'usage') usage = event.usage.outputTokens ?? usage;
  }
  return { text, calls, usage };
}

/** A call as `id name {...}`, its JSON without white space; no arguments are an empty object. */
function compact(call: string): string {
  const [id, name, ...json] = call.split(' ');
  return `${id} ${name} ${JSON.stringify(JSON.parse(json.join(' ') || '{}'))}`;
}

async function throughAnthropic(text: string) {
  const client = new Anthropic({
    apiKey: 'k',
    baseURL: 'http://gateway.invalid',
    fetch: answering(text),
    maxRetries: 0,
  });
  const stream = client.messages.stream({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] });
  const message = await stream.finalMessage();
  const texts = message.content.map((block) => (block.type === 'text' ? block.text : ''));
  const calls = message.content.flatMap((block) =>
    block.type === 'tool_use' ? [`${block.id} ${block.name} ${JSON.stringify(block.input)}`] : [],
  );
  return { text: texts.join(''), calls, usage: message.usage.output_tokens, reason: message.stop_reason };
}

async function throughOpenAI(text: string) {
  const client = new OpenAI({ apiKey: 'k', baseURL: 'http://gateway.invalid', fetch: answering(text), maxRetries: 0 });
  const stream = client.chat.completions.stream({
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
    stream_options: { include_usage: true },
  });
  const completion = await stream.finalChatCompletion();
  const [choice] = completion.choices;
  const calls = (choice?.message.tool_calls ?? []).flatMap((call) =>
    call.type === 'function' ? [compact(`${call.id} ${call.function.name} ${call.function.arguments}`)] : [],
  );
  return {
    text: choice?.message.content ?? '',
    calls,
    usage: completion.usage?.completion_tokens,
    reason: choice?.finish_reason,
  };
}

for (const source of protocols) {
  describe(`streams of ${source} through the official SDKs`, () => {
    for (const { name, bytes } of fixturesOf(source, 'streams')) {
      const events = readChunks(codecs[source], [bytes]);
      const isWhole = events.at(-1)?.type === 'finish';
      test(`${name}: @anthropic-ai/sdk`, async () => {
        const text = writeAll(codecs['anthropic-messages'], events);
        if (!isWhole) {
          await assert.rejects(throughAnthropic(text));
          return;
        }
        const { reason, ...message } = await throughAnthropic(text);
        const { usage = 0, ...expected } = told(events);
        assert.deepEqual(message, { ...expected, usage });
        assert.ok(reason);
      });
      test(`${name}: openai`, async () => {
        const text = writeAll(codecs['openai-chat'], events, writerOptions);
        if (!isWhole) {
          await assert.rejects(throughOpenAI(text));
          return;
        }
        const { reason, ...message } = await throughOpenAI(text);
        assert.deepEqual(message, told(events));
        assert.ok(reason);
      });
    }
  });
}
