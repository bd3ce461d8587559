/**
 * The one list of who may import whom inside `src`: a layer (a folder, or a module at the top of `src`) and the layers
 * that its files may name in an import. What is not listed is refused by the linter. A new folder needs a line here.
 */
const translation = ['catalogue', 'wire', 'domain'];
const stages = ['codec', 'fit', 'upstream', 'sandbox', 'routing', 'governance', 'telemetry', ...translation];
const everythingBuiltIn = ['version', 'server', 'pipeline', 'config', 'store', 'forms', ...stages];

export const arrows: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  catalogue: ['domain'],
  // How people write things, for the configuration and the admin API alike.
  forms: ['domain'],
  wire: ['domain'],
  codec: translation,
  fit: translation,
  routing: translation,
  governance: translation,
  telemetry: translation,
  // A vendor names its codec, and the sandbox speaks through one.
  upstream: ['codec', ...translation],
  sandbox: ['codec', ...translation],
  store: ['domain'],
  config: ['forms', 'domain'],
  version: ['domain'],
  pipeline: stages,
  server: ['pipeline', 'forms', ...stages],
  app: everythingBuiltIn,
  cli: ['app', ...everythingBuiltIn],
  main: ['cli', 'app', 'domain'],
};

/** Folders inside a layer that do not know each other: a protocol is read and written without another, a store is alone. */
export const strangers: Readonly<Record<string, readonly string[]>> = {
  codec: ['anthropic-messages', 'dashscope', 'openai-chat'],
  store: ['files', 'redis', 'sql'],
};

/** Packages that have one home: the layers that may import them. Other packages are free, except in `domain`. */
export const packageHomes: Readonly<Record<string, readonly string[]>> = {
  undici: ['upstream'],
  pino: ['telemetry'],
  nodemailer: ['app'],
  yaml: ['config'],
  commander: ['cli'],
  hono: ['server'],
  '@hono/node-server': ['server'],
};

/** The layers that are one module at the top of `src`, not a folder. */
export const modules: readonly string[] = ['version', 'main'];

/** A pattern of the rule `no-restricted-imports`: an import whose text matches is refused with the message. */
export interface RestrictedImport {
  regex: string;
  message: string;
}

/** What some files must not import. The patterns of a later entry replace those of an earlier one for the same file. */
export interface Restriction {
  /** A glob from the root. */
  files: string;
  patterns: RestrictedImport[];
}

/** The table, as the linter takes it. */
export function restrictions(): Restriction[] {
  const ofLayers = Object.keys(arrows).map((layer) => ({
    files: modules.includes(layer) ? `src/${layer}.ts` : `src/${layer}/**`,
    patterns: restrictedImports(layer),
  }));
  const ofStrangers = Object.entries(strangers).flatMap(([layer, folders]) =>
    folders.map((folder) => ({
      files: `src/${layer}/${folder}/**`,
      patterns: [...restrictedImports(layer), ...refusedFolders(`${layer}/${folder}`, without(folders, folder))],
    })),
  );
  return [...ofLayers, ...ofStrangers];
}

function without(names: readonly string[], name: string): string[] {
  return names.filter((other) => other !== name);
}

function refusedFolders(importer: string, folders: readonly string[]): RestrictedImport[] {
  return folders.map((folder) => ({
    regex: `^(?:\\.\\./)+${folder}/`,
    message: `${importer} must not import ${folder}: see scripts/arrows.ts.`,
  }));
}

/** What a layer must not import, as patterns over the text of the import. */
function restrictedImports(layer: string): RestrictedImport[] {
  const allowed = [layer, ...(arrows[layer] ?? [])];
  const refused = Object.keys(arrows).filter((other) => !allowed.includes(other));
  return [...refusedLayers(layer, refused), ...refusedPackages(layer), ...refusedEnvironment(layer), ...crookedPaths];
}

function refusedLayers(layer: string, refused: readonly string[]): RestrictedImport[] {
  return refused.map((other) => ({
    regex: `^\\.{1,2}/(?:\\.\\./)*${other}${modules.includes(other) ? '\\.ts$' : '/'}`,
    message: `${layer} must not import ${other}: see scripts/arrows.ts.`,
  }));
}

function refusedPackages(layer: string): RestrictedImport[] {
  if (layer === 'domain') return [{ regex: '^[^.]', message: 'domain imports nothing.' }];
  return Object.entries(packageHomes)
    .filter(([, homes]) => !homes.includes(layer))
    .map(([name, homes]) => ({ regex: `^${name}(?:/|$)`, message: `${name} is used in ${homes.join(', ')} only.` }));
}

/** `node:process` gives the environment under another name than the one that the rule `no-process-env` looks for. */
function refusedEnvironment(layer: string): RestrictedImport[] {
  if (layer === 'config') return [];
  return [{ regex: '^(?:node:)?process$', message: 'The environment is read in src/config only.' }];
}

/** Spellings that would go round the patterns above, and ways out of `src`. */
const crookedPaths: readonly RestrictedImport[] = [
  { regex: '[^.]/\\.\\./|^\\./\\.\\./|[^:]//|/\\./', message: 'Write the shortest relative path.' },
  { regex: '^(?:/|file:|#)', message: 'Import by relative path or by package name.' },
  { regex: '^\\.\\./(?:\\.\\./)*(?:src|test|bench|scripts|bin|node_modules)/', message: 'src imports from src only.' },
];
