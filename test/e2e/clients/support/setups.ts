import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { listenBackend } from '../../../../src/sandbox/server.ts';
import type { JsonObject } from '../../../../src/domain/json.ts';
import type { Protocol } from '../../../../src/domain/protocol.ts';
import { createSandbox } from '../../../../src/sandbox/sandbox.ts';
import { startGateway } from '../../support/gateway.ts';

/** The models to ask for. */
interface Models {
  text: string;
  /** Thinks unless told not to. */
  thinking: string;
  vision: string;
  /** Takes a JSON Schema for its answer, while it does not think. */
  structured: string;
}

/** The sandbox serves these on both protocols. */
const onBoth: Models = {
  text: 'qwen-plus',
  thinking: 'qwen3.5-plus',
  vision: 'qwen3-vl-plus',
  structured: 'qwen3.7-plus',
};

/** Open models, which Model Studio does not serve to Anthropic clients; the thinking one thinks only in streams. */
const onOpenaiOnly: Models = {
  text: 'qwen3-30b-a3b-instruct-2507',
  thinking: 'qwen3-32b',
  vision: 'qwen3-vl-32b-instruct',
  structured: 'qwen3-30b-a3b-instruct-2507',
};

/** A gateway that a client talks to, whatever stands behind it. */
export interface Backed extends AsyncDisposable {
  models: Models;
  /** `http://127.0.0.1:PORT`. */
  url: string;
  /** The protocol that the provider behind it speaks; undefined: the client's own. */
  targetProtocol: Protocol | undefined;
  /** The audit lines so far. */
  requests(): JsonObject[];
}

export interface Setup {
  name: string;
  /** The clients it says something about; undefined: all. */
  clients?: readonly Protocol[];
  /** What the provider speaks; undefined: both. */
  targetProtocol: Protocol | undefined;
  /** The gateway knows that Model Studio is behind it, and so how thinking and parallel calls are asked for there. */
  knowsPlatform: boolean;
  start(): Promise<Backed>;
}

/** Retries happen, but nobody waits for them. */
const quickRetries = { ATELIER_RETRY_BASE_DELAY_MS: '1', ATELIER_RETRY_MAX_DELAY_MS: '5' };

/** A gateway whose only provider is a sandbox behind a port, spoken to in one protocol. */
function onlySpeaking(targetProtocol: Protocol, prefix: string, path: string): Setup {
  return {
    name: `a provider that speaks only ${targetProtocol}`,
    targetProtocol,
    knowsPlatform: targetProtocol === 'anthropic-messages',
    async start() {
      const sandbox = await listenBackend(createSandbox(), { host: '127.0.0.1', port: 0 });
      const gateway = await startGateway({
        ...quickRetries,
        [`${prefix}_BASE_URL`]: `http://127.0.0.1:${sandbox.address.port}${path}`,
        [`${prefix}_MODELS`]: Object.values(onBoth).join(','),
        CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
      });
      return {
        url: gateway.url,
        models: onBoth,
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

function embedded(models: Models, targetProtocol: Protocol | undefined): () => Promise<Backed> {
  return async () => {
    const gateway = await startGateway(quickRetries);
    const { url, requests, close } = gateway;
    return { url, models, targetProtocol, requests, [Symbol.asyncDispose]: close };
  };
}

/** What stands behind the gateway: the sandbox itself, or it alone in one protocol. */
export const setups: readonly Setup[] = [
  { name: 'the embedded sandbox', targetProtocol: undefined, knowsPlatform: true, start: embedded(onBoth, undefined) },
  {
    name: 'models of the embedded sandbox that are served on openai-chat only',
    clients: ['anthropic-messages'],
    targetProtocol: 'openai-chat',
    knowsPlatform: true,
    start: embedded(onOpenaiOnly, 'openai-chat'),
  },
  onlySpeaking('openai-chat', 'OPENAI_COMPATIBLE', '/compatible-mode/v1'),
  onlySpeaking('anthropic-messages', 'ANTHROPIC_COMPATIBLE', '/apps/anthropic'),
];

/**
 * Runs one client's tests against each backing: together with a client of the other protocol that is every combination
 * of the protocols in front and behind. At the end the gateway's log must tell that the right way was taken.
 */
export function onEveryBacking(
  client: string,
  protocol: Protocol,
  define: (backed: () => Backed, setup: Pick<Setup, 'knowsPlatform'>) => void,
): void {
  for (const setup of setups) {
    if (setup.clients?.includes(protocol) === false) continue;
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
      define(current, setup);
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
