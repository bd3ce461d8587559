import { CommandError, withControl } from './control-client.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import { rowsIn, segment } from './control-list.ts';
import type { CliContext } from './context.ts';
import { printRows } from './output.ts';

export interface SecretOptions extends ControlOptions {
  provider: string;
}

const path = '/admin/api/provider-secrets';

/** `atelier secrets set`: the secret comes from standard input, since arguments are seen by everybody on the machine. */
export function secretsSet(context: CliContext, options: SecretOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts, creates: true }, async (client) => {
    const secret = await readSecret(context);
    if (secret === '') {
      throw new CommandError(
        `the key of ${options.provider} is read from standard input: atelier secrets set ${options.provider} < FILE`,
      );
    }
    await client.ask({ method: 'PUT', path: `${path}/${segment(options.provider)}`, body: { secret } });
    context.write(`The key of ${options.provider} is stored, encrypted.\n`);
  });
}

export function secretsList(context: CliContext, options: ControlOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const page = await client.ask({ method: 'GET', path });
    const rows = rowsIn(page['data']);
    printRows(context, rows, { columns: [{ name: 'provider' }], options, empty: 'No provider key is stored.' });
  });
}

export function secretsDelete(context: CliContext, options: SecretOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    await client.ask({ method: 'DELETE', path: `${path}/${segment(options.provider)}` });
    context.write(`The stored key of ${options.provider} is deleted.\n`);
  });
}

/** Longer than any key; the rest of a wrong file is not read. */
const longest = 16_384;

async function readSecret({ input }: CliContext): Promise<string> {
  if (input.isTerminal) return '';
  let text = '';
  for await (const piece of input.read()) {
    text += piece;
    if (text.length > longest) throw new CommandError('standard input is too long to be a key');
  }
  return text.trim();
}
