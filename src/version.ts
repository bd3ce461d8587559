import { readFileSync } from 'node:fs';
import { asObject, asString, parseJson } from './domain/json.ts';

/** The version of this package; `package.json` lies one level above both `src/` and `dist/`. */
export const version: string = readVersion();

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return asString(asObject(parseJson(text))?.['version']) ?? 'unknown';
}
