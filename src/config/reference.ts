import { configFileVariable, providersKey, settingsSchema } from './schema.ts';
import { providerSchema } from './sections/provider.ts';
import { defaultOf, isSection, metaOf, settingsOf } from './setting.ts';
import type { ObjectSchema, SettingEntry } from './setting.ts';
import type { VendorSummary } from '../domain/vendor-summary.ts';

/** The command that writes the reference again, for the note in the file and for the test that finds it stale. */
export const regenerateCommand = 'npm run docs';

/** The text of `docs/config.md`, made from the schema and the vendors. */
export function configReference(vendors: readonly VendorSummary[]): string {
  const parts = [introduction, general(), ...sections(), providers(vendors), notation, commands];
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`;
}

const introduction = `
<!-- Made from the schema by \`${regenerateCommand}\`. Change src/config, not this file. -->

# Configuration

Atelier runs without any configuration: it then listens on \`http://127.0.0.1:8080\` and answers from the embedded
sandbox. Settings come from four places; a later one wins:

1. the defaults below;
2. \`config.yaml\` in the working directory, or the file named by \`--config\` or \`${configFileVariable}\`;
3. the environment; a \`.env\` file in the working directory adds to it, and what is really set counts more;
4. the options of \`atelier serve\`: \`--port\`, \`--host\`, \`--data-dir\`.

An unknown key or a wrong value stops the start with its file, line and column. An empty value counts as not set.
While Atelier runs, a change of the file or of \`.env\` takes effect by itself (within 5 seconds where the system does
not tell of it, as on some network shares and mounts), and so does SIGHUP: the new
configuration is checked first, and when something is wrong with it the old one stays. Requests that are under way
finish as they began. Settings marked (restart) take effect only after a restart.
`;

function general(): string {
  return `## General\n\n${table(settingsOf(settingsSchema).filter(({ keys }) => keys.length === 1))}`;
}

function sections(): string[] {
  return Object.entries(settingsSchema.shape).flatMap(([name, child]) => {
    if (!isSection(child)) return [];
    const schema: ObjectSchema = child;
    return [`## ${name}\n\n${metaOf(schema).description}\n\n${table(settingsOf(schema, name))}`];
  });
}

function table(entries: SettingEntry[]): string {
  const rows = entries.map(({ path, schema, meta }) => {
    const variable = meta.env === undefined ? '' : code(meta.env);
    const restart = meta.restart === true ? ' (restart)' : '';
    return `| ${code(path)} | ${variable} | ${defaultText(schema, meta.unit)} | ${meta.description}${restart} |`;
  });
  return ['| Key | Environment | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function defaultText(schema: SettingEntry['schema'], unit: string | undefined): string {
  const value = defaultOf(schema);
  if (value === undefined) return '';
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (isEmpty) return '';
  return code(typeof value === 'string' ? value : JSON.stringify(value)) + (unit === undefined ? '' : ` ${unit}`);
}

function code(text: string): string {
  return `\`${text}\``;
}

function providers(vendors: readonly VendorSummary[]): string {
  const rows = settingsOf(providerSchema).map(({ path, schema, meta }) => {
    const variable = meta.envSuffix === undefined ? '' : code(`<VENDOR>_${meta.envSuffix}`);
    return `| ${code(path)} | ${variable} | ${defaultText(schema, meta.unit)} | ${meta.description} |`;
  });
  return `
## ${providersKey}

A provider is a vendor with a key, or with an address where the vendor needs no key. One variable is enough:

\`\`\`sh
BAILIAN_API_KEY=sk-... atelier serve
\`\`\`

A further provider of the same vendor has a suffix of its own: \`BAILIAN_SG_API_KEY\` and \`BAILIAN_SG_BASE_URL\` make
\`bailian-sg\`. In the file a provider stands below \`${providersKey}.<name>\`; what the environment says of the same name
counts more. The order of the file, then the order of the vendors, decides which provider a bare model name goes to.

\`\`\`yaml
providers:
  bailian:
    api_key: \${BAILIAN_API_KEY}
    region: ap-southeast-1
  lab:
    type: vllm
    base_url: http://10.0.0.5:8000/v1
\`\`\`

| Key | Environment | Default | Meaning |
|---|---|---|---|
${rows.join('\n')}

### Vendors

| Vendor | Environment | Configured by |
|---|---|---|
${vendors.map(vendorRow).join('\n')}`;
}

function vendorRow(vendor: VendorSummary): string {
  const prefixes = [vendor.id.toUpperCase().replaceAll('-', '_'), ...vendor.aliases];
  const needs = vendor.embedded === true ? 'nothing: it is embedded' : vendor.needsKey ? 'its key' : 'its base URL';
  return `| ${code(vendor.id)} (${vendor.title}) | ${prefixes.map((prefix) => code(`${prefix}_...`)).join(', ')} | ${needs} |`;
}

const notation = `
## References and escapes

In the file, \`\${NAME}\` is the value of an environment variable; it must be set. \`\${NAME:-default}\` uses the default
where the variable is unset or empty. \`$\${\` is a plain \`\${\`. References stand in values, not in keys, and do not nest.
Anchors and aliases of YAML work; merge keys (\`<<\`) do not. The file may have up to 1 MiB.

## Open and closed

On loopback the gateway is open while there is no key at all: every program on this machine may use it, and says so at the
start. A master key (\`ATELIER_MASTER_KEY\`) or the first stored key (\`atelier keys create\`) closes it: from then on every
request needs a key. On any other address it is never open: without a master key and without stored keys the first start
makes an admin key and shows it once.
`;

const commands = `
## Commands

\`atelier config check\` reads everything and says what is wrong (exit code 1) or that nothing is (0).
\`atelier config print\` shows the effective values, secrets masked, each with where it came from.
`;
