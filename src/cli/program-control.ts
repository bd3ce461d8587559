import { Option } from 'commander';
import type { Command } from 'commander';
import type { AccountOptions } from './account.ts';
import type { CliContext } from './context.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import type { DatabaseOptions, DatabaseParts } from './db.ts';
import type { KeyCreateOptions, KeyListOptions } from './keys.ts';
import type { SubscriptionCreateOptions, SubscriptionListOptions } from './subscriptions.ts';
import type { UsageOptions } from './usage.ts';

/** The commands that administer a gateway: keys, plans, subscriptions, provider keys, usage, the database. */
export function addControlCommands(program: Command, context: CliContext, finish: (code: number) => void): void {
  const tools = { context, finish };
  addKeys(program, tools);
  addPlans(program, tools);
  addSubscriptions(program, tools);
  addSecrets(program, tools);
  addUsage(program, tools);
  addDatabase(program, tools);
}

interface Tools {
  context: CliContext;
  finish: (code: number) => void;
}

type Run<Options> = (context: CliContext, options: Options, parts: ControlParts) => Promise<number>;

/** The action of a command with the real parts; what it is made of is loaded when it runs. */
function action<Options>({ context, finish }: Tools, load: () => Promise<Run<Options>>) {
  return async (options: Options): Promise<void> => {
    const [run, { builtInParts }] = await Promise.all([load(), import('./control-built-in.ts')]);
    finish(await run(context, options, builtInParts));
  };
}

/** The same for a command with one argument, which becomes the option of this name. */
function actionOn<Name extends string>(
  name: Name,
  tools: Tools,
  load: () => Promise<Run<ControlOptions & Record<Name, string>>>,
) {
  const run = action(tools, load);
  // A computed name of a generic type is only known as an index to the compiler.
  return (value: string, options: ControlOptions): Promise<void> =>
    run({ ...options, [name]: value } as ControlOptions & Record<Name, string>);
}

function withControlOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', "the gateway's configuration file (default: ./config.yaml if there is one)")
    .option('-p, --port <number>', "the gateway's port")
    .option('--host <address>', "the gateway's address")
    .option('--data-dir <folder>', "the gateway's data folder")
    .option('--url <url>', 'a gateway elsewhere')
    .option('--key <key>', 'a key of the gateway (default: ATELIER_KEY, else ATELIER_MASTER_KEY)')
    .addOption(new Option('--json', 'print JSON').conflicts('csv'))
    .option('--csv', 'print CSV');
}

function addKeys(program: Command, tools: Tools): void {
  const keys = program.command('keys').description('make and change the keys of the gateway');
  withControlOptions(keys.command('create'))
    .description('make a key and show it this once')
    .requiredOption('--owner <name>', 'who holds it')
    .option('--admin', 'a key that administers the gateway')
    .option('--label <name=value...>', 'labels for reports')
    .option('--models <model...>', 'these models only (default: all)')
    .option('--providers <provider...>', 'these providers only (default: all)')
    .option('--ip <range...>', 'from these addresses or CIDR ranges only (default: from anywhere)')
    .option('--expires <when>', 'a span such as 30d, a day or a time (default: never)')
    .action(action<KeyCreateOptions>(tools, async () => (await import('./keys.ts')).keysCreate));
  withControlOptions(keys.command('list'))
    .description('list the keys')
    .option('--owner <name>', 'those of one holder')
    .option('--limit <number>', 'how many at most', '200')
    .action(action<KeyListOptions>(tools, async () => (await import('./keys.ts')).keysList));
  withControlOptions(keys.command('show <id>'))
    .description('show a key, but never its text')
    .action(actionOn('id', tools, async () => (await import('./keys.ts')).keysShow));
  const changes = { revoke: 'end a key for good', disable: 'stop a key', enable: 'let a disabled key work again' };
  for (const change of ['revoke', 'disable', 'enable'] as const) {
    withControlOptions(keys.command(`${change} <id>`))
      .description(changes[change])
      .action(
        actionOn('id', tools, async () => {
          const { keysChange } = await import('./keys.ts');
          return (context, options, parts) => keysChange(context, { ...options, action: change }, parts);
        }),
      );
  }
  withControlOptions(keys.command('reset <id>'))
    .description('end a key at once and make another in its place')
    .action(actionOn('id', tools, async () => (await import('./keys.ts')).keysReset));
}

function addPlans(program: Command, tools: Tools): void {
  const plans = program.command('plans').description('show what subscriptions can buy');
  withControlOptions(plans.command('list'))
    .description('list the plans')
    .action(action<ControlOptions>(tools, async () => (await import('./plans.ts')).plansList));
  withControlOptions(plans.command('show <name>'))
    .description('show a plan')
    .action(actionOn('name', tools, async () => (await import('./plans.ts')).plansShow));
}

