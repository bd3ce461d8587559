import type { App, createApp } from '../app/app.ts';
import { ConfigError } from '../config/problem.ts';
import type { LoadedConfig } from '../config/load.ts';
import { watchConfig } from '../config/watch.ts';
import type { ConfigChange, ConfigWatcher, FolderWatcher } from '../config/watch.ts';
import type { createLog, Log } from '../telemetry/log.ts';
import { banner } from './banner.ts';
import type { CliContext } from './context.ts';
import { explainStartError, formatWarnings, reportConfigError } from './messages.ts';
import { watchStopSignals } from './stop-signals.ts';
import { version } from '../version.ts';

/** What `serve` is made of; a test gives its own. */
export interface ServeParts {
  /** Reads and validates the configuration; throws ConfigError. */
  load: () => LoadedConfig;
  createApp: typeof createApp;
  createLog: typeof createLog;
  watchFolder?: FolderWatcher;
}

/** `atelier serve`: runs the gateway until it is asked to stop. Gives the exit code. */
export async function serve(context: CliContext, parts: ServeParts): Promise<number> {
  const signals = watchStopSignals(context);
  try {
    const loaded = parts.load();
    context.writeError(formatWarnings(loaded.warnings));
    const log = parts.createLog(loaded.config.log);
    const app = await start(context, parts, { loaded, log });
    if (app === undefined) return 1;
    const watcher = followConfig(context, parts, { loaded, log, app });
    signals.ready();
    const signal = await signals.stopped;
    await stop({ context, app, log, watcher, signal });
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return reportConfigError(context, error);
  } finally {
    signals.dispose();
  }
}

interface Started {
  loaded: LoadedConfig;
  log: Log;
}

/** The listening app, or undefined after saying why there is none. */
async function start(context: CliContext, parts: ServeParts, { loaded, log }: Started): Promise<App | undefined> {
  const { config, file } = loaded;
  try {
    const app = await parts.createApp({ config, log: log.logger, logRequest: log.request });
    await app.listen();
    const hasMasterKey = config.masterKey !== undefined;
    const facts = { version, address: app.address, summary: app.summary(), hasMasterKey };
    context.write(banner(file === undefined ? facts : { ...facts, file }));
    return app;
  } catch (error) {
    await log.flush();
    context.writeError(`${explainStartError(error, config.server, loaded)}\n`);
    return undefined;
  }
}

/** Keeps the app on the newest valid configuration. */
function followConfig(context: CliContext, parts: ServeParts, started: Started & { app: App }): ConfigWatcher {
  const { logger } = started.log;
  return watchConfig({
    current: started.loaded,
    load: parts.load,
    onChange: async ({ loaded, needRestart }: ConfigChange) => {
      await started.app.reload(loaded.config);
      const providers = loaded.config.providers.map(({ name }) => name);
      logger.info({ event: 'config', providers }, 'configuration reloaded');
      for (const { path, message } of loaded.warnings) logger.warn({ event: 'config', setting: path }, message);
      if (needRestart.length > 0) {
        logger.warn({ event: 'config', settings: needRestart }, 'these settings take effect only after a restart');
      }
      // Last, so that a quieter level does not swallow the lines above.
      logger.level = loaded.config.log.level;
    },
    onError: (error) => {
      const problem = error instanceof Error ? error.message : String(error);
      logger.error({ event: 'config', problem }, 'configuration not reloaded, the old one stays in service');
    },
    onUnchanged: () => logger.info({ event: 'config' }, 'configuration read again, nothing differs'),
    signals: context.signals,
    ...(parts.watchFolder === undefined ? {} : { watchFolder: parts.watchFolder }),
  });
}

interface Running {
  context: CliContext;
  app: App;
  log: Log;
  watcher: ConfigWatcher;
  signal: string;
}

async function stop({ context, app, log, watcher, signal }: Running): Promise<void> {
  // First, since a change that is just coming into service may change the grace.
  await watcher.close();
  const graceSeconds = watcher.current().config.server.shutdownGraceSeconds;
  const again = signal === 'SIGINT' ? '; Ctrl-C again stops at once' : '';
  context.write(`Stopping: running requests may finish within ${graceSeconds} s${again}.\n`);
  await app.close(graceSeconds * 1000);
  await log.flush();
}
