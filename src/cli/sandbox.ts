import type { Plan } from '../domain/provider.ts';
import { checkValue } from '../config/check-value.ts';
import { ConfigError } from '../config/problem.ts';
import { settingEntries } from '../config/schema.ts';
import { version } from '../version.ts';
import type { ListeningBackend } from '../sandbox/server.ts';
import type { CliContext } from './context.ts';
import { explainStartError, reportConfigError } from './messages.ts';
import { watchStopSignals } from './stop-signals.ts';

/** Its options on the command line. */
export interface SandboxCommandOptions {
  port: string;
  host: string;
  /** Which product's hosts it plays; without one it takes every path. */
  plan?: Plan;
  /** The keys it accepts; without any it accepts every key, and none. */
  key?: string[];
}

/** What `sandbox` is made of; a test gives its own. */
export interface SandboxParts {
  listen: (address: { host: string; port: number }) => Promise<ListeningBackend>;
}

const graceMs = 2_000;

/** `atelier sandbox`: the embedded Model Studio alone, until it is asked to stop. Gives the exit code. */
export async function sandbox(
  context: CliContext,
  options: SandboxCommandOptions,
  parts: SandboxParts,
): Promise<number> {
  const problems = [check('server.port', options.port, '--port'), check('server.host', options.host, '--host')].flat();
  if (problems.length > 0) return reportConfigError(context, new ConfigError(problems));
  const address = { host: options.host, port: Number(options.port) };
  const signals = watchStopSignals(context);
  try {
    const running = await parts.listen(address);
    context.write(sandboxBanner(running.address, options));
    signals.ready();
    await signals.stopped;
    await running.close(graceMs);
    return 0;
  } catch (error) {
    context.writeError(`${explainStartError(error, { ...address, command: 'sandbox' })}\n`);
    return 1;
  } finally {
    signals.dispose();
  }
}

/** The same rules as for the gateway's own address. */
function check(path: string, value: string, flag: string) {
  const schema = settingEntries.find((entry) => entry.path === path)?.schema;
  return schema === undefined ? [] : checkValue({ path, schema, value, originOf: () => ({ kind: 'option', flag }) });
}

function sandboxBanner({ host, port }: { host: string; port: number }, { plan, key }: SandboxCommandOptions): string {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const openai = plan === 'coding' ? `${url}/v1` : `${url}/compatible-mode/v1`;
  const both = plan === undefined ? `, and ${url}/v1 as the Coding Plan hosts have it` : '';
  const keys = key === undefined ? 'any key is accepted' : `${key.length} accepted`;
  return `Atelier sandbox ${version} on ${url}
openai     ${openai}${both}
anthropic  ${url}/apps/anthropic
keys       ${keys}
`;
}
