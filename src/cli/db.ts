import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { ConfigError } from '../config/problem.ts';
import type * as maintenance from '../store/maintenance.ts';
import type { DatabaseLocation } from '../store/open.ts';
import { vendorSummaries } from '../upstream/vendors/index.ts';
import type { CliContext } from './context.ts';
import { reportConfigError } from './messages.ts';
import type { ConfigOptions } from './options.ts';
import { printObject } from './output.ts';

export interface DatabaseOptions extends ConfigOptions {
  json?: true;
  csv?: true;
}

/** With a file to write or read. */
export interface DatabaseFileOptions extends DatabaseOptions {
  file: string;
}

/** What the commands on the database are made of; a test gives its own. */
export interface DatabaseParts {
  describe(location: DatabaseLocation): string;
  maintenance: typeof maintenance;
}

/** What a command found out: members for programs, a sentence for people. */
interface Outcome {
  facts: Record<string, string | number>;
  text: string;
  failed?: true;
}

type Work = (parts: DatabaseParts['maintenance'], location: DatabaseLocation, title: string) => Promise<Outcome>;

/** `atelier db migrate`: a start does the same by itself. */
export function databaseMigrate(context: CliContext, options: DatabaseOptions, parts: DatabaseParts): Promise<number> {
  return work(context, { options, parts }, async ({ migrateLocation }, location, database) => {
    const applied = await migrateLocation(location);
    const text = applied.length === 0 ? 'is up to date' : `was brought up to date: ${applied.join(', ')}`;
    return { facts: { database, applied: applied.length }, text: `${database} ${text}.` };
  });
}

/** `atelier db check`: exit code 1 when something is damaged. */
export function databaseCheck(context: CliContext, options: DatabaseOptions, parts: DatabaseParts): Promise<number> {
  return work(context, { options, parts }, async ({ checkLocation }, location, database) => {
    const { problems, rows } = await checkLocation(location);
    for (const problem of problems) context.writeError(`${problem}\n`);
    const counts = Object.entries(rows).map(([table, count]) => `  ${table} ${count}`);
    const text = [`${database} ${problems.length === 0 ? 'is sound' : 'is damaged'}. Rows:`, ...counts].join('\n');
    return {
      facts: { database, problems: problems.length, ...rows },
      text,
      ...(problems.length > 0 && { failed: true }),
    };
  });
}

/** `atelier db adopt-secret`: for a server secret that is lost. */
export function databaseAdoptSecret(
  context: CliContext,
  options: DatabaseOptions,
  parts: DatabaseParts,
): Promise<number> {
  return work(context, { options, parts }, async ({ adoptSecretLocation }, location, database) => {
    await adoptSecretLocation(location);
    const secret = join(location.dataDir, 'server.secret');
    const text = [
      `${database} belongs to ${secret} now; other nodes need this file too.`,
      'Keys made with another one are refused until they are reset: "atelier keys list", then "atelier keys reset ID".',
      'Provider keys that were stored with "atelier secrets" have to be stored again.',
    ].join('\n');
    return { facts: { database, secret }, text };
  });
}

/** `atelier db backup`: also while the gateway runs. */
export function databaseBackup(
  context: CliContext,
  options: DatabaseFileOptions,
  parts: DatabaseParts,
): Promise<number> {
  return work(context, { options, parts }, async ({ backupLocation }, location, database) => {
    await backupLocation(location, options.file);
    const text = `${database} is copied to ${options.file}. ${keepWithSecret(location)}`;
    return { facts: { database, file: options.file }, text };
  });
}

/** `atelier db export`: every row as a line of JSON, to move to another database. */
export function databaseExport(
  context: CliContext,
  options: DatabaseFileOptions,
  parts: DatabaseParts,
): Promise<number> {
  return work(context, { options, parts }, async ({ exportLocation }, location, database) => {
    const rows = await exportLocation(location, options.file);
    const text = `${rows} rows of ${database} are in ${options.file}. ${keepWithSecret(location)}`;
    return { facts: { database, file: options.file, rows }, text };
  });
}

/** `atelier db import`: into an empty database, whole or not at all. */
export function databaseImport(
  context: CliContext,
  options: DatabaseFileOptions,
  parts: DatabaseParts,
): Promise<number> {
  return work(context, { options, parts }, async ({ importLocation }, location, database) => {
    const rows = await importLocation(location, options.file);
    const secret = join(location.dataDir, 'server.secret');
    const missing = existsSync(secret) ? '' : ` Copy the server.secret that belongs to them to ${secret} as well.`;
    const text = `${rows} rows of ${options.file} are in ${database}.${missing}`;
    return { facts: { database, file: options.file, rows }, text };
  });
}

/** Without the server secret no key would work any more, nor could a stored provider key be read. */
function keepWithSecret({ dataDir }: DatabaseLocation): string {
  return `Keep it safe, together with ${dataDir}/server.secret.`;
}

async function work(
  context: CliContext,
  { options, parts }: { options: DatabaseOptions; parts: DatabaseParts },
  command: Work,
): Promise<number> {
  try {
    const { cwd, env } = context;
    const { config } = loadConfig({ argv: options, cwd, env, vendors: vendorSummaries() });
    const location = { ...config.store, dataDir: config.dataDir };
    const { facts, text, failed } = await command(parts.maintenance, location, parts.describe(location));
    if (options.json || options.csv) {
      printObject(context, facts, { columns: Object.keys(facts).map((name) => ({ name })), options });
    } else context.write(`${text}\n`);
    return failed ? 1 : 0;
  } catch (error) {
    if (error instanceof ConfigError) return reportConfigError(context, error);
    // The messages of databases and of the file system say best what is wrong with them, and hold no secret.
    context.writeError(`atelier: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
