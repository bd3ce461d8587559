import { Command, CommanderError, Option } from 'commander';
import { nearest } from '../config/nearest.ts';
import type { CliContext } from './context.ts';
import type { ErrorsOptions } from './errors.ts';
import type { ExplainOptions } from './explain.ts';
import type { ConfigOptions } from './options.ts';
import { addControlCommands } from './program-control.ts';
import type { SandboxCommandOptions } from './sandbox.ts';
import { version } from '../version.ts';

// Each command's own module is imported when it runs: `--help` stays quick, and `serve` reads only what it needs.

/** Runs the command line and gives the exit code. `argv` holds the arguments only, without program and script. */
export async function run(argv: readonly string[], context: CliContext): Promise<number> {
  const result = { code: 0 };
  const program = createProgram(context, (code) => {
    result.code = code;
  });
  try {
    refuseUnknownCommand(program, argv);
    await program.parseAsync(argv, { from: 'user' });
    return result.code;
  } catch (error) {
    // Commander has already printed help, version or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
}

/** Since `serve` is what runs without a command, any other word would be taken for one of its arguments. */
function refuseUnknownCommand(program: Command, [first]: readonly string[]): void {
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (first === undefined || first === '' || first.startsWith('-') || names.includes(first)) return;
  const meant = nearest(first, names);
  program.error(`error: unknown command '${first}'${meant === undefined ? '' : `\n(Did you mean ${meant}?)`}`);
}

/** Takes a command's exit code. */
export type Finish = (code: number) => void;

function createProgram(context: CliContext, finish: Finish): Command {
  const program = new Command('atelier')
    .description('A self-hosted Model Studio: OpenAI and Anthropic in front, Model Studio and others behind.')
    .version(version, '-v, --version')
    .configureOutput({ writeOut: context.write, writeErr: context.writeError })
    .exitOverride();
  addServe(program, context, finish);
  addConfig(program, context, finish);
  addSandbox(program, context, finish);
  addExplain(program, context, finish);
  addErrors(program, context, finish);
  addControlCommands(program, context, finish);
  addVersion(program, context, finish);
  pointToHelp(program, program.name());
  return program;
}

/** After a mistake each command names the help that is about itself. */
function pointToHelp(command: Command, call: string): void {
  const what = command.commands.length > 0 ? 'lists the commands' : 'tells what it takes';
  command.showHelpAfterError(`(${call} --help ${what})`);
  for (const each of command.commands) pointToHelp(each, `${call} ${each.name()}`);
}

function withConfigOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration file (default: ./config.yaml if there is one)')
    .option('-p, --port <number>', 'port to listen on')
    .option('--host <address>', 'address to listen on')
    .option('--data-dir <folder>', 'folder for everything the gateway keeps');
}

function addServe(program: Command, context: CliContext, finish: Finish): void {
  withConfigOptions(program.command('serve', { isDefault: true }))
    .description('run the gateway (what atelier does without a command)')
    .action(async (options: ConfigOptions) => {
      const { serveWithBuiltIns } = await import('./serve-built-in.ts');
      finish(await serveWithBuiltIns(context, options));
    });
}

function addConfig(program: Command, context: CliContext, finish: Finish): void {
  const config = program.command('config').description('check or show the configuration');
  withConfigOptions(config.command('check'))
    .description('say what is wrong with the configuration, with file, line and column')
    .action(async (options: ConfigOptions) => {
      const { configCheck } = await import('./config-check.ts');
      finish(configCheck(context, options));
    });
  withConfigOptions(config.command('print'))
    .description('show the effective values and where each came from; secrets are masked')
    .action(async (options: ConfigOptions) => {
      const { configPrint } = await import('./config-print.ts');
      finish(configPrint(context, options));
    });
}

function addSandbox(program: Command, context: CliContext, finish: Finish): void {
  program
    .command('sandbox')
    .description('run the sandbox alone: a strict Model Studio without key and network')
    .option('-p, --port <number>', 'port to listen on', '8090')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--plan <plan>', 'play the hosts of one product only').choices(['payg', 'coding', 'token', 'trial']),
    )
    .option('--key <key...>', 'accept these keys only (default: any)')
    .action(async (options: SandboxCommandOptions) => {
      const { sandboxWithBuiltIns } = await import('./sandbox-built-in.ts');
      finish(await sandboxWithBuiltIns(context, options));
    });
}

function addLanguage(command: Command): Command {
  return command
    .option('--json', 'print JSON')
    .addOption(new Option('--lang <language>', 'default: that of the terminal').choices(['en', 'zh']));
}

function addExplain(program: Command, context: CliContext, finish: Finish): void {
  addLanguage(program.command('explain'))
    .description('say what an error means and what to do: a pasted text, a code, or a log on standard input')
    .argument('[text]', 'anything with the error in it, or the id of one; - reads standard input')
    .option('--code <code>', 'error code, such as limit_burst_rate or Throttling.RateQuota')
    .option('--status <status>', 'HTTP status, such as 429')
    .action(async (text: string | undefined, options: ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      finish(await explain(context, text, options));
    });
}

function addErrors(program: Command, context: CliContext, finish: Finish): void {
  addLanguage(program.command('errors'))
    .description('list the errors that are known')
    .option('--area <area>', 'of one area only, such as chat or plan')
    .option('--search <words>', 'with these words in message, code, status, cause or fix')
    .action(async (options: ErrorsOptions) => {
      const { listErrors } = await import('./errors.ts');
      finish(listErrors(context, options));
    });
}

function addVersion(program: Command, context: CliContext, finish: Finish): void {
  program
    .command('version')
    .description('show the versions of Atelier and Node')
    .action(async () => {
      const { printVersion } = await import('./version.ts');
      finish(printVersion(context));
    });
}
