import { createHash } from 'node:crypto';
import { createClient } from '@redis/client';
import { StoreUnavailable } from '../../domain/store-unavailable.ts';

/** Runs scripts on a Redis server. Nothing waits for a connection: without one every call is rejected at once. */
export interface ScriptClient {
  run(script: string, prefix: string, parameters: readonly string[]): Promise<unknown>;
  get(key: string): Promise<string | undefined>;
  /** Rejects when the server does not answer. */
  ping(): Promise<void>;
  close(): void;
}

/** Commands waiting for their answers; more are refused. */
const queueLimit = 50_000;

/**
 * Connects, and goes on trying when that fails or breaks. Resolves when the first attempt is over, with or without a
 * connection. Commands of one turn go out together.
 */
export async function connectRedis(url: string): Promise<ScriptClient> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: queueLimit,
    socket: { connectTimeout: 2_000, reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 6), 2_000) },
  });
  const firstAttempt = new Promise<void>((resolve) => {
    client.once('ready', resolve);
    // Errors also reject the calls that meet them; a listener keeps them from ending the process.
    client.on('error', () => resolve());
  });
  void client.connect().catch(() => undefined);
  await firstAttempt;
  const digests = new Map<string, string>();
  const digestOf = (script: string): string => {
    const digest = digests.get(script) ?? createHash('sha1').update(script).digest('hex');
    digests.set(script, digest);
    return digest;
  };
  return {
    async run(script, prefix, parameters) {
      const rest = ['1', prefix, ...parameters];
      try {
        return await client.sendCommand(['EVALSHA', digestOf(script), ...rest]);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw unavailable(error);
        return client.sendCommand(['EVAL', script, ...rest]).catch((reason: unknown) => {
          throw unavailable(reason);
        });
      }
    },
    async get(key) {
      const value = await client.sendCommand(['GET', key]).catch((reason: unknown) => {
        throw unavailable(reason);
      });
      return typeof value === 'string' ? value : undefined;
    },
    async ping() {
      await client.sendCommand(['PING']).catch((reason: unknown) => {
        throw unavailable(reason);
      });
    },
    close: () => client.destroy(),
  };
}

function unavailable(error: unknown): StoreUnavailable {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailable(`Redis: ${reason}`, { cause: error });
}
