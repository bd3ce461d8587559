import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { JsonObject } from '../../../src/domain/json.ts';
import { setups } from '../../e2e/clients/support/setups.ts';
import type { Backed, Setup } from '../../e2e/clients/support/setups.ts';
import type { Agent, Surface } from './agent.ts';
import { installed } from './install.ts';
import { runAgent } from './run.ts';

/** An agent that asks again for ever must not hold the tests up. */
export const limitMs = 120_000;

/** The agent's requests as they should be: on its own route, streamed, answered, with what was said counted. */
function assertRequests(
  lines: readonly JsonObject[],
  { protocol }: Surface,
  { targetProtocol = protocol }: Backed,
): void {
  for (const line of lines) {
    const text = JSON.stringify(line);
    assert.equal(line['status'], 200, text);
    assert.equal(line['protocol'], protocol, text);
    assert.equal(line['targetProtocol'] ?? protocol, targetProtocol, text);
    assert.equal(line['stream'], true, text);
    assert.equal(line['attempts'] ?? 1, 1, text);
    assert.ok(Number(line['inputTokens']) > 0 && Number(line['outputTokens']) > 0, text);
  }
}

/** A tool round trip of the agent on each of its surfaces, each backing and with models that think and that do not. */
export function describeAgent(agent: Agent): void {
  describe(`${agent.name} ${agent.client.version}`, () => {
    let command = '';
    before(async () => {
      command = await installed(agent.client);
    });
    for (const surface of agent.surfaces) {
      for (const setup of setups.filter((each) => concerns(each, surface))) {
        for (const kind of ['text', 'thinking'] as const) {
          it(`${surface.name}, ${setup.name}, a ${kind} model: runs a shell command and tells its output`, async (test) => {
            await using backed = await setup.start();
            const prompt = `Run the shell command \`${agent.command.text}\` and tell me what it printed.`;
            const place = { url: backed.url, model: backed.models[kind], prompt };
            const [args, env, home] = [surface.args(place), surface.env(place), surface.home(place)];
            const end = await runAgent({ command, args, env, home, limitMs });
            const lines = backed.requests();
            const told = JSON.stringify({ ...end, requests: lines.length }, null, 1);
            assert.equal(end.code, 0, told);
            assert.match(end.stdout, agent.command.output, told);
            assertRequests(lines, surface, backed);
            const [least, most] = surface.requests;
            assert.ok(lines.length >= least && lines.length <= most, `${lines.length} requests: ${told}`);
            test.diagnostic(
              `${lines.length} requests, ${lines.map(({ bytesIn }) => Number(bytesIn)).join(' + ')} bytes`,
            );
          });
        }
      }
    }
  });
}

/** Every surface is tried on the embedded sandbox and on a provider of the other protocol. */
function concerns({ clients, targetProtocol }: Setup, { protocol }: Surface): boolean {
  return (clients?.includes(protocol) ?? true) && targetProtocol !== protocol;
}
