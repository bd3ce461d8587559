import { loadConfig } from '../config/load.ts';
import { ConfigError } from '../config/problem.ts';
import { asObject, asString, isObject } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import { vendorSummaries } from '../upstream/vendors/index.ts';
import type { CliContext } from './context.ts';
import { reportConfigError } from './messages.ts';
import type { ConfigOptions } from './options.ts';

/** Options of every command that administers a gateway. */
export interface ControlOptions extends ConfigOptions {
  /** A gateway elsewhere. */
  url?: string;
  key?: string;
  json?: true;
  csv?: true;
}

/** The variable that holds a key for these commands; the master key stands in for it. */
export const keyVariable = 'ATELIER_KEY';

/** Ends a command; the message is for the person at the terminal. */
export class CommandError extends Error {}

export interface ControlCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** What is undefined is left out. */
  query?: Record<string, string | undefined>;
  body?: JsonObject;
}

/** A way to the control plane of a gateway, running or not. */
export interface ControlClient {
  /** Rejects with CommandError. An answer without a body is an empty object. */
  ask(call: ControlCall): Promise<JsonObject>;
  /** An answer in plain text. */
  read(call: ControlCall): Promise<string>;
}

/** The data folder of a gateway that is stopped, with its control plane in this process. */
export interface OpenFolder {
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** What the way to a gateway is made of; a test gives its own. */
export interface ControlParts {
  fetch(request: Request): Promise<Response>;
  /** True when the configured database is there already. */
  exists(config: AtelierConfig): boolean;
  openFolder(config: AtelierConfig): Promise<OpenFolder>;
}

export interface ControlWork {
  /** For a key holder's own command: the key says whose account it is about. */
  holder?: true;
  /** May begin a data folder that is not there yet. */
  creates?: true;
}

/** Runs a command against the gateway, or against its data folder while it is stopped. Gives the exit code. */
export async function withControl(
  context: CliContext,
  { options, parts, ...kind }: ControlWork & { options: ControlOptions; parts: ControlParts },
  work: (client: ControlClient) => Promise<void>,
): Promise<number> {
  try {
    const found = await connect(context, { options, parts, ...kind });
    try {
      await work(clientOf(found));
    } finally {
      await found.close();
    }
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) return reportConfigError(context, error);
    if (!(error instanceof CommandError)) throw error;
    context.writeError(`atelier: ${error.message}\n`);
    return 1;
  }
}

interface Connection extends OpenFolder {
  /** Where requests go. */
  base: string;
  /** The same for people. */
  title: string;
  key: string | undefined;
}

async function connect(
  context: CliContext,
  { options, parts, holder, creates }: ControlWork & { options: ControlOptions; parts: ControlParts },
): Promise<Connection> {
  const { cwd, env } = context;
  const { config } = loadConfig({ argv: options, cwd, env, vendors: vendorSummaries() });
  const key = options.key ?? env[keyVariable] ?? config.masterKey;
  const overHttp = (base: string): Connection => ({
    fetch: parts.fetch,
    close: () => Promise.resolve(),
    base,
    title: base,
    key,
  });
  if (options.url !== undefined) return overHttp(checkedUrl(options.url));
  const url = urlOf(config.server);
  const answering = await whoAnswers(url, parts);
  if (answering === 'gateway') return overHttp(url);
  const nobody = answering === 'nobody' ? `no gateway answers at ${url}` : `another program answers at ${url}`;
  if (creates !== true && !parts.exists(config)) {
    throw new CommandError(
      `${nobody}, and nothing is kept in ${config.dataDir} yet. Start the gateway with "atelier serve", ` +
        'or say where it is with --url, --config or --data-dir.',
    );
  }
  if (holder === true && key === undefined)
    throw new CommandError(`say whose account: --key KEY, or ${keyVariable}=KEY`);
  context.writeError(`${nobody}; working on what is kept in ${config.dataDir}\n`);
  const folder = await parts.openFolder(config).catch((error: unknown) => {
    throw new CommandError(reasonOf(error));
  });
  // Who may read the folder administers it: only a holder's own command needs a key to say whose.
  const title = `what is kept in ${config.dataDir}`;
  return { ...folder, base: 'http://localhost', title, key: holder === true ? key : undefined };
}

async function whoAnswers(url: string, parts: ControlParts): Promise<'gateway' | 'another' | 'nobody'> {
  try {
    const response = await parts.fetch(new Request(`${url}/version`, { signal: AbortSignal.timeout(3_000) }));
    const body: unknown = await response.json();
    return isObject(body) && body['name'] === 'atelier' ? 'gateway' : 'another';
  } catch (error) {
    return error instanceof SyntaxError ? 'another' : 'nobody';
  }
}

/** A gateway that listens everywhere also listens here. */
function urlOf({ host, port }: { host: string; port: number }): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function checkedUrl(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new CommandError(`--url must be a URL, not "${text}"`);
  return text.replace(/\/+$/, '');
}

function clientOf(connection: Connection): ControlClient {
  return {
    async ask(call) {
      const text = await send(connection, call);
      const body: unknown = text === '' ? {} : JSON.parse(text);
      return isObject(body) ? body : {};
    },
    read: (call) => send(connection, call),
  };
}

async function send(connection: Connection, { method, path, query = {}, body }: ControlCall): Promise<string> {
  const { base, title, key } = connection;
  const url = new URL(base + path);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const request = new Request(url, {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  const response = await connection.fetch(request).catch((error: unknown) => {
    throw new CommandError(`${title} does not answer: ${reasonOf(error)}`);
  });
  const text = await response.text();
  if (!response.ok) throw new CommandError(explain(response.status, text, key));
  return text;
}

/** Network errors of `fetch` keep what happened in their cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

function explain(status: number, text: string, key: string | undefined): string {
  const message = messageIn(text) ?? `the gateway answered with status ${status}`;
  if (status !== 401) return message;
  const advice = key === undefined ? 'This gateway asks for a key' : 'The gateway does not know this key';
  return `${advice}: use --key KEY, ${keyVariable}=KEY or ATELIER_MASTER_KEY, or stop the gateway to work on its data folder.`;
}

function messageIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return asString(asObject(asObject(body)?.['error'])?.['message']);
  } catch {
    return undefined;
  }
}