function addSubscriptions(program: Command, tools: Tools): void {
  const subscriptions = program.command('subscriptions').description('sell, renew and end subscriptions to plans');
  withControlOptions(subscriptions.command('create'))
    .description('start a subscription now and show its key this once')
    .requiredOption('--owner <name>', 'the account')
    .requiredOption('--plan <name>', 'the plan')
    .action(
      action<SubscriptionCreateOptions>(tools, async () => (await import('./subscriptions.ts')).subscriptionsCreate),
    );
  withControlOptions(subscriptions.command('list'))
    .description('list the subscriptions')
    .option('--owner <name>', 'those of one account')
    .option('--limit <number>', 'how many at most', '200')
    .action(action<SubscriptionListOptions>(tools, async () => (await import('./subscriptions.ts')).subscriptionsList));
  withControlOptions(subscriptions.command('show <id>'))
    .description('show a subscription and what is left in its windows')
    .action(actionOn('id', tools, async () => (await import('./subscriptions.ts')).subscriptionsShow));
  const changes = { renew: 'add one term to the end', cancel: 'end a subscription and its key at once' };
  for (const change of ['renew', 'cancel'] as const) {
    withControlOptions(subscriptions.command(`${change} <id>`))
      .description(changes[change])
      .action(actionOn('id', tools, () => subscriptionChange(change)));
  }
  withControlOptions(subscriptions.command('upgrade <id>'))
    .description('change to a larger plan at once; key and use stay')
    .requiredOption('--plan <name>', 'the larger plan')
    .action(actionOn('id', tools, () => subscriptionChange('upgrade')));
}

async function subscriptionChange(
  change: 'renew' | 'upgrade' | 'cancel',
): Promise<Run<ControlOptions & { id: string }>> {
  const { subscriptionsChange } = await import('./subscriptions.ts');
  return (context, options, parts) => subscriptionsChange(context, { ...options, action: change }, parts);
}

function addSecrets(program: Command, tools: Tools): void {
  const secrets = program.command('secrets').description('keep the keys of providers in the database, encrypted');
  withControlOptions(secrets.command('set <provider>'))
    .description("store a provider's key, which is read from standard input")
    .action(actionOn('provider', tools, async () => (await import('./provider-secrets.ts')).secretsSet));
  withControlOptions(secrets.command('list'))
    .description('list the providers whose key is stored')
    .action(action<ControlOptions>(tools, async () => (await import('./provider-secrets.ts')).secretsList));
  withControlOptions(secrets.command('delete <provider>'))
    .description("delete a provider's stored key")
    .action(actionOn('provider', tools, async () => (await import('./provider-secrets.ts')).secretsDelete));
}

function addUsage(program: Command, tools: Tools): void {
  const groupings = ['day', 'hour', 'model', 'key', 'provider', 'agent'];
  withControlOptions(program.command('usage'))
    .description('show what was used')
    .addOption(new Option('--by <what>', 'sum up by').choices(groupings).default('day'))
    .option('--since <when>', 'a span such as 7d, a day or a time', '30d')
    .option('--until <when>', 'the same (default: now)')
    .option('--key-id <id>', 'of one key')
    .option('--owner <name>', 'of one holder')
    .option('--model <model>', 'of one model')
    .option('--provider <provider>', 'of one provider')
    .action(action<UsageOptions>(tools, async () => (await import('./usage.ts')).usage));
  withControlOptions(program.command('meters'))
    .description("show how the plans of the providers' own keys stand")
    .action(action<ControlOptions>(tools, async () => (await import('./meters.ts')).meters));
  withControlOptions(program.command('account'))
    .description('show what is left in the plan of a key, and what was used with it')
    .addOption(new Option('--line', 'one line for the status line of an agent').conflicts(['json', 'csv']))
    .option('--days <number>', 'how far back use is summed up', '30')
    .action(action<AccountOptions>(tools, async () => (await import('./account.ts')).account));
}

function addDatabase(program: Command, tools: Tools): void {
  const database = program.command('db').description('look after the database');
  const parts = async (): Promise<DatabaseParts> => {
    const [maintenance, { describeDatabase }] = await Promise.all([
      import('../store/maintenance.ts'),
      import('../store/open.ts'),
    ]);
    return { maintenance, describe: describeDatabase };
  };
  const load = () => import('./db.ts');
  withDatabaseOptions(database.command('migrate'))
    .description('bring the schema up to date, as each start does')
    .action(async (options: DatabaseOptions) =>
      tools.finish(await (await load()).databaseMigrate(tools.context, options, await parts())),
    );
  withDatabaseOptions(database.command('check'))
    .description('look for damage; exit code 1 when there is some')
    .action(async (options: DatabaseOptions) =>
      tools.finish(await (await load()).databaseCheck(tools.context, options, await parts())),
    );
  withDatabaseOptions(database.command('adopt-secret'))
    .description("let the data folder's server.secret be the one that keys belong to, when theirs is lost")
    .action(async (options: DatabaseOptions) =>
      tools.finish(await (await load()).databaseAdoptSecret(tools.context, options, await parts())),
    );
  const onFile = {
    backup: { description: 'copy the database into a file, also while the gateway runs', run: 'databaseBackup' },
    export: { description: 'write every row as JSON lines, to move to another database', run: 'databaseExport' },
    import: { description: 'fill an empty database from an export', run: 'databaseImport' },
  } as const;
  for (const name of ['backup', 'export', 'import'] as const) {
    const { description, run } = onFile[name];
    withDatabaseOptions(database.command(`${name} <file>`))
      .description(description)
      .action(async (file: string, options: DatabaseOptions) =>
        tools.finish(await (await load())[run](tools.context, { ...options, file }, await parts())),
      );
  }
}

function withDatabaseOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', "the gateway's configuration file (default: ./config.yaml if there is one)")
    .option('--data-dir <folder>', "the gateway's data folder")
    .addOption(new Option('--json', 'print JSON').conflicts('csv'))
    .option('--csv', 'print CSV');
}
