import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { createErrorCatalogue } from '../../src/catalogue/errors/catalogue.ts';
import type { ErrorRecord } from '../../src/catalogue/errors/record.ts';
import { isSendable } from '../../src/sandbox/catalogue-errors.ts';
import { startGateway } from './support/gateway.ts';

/*
 * Every error that the sandbox can produce, through the gateway, into the official SDKs: each raises its right class, and what
 * it prints leads back to the record, with the gateway's explanation in the answer and without.
 */

const catalogue = createErrorCatalogue();
/** One record stands for a bare code and has no words of its own. */
const records = catalogue.records.filter((record) => isSendable(record) && record.patterns.length > 0);
assert.ok(records.length > 270, String(records.length));
const quick = { ATELIER_MAX_RETRIES: '0' };

/** The status that each protocol gives the error: the Anthropic endpoint has numbers of its own for two of them. */
const anthropicStatuses: Readonly<Record<number, number>> = { 401: 403, 503: 529 };

/** The classes by status, most of them the same in both SDKs. */
const classes: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  413: 'ContentTooLargeError',
  429: 'RateLimitError',
  529: 'OverloadedError',
};

function classOf(sdk: typeof OpenAI | typeof Anthropic, status: number): unknown {
  const name = classes[status] ?? (status >= 500 ? 'InternalServerError' : 'APIError');
  return Reflect.get(sdk, name) ?? sdk.APIError;
}

type Ask = (record: ErrorRecord, stream: boolean) => Promise<unknown>;

/** Asks for the error, before the stream or inside it, and gives what the SDK threw. */
function throughOpenAI(url: string): Ask {
  const client = new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, maxRetries: 0 });
  return ({ id }, stream) =>
    thrown(async () => {
      const messages = [
        { role: 'user' as const, content: `Hi [[sandbox: ${stream ? 'stream-error' : 'error'}=${id}]]` },
      ];
      if (!stream) return client.chat.completions.create({ model: 'qwen-plus', messages });
      for await (const chunk of await client.chat.completions.create({ model: 'qwen-plus', messages, stream })) {
        assert.ok(chunk.choices);
      }
      return undefined;
    });
}

function throughAnthropic(url: string): Ask {
  const client = new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 });
  return ({ id }, stream) =>
    thrown(async () => {
      const messages = [
        { role: 'user' as const, content: `Hi [[sandbox: ${stream ? 'stream-error' : 'error'}=${id}]]` },
      ];
      const body = { model: 'qwen-plus', max_tokens: 100, messages };
      if (!stream) return client.messages.create(body);
      for await (const event of await client.messages.create({ ...body, stream })) assert.ok(event.type);
      return undefined;
    });
}

async function thrown(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('The call was answered.');
}

/** What people find in their terminals and logs of an SDK's error. */
function printedForms(error: unknown): string[] {
  assert.ok(error instanceof Error);
  return [String(error), error.message, JSON.stringify(Object.assign({ text: error.message }, error))];
}

function bestId(text: string): string | undefined {
  return catalogue.matchText(text)[0]?.record.id;
}

for (const [name, sdk, connect] of [
  ['openai', OpenAI, throughOpenAI],
  ['@anthropic-ai/sdk', Anthropic, throughAnthropic],
] as const) {
  describe(name, () => {
    test('raises its class for every error, and what it prints is recognised', async () => {
      await using gateway = await startGateway(quick);
      await fetch(`${gateway.url}/errors`);
      const ask = connect(gateway.url);
      for (const record of records) {
        const [sent = 400] = record.status;
        const status = sdk === Anthropic ? (anthropicStatuses[sent] ?? sent) : sent;
        const error = await ask(record, false);
        assert.ok(error instanceof sdk.APIError, record.id);
        assert.equal(error.constructor, classOf(sdk, status), record.id);
        assert.equal(error.status, status, record.id);
        const body = JSON.stringify(error.error);
        assert.ok(body.includes(`"atelier":{"id":"${record.id}"`), `${record.id}: ${body}`);
        for (const text of printedForms(error)) assert.equal(bestId(text), record.id, text);
      }
    });

    test('raises every error that comes inside a stream', async () => {
      await using gateway = await startGateway(quick);
      await fetch(`${gateway.url}/errors`);
      const ask = connect(gateway.url);
      for (const record of records) {
        const error = await ask(record, true);
        assert.ok(error instanceof sdk.APIError, `${record.id}: ${String(error)}`);
        for (const text of printedForms(error)) assert.equal(bestId(text), record.id, text);
      }
    });

    test('prints enough to be recognised when the gateway adds nothing', async () => {
      await using gateway = await startGateway({ ...quick, ATELIER_EXPLAIN_ERRORS: 'false' });
      await fetch(`${gateway.url}/errors`);
      const ask = connect(gateway.url);
      const wrong: string[] = [];
      for (const record of records) {
        const error = await ask(record, false);
        assert.doesNotMatch(JSON.stringify(error), /atelier/, record.id);
        for (const text of printedForms(error)) {
          const found = bestId(text);
          if (found !== record.id) wrong.push(`${record.id}: ${found ?? ''}: ${text}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  });
}
