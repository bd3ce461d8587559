import { EventEmitter } from 'node:events';

import { pino } from 'pino';

import type { App } from '../../../src/app/app.ts';
import type { CliContext } from '../../../src/cli/context.ts';
import type { ServeParts } from '../../../src/cli/serve.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { LoadedConfig } from '../../../src/config/load.ts';
import type { AtelierConfig } from '../../../src/domain/settings.ts';
import { requestLog } from '../../../src/telemetry/log.ts';
import type { Log, Logger } from '../../../src/telemetry/log.ts';
import { inFolder, vendors } from '../config/sample.ts';

/** A process that records what it is told. */
export class FakeProcess implements CliContext {
  cwd = '/nowhere';
  env: Record<string, string> = {};
  signals = new EventEmitter();
  screen = { columns: 80, colours: false };
  /** What is piped in; undefined for a terminal where nobody types. */
  piped: string[] | undefined;
  output = '';
  errors = '';
  exits: number[] = [];
  write = (text: string): void => {
    this.output += text;
  };
  writeError = (text: string): void => {
    this.errors += text;
  };
  get input() {
    const pieces = this.piped ?? [];
    async function* read(): AsyncGenerator<string> {
      yield* pieces;
    }
    return { isTerminal: this.piped === undefined, read };
  }
  exit = (code: number): void => {
    this.exits.push(code);
  };
}

/** A configuration as from an empty folder. */
export function sampleConfig(env: Record<string, string> = {}): LoadedConfig {
  return inFolder({}, (cwd) => loadConfig({ cwd, env, vendors }));
}

/** An app that only notes what is asked of it. */
export class FakeApp implements App {
  readonly calls: string[] = [];
  readonly reloaded: AtelierConfig[] = [];
  readonly config: AtelierConfig;
  /** Makes `listen` fail. */
  listenError: Error | undefined;

  constructor(config: AtelierConfig) {
    this.config = config;
  }

  get address() {
    return { host: this.config.server.host, port: this.config.server.port };
  }

  listen(): Promise<void> {
    this.calls.push('listen');
    return this.listenError === undefined ? Promise.resolve() : Promise.reject(this.listenError);
  }

  reload(config: AtelierConfig): Promise<void> {
    this.reloaded.push(config);
    return Promise.resolve();
  }

  summary() {
    return {
      providers: ['sandbox (embedded)'],
      store: 'sqlite data/atelier.db',
      open: this.config.masterKey === undefined,
      exampleModel: 'qwen-plus',
    };
  }

  close(graceMs: number): Promise<void> {
    this.calls.push(`close ${graceMs}`);
    return Promise.resolve();
  }
}

/** A logger whose lines are kept as `level: message {fields}`. */
export function recordingLog(): Log & { messages: string[] } {
  const messages: string[] = [];
  const formatters = { level: (label: string) => ({ level: label }) };
  const write = (line: string) => {
    const { level, msg, ...fields } = JSON.parse(line);
    messages.push(`${level}: ${msg} ${JSON.stringify(fields)}`);
  };
  const logger = pino({ base: null, timestamp: false, formatters }, { write });
  return {
    logger,
    request: requestLog(logger, { writeLater: (makeLine) => write(makeLine()) }),
    messages,
    flush: () => Promise.resolve(void messages.push('flushed')),
  };
}

/** The parts of `serve` around a fake app. */
export function fakeParts(load: () => LoadedConfig): {
  parts: ServeParts;
  apps: FakeApp[];
  messages: string[];
  logger: Logger;
} {
  const apps: FakeApp[] = [];
  const log = recordingLog();
  const parts: ServeParts = {
    load,
    createApp: ({ config }) => {
      const app = new FakeApp(config);
      apps.push(app);
      return Promise.resolve(app);
    },
    createLog: () => log,
    watchFolder: () => () => {},
  };
  return { parts, apps, messages: log.messages, logger: log.logger };
}
