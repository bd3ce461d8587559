import { createSandbox } from '../sandbox/sandbox.ts';
import { listenBackend } from '../sandbox/server.ts';
import type { CliContext } from './context.ts';
import { sandbox } from './sandbox.ts';
import type { SandboxCommandOptions } from './sandbox.ts';

/** `atelier sandbox` with the real parts. */
export function sandboxWithBuiltIns(context: CliContext, options: SandboxCommandOptions): Promise<number> {
  const backend = createSandbox({
    ...(options.plan === undefined ? {} : { plan: options.plan }),
    ...(options.key === undefined ? {} : { keys: options.key }),
  });
  return sandbox(context, options, { listen: (address) => listenBackend(backend, address) });
}
