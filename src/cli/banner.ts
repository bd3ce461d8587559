import type { AppSummary } from '../app/summary.ts';

export interface BannerFacts {
  version: string;
  address: { host: string; port: number };
  summary: AppSummary;
  /** The configuration has a master key. */
  hasMasterKey?: boolean;
  /** The configuration file that was read. */
  file?: string;
}

/** What people see once the server listens: only what is really there. */
export function banner({ version, address, summary, hasMasterKey = false, file }: BannerFacts): string {
  const everywhere = address.host === '0.0.0.0' || address.host === '::';
  const url = baseUrlOf(everywhere ? { ...address, host: '127.0.0.1' } : address);
  const lines = [
    `Atelier ${version} on ${url}${everywhere ? ' and every other address of this machine' : ''}`,
    row('providers', providersText(summary.providers)),
    row('store', summary.store),
    summary.firstAdminKey === undefined
      ? row('access', accessText(summary.open, hasMasterKey))
      : row('admin key', firstKeyText(summary.firstAdminKey)),
    ...(file === undefined ? [] : [row('config', file)]),
    row('try', tryText(url, summary, hasMasterKey)),
  ];
  return `${lines.join('\n')}\n`;
}

const openText =
  'open: every program on this machine can use it; set ATELIER_MASTER_KEY, or make a key, to ask for one';

function accessText(open: boolean, hasMasterKey: boolean): string {
  if (open) return openText;
  const accepted = hasMasterKey ? 'ATELIER_MASTER_KEY, and keys made with it' : 'the keys of this gateway';
  return `with a key only: ${accepted} (atelier keys list)`;
}

function firstKeyText(key: string): string {
  return `${key}\n           made now, since other machines reach this address; it is shown this once: keep it, as ATELIER_KEY`;
}

function row(name: string, text: string): string {
  return `${name.padEnd(11)}${text}`;
}

function providersText(providers: string[]): string {
  return providers.length === 0 ? 'none: set BAILIAN_API_KEY, or ATELIER_SANDBOX=on' : providers.join(', ');
}

/** A first call that works as it stands: to a model that is there, or for the list of models. */
function tryText(url: string, { open, exampleModel }: AppSummary, hasMasterKey: boolean): string {
  const variable = hasMasterKey ? '$ATELIER_MASTER_KEY' : '$ATELIER_KEY';
  const auth = open ? '' : ` -H "Authorization: Bearer ${variable}"`;
  if (exampleModel === undefined) return `curl ${url}/v1/models${auth}`;
  const body = JSON.stringify({ model: exampleModel, messages: [{ role: 'user', content: 'Who are you?' }] });
  const quoted = body.replaceAll("'", String.raw`'\''`);
  return `curl ${url}/v1/chat/completions -H 'Content-Type: application/json'${auth} \\\n${' '.repeat(13)}-d '${quoted}'`;
}

function baseUrlOf({ host, port }: { host: string; port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
