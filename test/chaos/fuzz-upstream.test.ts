import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Pool } from 'undici';
import { isObject, parseJson } from '../../src/domain/json.ts';
import { protocols } from '../../src/domain/protocol.ts';
import type { Protocol } from '../../src/domain/protocol.ts';
import { startGateway } from '../e2e/support/gateway.ts';
import type { TestGateway } from '../e2e/support/gateway.ts';
import { assertAnthropicSequence } from '../golden/anthropic-sequence.ts';
import { assertChatChunks } from '../golden/chat-chunks.ts';
import { assertErrorBody, assertPassedStream } from './fuzz/answers.ts';
import { startBrokenUpstream } from './fuzz/broken-upstream.ts';
import type { BrokenUpstream } from './fuzz/broken-upstream.ts';
import { seedOfRun } from './fuzz/random.ts';

const seed = seedOfRun();
const attempts = 700;
const connections = 8;
/** What the sequence of a translated stream must be; a stream that passes through is the provider's own. */
const validators = { 'openai-chat': assertChatChunks, 'anthropic-messages': assertAnthropicSequence };
const paths: Readonly<Record<Protocol, string>> = {
  'openai-chat': '/v1/chat/completions',
  'anthropic-messages': '/v1/messages',
};
const providers: Readonly<Record<Protocol, string>> = {
  'openai-chat': 'OPENAI_COMPATIBLE',
  'anthropic-messages': 'ANTHROPIC_COMPATIBLE',
};

async function attempt(
  pool: Pool,
  { client, target, stream, number }: { client: Protocol; target: Protocol; stream: boolean; number: number },
) {
  const messages = [{ role: 'user', content: `attempt ${number}` }];
  const answer = await pool.request({
    method: 'POST',
    path: paths[client],
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', max_tokens: 100, stream, messages }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) {
    assertErrorBody(text, client);
    assert.ok(answer.statusCode >= 400, `status ${answer.statusCode}`);
    assert.notEqual(answer.headers['x-atelier-error-origin'], 'gateway', text);
  } else if (!stream) {
    assert.ok(isObject(parseJson(text)), `no JSON: ${text.slice(0, 200)}`);
  } else if (client === target) {
    assertPassedStream(text, client);
  } else {
    validators[client](text);
  }
}

for (const target of protocols) {
  describe(`a provider of ${target} whose answers are broken`, () => {
    let upstream: BrokenUpstream;
    let gateway: TestGateway;
    let pool: Pool;
    before(async () => {
      upstream = await startBrokenUpstream(target, seed);
      gateway = await startGateway({
        [`${providers[target]}_BASE_URL`]: upstream.url,
        [`${providers[target]}_MODELS`]: 'm',
        CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
        ATELIER_MAX_RETRIES: '1',
        ATELIER_RETRY_BASE_DELAY_MS: '0',
        ATELIER_RETRY_MAX_DELAY_MS: '0',
      });
      pool = new Pool(gateway.url, { connections, pipelining: 1, bodyTimeout: 10_000, headersTimeout: 10_000 });
    });
    after(async () => {
      await pool.destroy();
      await gateway.close();
      await upstream[Symbol.asyncDispose]();
    });

    for (const client of protocols) {
      for (const stream of [false, true]) {
        it(`${client}${stream ? ', streamed' : ''}: ${attempts} answers end as the protocol has it`, async () => {
          let next = 0;
          const failures: string[] = [];
          const worker = async (): Promise<void> => {
            while (next < attempts) {
              const number = next++;
              try {
                await attempt(pool, { client, target, stream, number });
              } catch (error) {
                failures.push(`attempt ${number} of ATELIER_FUZZ_SEED=${seed}: ${String(error)}`);
              }
            }
          };
          await Promise.all(Array.from({ length: connections }, worker));
          assert.deepEqual(failures, []);
          assert.deepEqual(
            gateway.log.filter(({ event }) => event === 'unexpected'),
            [],
          );
        });
      }
    }
  });
}
