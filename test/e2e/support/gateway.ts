import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../../../src/app/app.ts';
import type { App } from '../../../src/app/app.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { isObject } from '../../../src/domain/json.ts';
import type { AtelierConfig } from '../../../src/domain/settings.ts';
import { requestLog } from '../../../src/telemetry/log.ts';
import { vendorSummaries } from '../../../src/upstream/vendors/index.ts';

/** A gateway on a free loopback port, as `atelier serve` makes it, with its log kept in memory. */
export interface TestGateway extends AsyncDisposable {
  app: App;
  /** `http://127.0.0.1:PORT`. */
  url: string;
  /** Every log line so far. */
  log: JsonObject[];
  /** The audit lines of requests, in the order in which they were settled. */
  requests(): JsonObject[];
  close(): Promise<void>;
}

/**
 * Starts a gateway configured by these environment variables alone; with none it answers from the sandbox.
 * `adjust` is for values that no person would configure, such as pauses of milliseconds.
 */
export async function startGateway(
  env: Record<string, string> = {},
  adjust: (config: AtelierConfig) => AtelierConfig = (config) => config,
): Promise<TestGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-test-'));
  const { config } = loadConfig({
    env: { PORT: '0', ATELIER_OLLAMA_AUTO_DETECT: 'false', ...env },
    cwd: folder,
    vendors: vendorSummaries(),
  });
  const log: JsonObject[] = [];
  const sink = {
    write(line: string) {
      const parsed: unknown = JSON.parse(line);
      if (isObject(parsed)) log.push(parsed);
    },
    writeLater(makeLine: () => string) {
      this.write(makeLine());
    },
  };
  const logger = pino({ base: null, level: 'debug' }, sink);
  const app = await createApp({ config: adjust(config), log: logger, logRequest: requestLog(logger, sink) });
  await app.listen();
  const close = async (): Promise<void> => {
    await app.close(500);
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    app,
    url: `http://127.0.0.1:${app.address.port}`,
    log,
    requests: () => log.filter((line) => line['event'] === 'request'),
    close,
    [Symbol.asyncDispose]: close,
  };
}
