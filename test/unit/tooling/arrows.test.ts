import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { arrows, modules, packageHomes, strangers } from '../../../scripts/arrows.ts';

const root = resolve(import.meta.dirname, '../../..');
const layers = Object.keys(arrows);

/** One file of the probe tree: what it imports, and whether the linter must refuse it. */
interface Probe {
  file: string;
  specifier: string;
  refused: boolean;
}

/** The text by which `from`, a file in a layer, imports something in another layer. */
function specifierTo(from: string, target: string): string {
  const path = relative(dirname(from), modules.includes(target) ? `src/${target}.ts` : `src/${target}/thing.ts`);
  return path.startsWith('.') ? path : `./${path}`;
}

/** Where probes of a layer live: at its top, and two folders down. */
function homesOf(layer: string): string[] {
  return modules.includes(layer) ? [`src/${layer}.ts`] : [`src/${layer}/probe`, `src/${layer}/inner/most/probe`];
}

function layerProbes(): Probe[] {
  return layers.flatMap((layer) =>
    homesOf(layer).flatMap((home) =>
      layers
        .filter((target) => target !== layer)
        .map((target) => ({
          file: home.endsWith('.ts') ? home : `${home}-${target}.ts`,
          specifier: specifierTo(home, target),
          refused: arrows[layer]?.includes(target) !== true,
        })),
    ),
  );
}

function packageProbes(): Probe[] {
  return layers
    .filter((layer) => !modules.includes(layer))
    .flatMap((layer) =>
      Object.entries(packageHomes).map(([name, homes]) => ({
        file: `src/${layer}/package-${name}.ts`,
        specifier: name,
        refused: !homes.includes(layer),
      })),
    );
}

/** Every pair of folders that must not know each other, a folder of both that they share, and a layer that neither may name. */
function strangerProbes(): Probe[] {
  return Object.entries(strangers).flatMap(([layer, folders]) =>
    folders.flatMap((folder) => [
      ...folders
        .filter((other) => other !== folder)
        .map((other) => ({
          file: `src/${layer}/${folder}/to-${other}.ts`,
          specifier: `../${other}/thing.ts`,
          refused: true,
        })),
      { file: `src/${layer}/${folder}/to-shared.ts`, specifier: '../shared/thing.ts', refused: false },
      { file: `src/${layer}/${folder}/to-server.ts`, specifier: '../../server/thing.ts', refused: true },
    ]),
  );
}

const otherProbes: Probe[] = [
  { file: 'src/domain/builtin.ts', specifier: 'node:fs', refused: true },
  { file: 'src/domain/own.ts', specifier: './thing.ts', refused: false },
  { file: 'src/wire/detour.ts', specifier: './../codec/thing.ts', refused: true },
  { file: 'src/wire/round.ts', specifier: '../domain/../codec/thing.ts', refused: true },
  { file: 'src/wire/outside.ts', specifier: '../../src/codec/thing.ts', refused: true },
  { file: 'src/wire/to-test.ts', specifier: '../../test/fixtures/thing.ts', refused: true },
  { file: 'src/wire/absolute.ts', specifier: '/src/codec/thing.ts', refused: true },
  { file: 'src/wire/url.ts', specifier: 'file:///src/codec/thing.ts', refused: true },
  { file: 'src/wire/environment.ts', specifier: 'node:process', refused: true },
  { file: 'src/config/environment.ts', specifier: 'node:process', refused: false },
  { file: 'src/wire/builtin.ts', specifier: 'node:buffer', refused: false },
];

/** Every form of import that TypeScript has, each on a line of its own. */
function source(specifiers: readonly string[]): string {
  const forms = specifiers.map((specifier, index) => `export { thing as thing${index} } from '${specifier}';`);
  return `${forms.join('\n')}\n`;
}

interface Diagnostic {
  code: string;
  filename: string;
  labels: { span: { line: number } }[];
}

describe('the import arrows', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'atelier-arrows-'));
    const config = pathToFileURL(join(root, 'oxlint.config.ts')).href;
    // Type-aware rules need installed types, which the probe tree has not.
    const options = '{ ...config, options: { ...config.options, typeAware: false } }';
    write('oxlint.config.ts', `import config from '${config}';\nexport default ${options};\n`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  /** Lints the folder with the project's rules; the lines refused by `no-restricted-imports`, as `file:line`. */
  function refusedLines(): Set<string> {
    const report: { diagnostics: Diagnostic[] } = JSON.parse(lint());
    const refusals = report.diagnostics.filter(({ code }) => code === 'eslint(no-restricted-imports)');
    return new Set(refusals.map(({ filename, labels }) => `${filename}:${labels[0]?.span.line}`));
  }

  function lint(): string {
    const linter = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
    try {
      return execFileSync(process.execPath, [linter, '--format=json', 'src'], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 60_000,
      });
    } catch (error) {
      // The linter ends with 1 when it refuses something.
      if (error instanceof Error && 'stdout' in error) return String(error.stdout);
      throw error;
    }
  }

  test('the linter refuses every import that the table does not list, and no other', () => {
    const probes = [...layerProbes(), ...strangerProbes(), ...packageProbes(), ...otherProbes];
    const byFile = Map.groupBy(probes, ({ file }) => file);
    for (const [file, ofFile] of byFile) write(file, source(ofFile.map(({ specifier }) => specifier)));
    const expected = [...byFile].flatMap(([file, ofFile]) =>
      ofFile.flatMap(({ refused }, index) => (refused ? [`${file}:${index + 1}`] : [])),
    );
    assert.deepEqual([...refusedLines()].sort(), expected.sort());
    assert.ok(expected.length > layers.length, 'the table refuses something for every layer');
  });

  test('type imports, side-effect imports and dynamic imports are refused as well', () => {
    rmSync(join(folder, 'src'), { recursive: true, force: true });
    const lines = [
      "import type { Thing } from '../codec/thing.ts';",
      "import '../codec/thing.ts';",
      "export * from '../codec/thing.ts';",
      "export const thing: Promise<Thing> = import('../codec/thing.ts');",
    ];
    write('src/wire/forms.ts', `${lines.join('\n')}\n`);
    assert.deepEqual(
      [...refusedLines()].sort(),
      lines.map((_, index) => `src/wire/forms.ts:${index + 1}`),
    );
  });

  test('every folder and module of src has a line in the table', () => {
    const expected = layers.map((layer) => (modules.includes(layer) ? `${layer}.ts` : layer));
    const entries = readdirSync(join(root, 'src'));
    assert.deepEqual(
      entries.filter((name) => !expected.includes(name)),
      [],
    );
  });

  test('the table has no cycle', () => {
    const placed: string[] = [];
    for (const _ of layers) {
      const free = layers.filter((layer) => !placed.includes(layer));
      placed.push(...free.filter((layer) => arrows[layer]?.every((target) => placed.includes(target))));
    }
    assert.deepEqual([...placed].sort(), [...layers].sort());
  });
});
