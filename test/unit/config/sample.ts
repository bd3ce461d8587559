import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfig } from '../../../src/config/load.ts';
import type { LoadedConfig, LoadOptions } from '../../../src/config/load.ts';
import { ConfigError, formatProblem } from '../../../src/config/problem.ts';
import type { VendorSummary } from '../../../src/domain/vendor-summary.ts';

/** One vendor of each kind that configuration tells apart. */
export const vendors: VendorSummary[] = [
  { id: 'bailian', title: 'Model Studio', aliases: ['DASHSCOPE'], needsKey: true, defaultBaseUrl: 'https://b.test' },
  { id: 'openai', title: 'OpenAI', aliases: [], needsKey: true, defaultBaseUrl: 'https://o.test', options: [] },
  { id: 'ollama', title: 'Ollama', aliases: [], needsKey: false, defaultBaseUrl: 'http://127.0.0.1:11434' },
  { id: 'openai-compatible', title: 'OpenAI-compatible server', aliases: [], needsKey: false },
  { id: 'sandbox', title: 'Sandbox', aliases: [], needsKey: false, embedded: true },
];

/** A key as long as real ones are. */
export const longKey = 'sk-0123456789abcdefghijklmnopqrstuv';

export interface Sample {
  yaml?: string;
  dotEnv?: string;
  env?: Record<string, string>;
  argv?: LoadOptions['argv'];
}

/** A new folder with the given files; who makes it removes it. */
export function makeFolder(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Uses a folder with the given files, which goes away afterwards. */
export function inFolder<Result>(files: Record<string, string | Uint8Array>, use: (folder: string) => Result): Result {
  const folder = makeFolder(files);
  try {
    return use(folder);
  } finally {
    removeFolder(folder);
  }
}

/** Loads a configuration from texts, as from an otherwise empty folder and environment. */
export function load({ yaml, dotEnv, env = {}, argv = {} }: Sample = {}): LoadedConfig {
  const files = {
    ...(yaml === undefined ? {} : { 'config.yaml': yaml }),
    ...(dotEnv === undefined ? {} : { '.env': dotEnv }),
  };
  return inFolder(files, (cwd) => loadConfig({ cwd, env, argv, vendors }));
}

/** The problems of a configuration that must not load, as they are printed. */
export function problemsOf(sample: Sample): string[] {
  try {
    load(sample);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatProblem);
    throw error;
  }
  throw new Error('The configuration loaded, though it should not.');
}

/** The warnings of a configuration that loads, as they are printed. */
export function warningsOf(sample: Sample): string[] {
  return load(sample).warnings.map(formatProblem);
}
