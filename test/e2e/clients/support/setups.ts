import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { listenBackend } from '../../../../src/cli/backend-server.ts';
import type { JsonObject } from '../../../../src/domain/json.ts';
import type { Protocol } from '../../../../src/domain/protocol.ts';
import { createSandbox } from '../../../../src/sandbox/sandbox.ts';
import { startGateway } from '../../support/gateway.ts';

/** Models that the sandbox serves on both protocols. */
export const models = {
  text: 'qwen-plus',
  /** Thinks unless told not to. */
  thinking: 'qwen3.5-plus',
  vision: 'qwen3-vl-plus',
  /** Takes a JSON Schema for its answer, while it does not think. */
  structured: 'qwen3.7-plus',
} as const;

/** A gateway that a client talks to, whatever stands behind it. */
export interface Backed extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  /** The protocol that the provider behind it speaks; undefined: the client's own. */
  targetProtocol: Protocol | undefined;
  /** The audit lines so far. */
  requests(): JsonObject[];
}

interface Setup {
  name: string;
  start(): Promise<Backed>;
}

/** Retries happen, but nobody waits for them. */
const quickRetries = { ATELIER_RETRY_BASE_DELAY_MS: '1', ATELIER_RETRY_MAX_DELAY_MS: '5' };

/** A gateway whose only provider is a sandbox behind a port, spoken to in one protocol. */
function onlySpeaking(targetProtocol: Protocol, prefix: string, path: string): Setup {
  return {
    name: `a provider that speaks only ${targetProtocol}`,
    async start() {
      const sandbox = await listenBackend(createSandbox(), { host: '127.0.0.1', port: 0 });
      const gateway = await startGateway({
        ...quickRetries,
        [`${prefix}_BASE_URL`]: `http://127.0.0.1:${sandbox.address.port}${path}`,
        [`${prefix}_MODELS`]: Object.values(models).join(','),
        CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
      });
      return {
        url: gateway.url,
        targetProtocol,
        requests: gateway.requests,
        async [Symbol.asyncDispose]() {
          await gateway.close();
          await sandbox.close(0);
        },
      };
    },
  };
}

const setups: readonly Setup[] = [
  {
    name: 'the embedded sandbox',
    async start() {
      const gateway = await startGateway(quickRetries);
      return {
        url: gateway.url,
        targetProtocol: undefined,
        requests: gateway.requests,
        [Symbol.asyncDispose]: gateway.close,
      };
    },
  },
  onlySpeaking('openai-chat', 'OPENAI_COMPATIBLE', '/compatible-mode/v1'),
  onlySpeaking('anthropic-messages', 'ANTHROPIC_COMPATIBLE', '/apps/anthropic'),
];

/**
 * Runs one client's tests against each backing: together with a client of the other protocol that is every combination
 * of the protocols in front and behind. At the end the gateway's log must tell that the right way was taken.
 */
export function onEveryBacking(client: string, protocol: Protocol, define: (backed: () => Backed) => void): void {
  for (const setup of setups) {
    describe(`${client}, answered by ${setup.name}`, () => {
      let backed: Backed | undefined;
      const current = (): Backed => {
        assert.ok(backed);
        return backed;
      };
      before(async () => {
        backed = await setup.start();
      });
      after(() => backed?.[Symbol.asyncDispose]());
      define(current);
      it('every request went the way it should, and the gateway itself failed on none', () => {
        const lines = current().requests();
        assert.ok(lines.length > 0);
        for (const line of lines) {
          assert.equal(line['protocol'], protocol);
          if (line['provider'] !== undefined) {
            assert.equal(line['targetProtocol'] ?? protocol, current().targetProtocol ?? protocol);
          }
          assert.notEqual(line['errorOrigin'], 'gateway', JSON.stringify(line));
        }
      });
    });
  }
}
