import { statSync } from 'node:fs';
import { join } from 'node:path';

import type { UsageDimension, UsageFilter, UsageStore } from '../src/domain/ports.ts';
import { openSqliteDatabase } from '../src/store/sql/open-sqlite.ts';
import { fillUsage, keyName, modelName, notSummed, ownerName, providerName, spanDays } from './fill-usage.ts';
import { say } from './measure.ts';

const dayMs = 24 * 3_600_000;

const dimensions: readonly UsageDimension[] = ['day', 'hour', 'model', 'key', 'agent', 'provider'];

const spans = { '24 h': 1, '7 days': 7, '30 days': 30, '90 days': spanDays };

/** Number 0 is the busiest key: the most to sum up. */
const filters: Readonly<Record<string, Partial<UsageFilter>>> = {
  everything: {},
  'one key': { keyId: keyName(0) },
  'one owner': { owner: ownerName(0) },
  'one model': { model: modelName(0) },
  'one provider': { provider: providerName(0) },
};

const runs = 5;

/** What a report should take at most, in milliseconds. */
const aimMs = 200;

/**
 * Times usage reports, opening and pruning on a SQLite file with so many records, which is made in `folder`. Returns the
 * results as Markdown; what is above the aim is in bold.
 */
export async function measureReports(folder: string, records: number): Promise<string> {
  const file = join(folder, 'usage.db');
  say(`reports: writing ${records} records`);
  const end = Date.now();
  const written = await timed(() => fillUsage(file, { records, end }));
  say(`reports: written in ${Math.round(written / 1000)} s`);
  const size = (statSync(file).size / 2 ** 30).toFixed(1);
  const began = performance.now();
  const database = await openSqliteDatabase(file, { processId: 'bench', now: end });
  const opening = performance.now() - began;
  const { usage } = database;
  const behind = await timed(() => usage.report('day', { since: end - dayMs, until: end }));
  const lines = [
    `${records} records, ${size} GiB. Opening: ${opening.toFixed(0)} ms. The first report, which sums up the ` +
      `${notSummed} records that the last process left: ${behind.toFixed(0)} ms.`,
    '',
    ...(await reportTable(usage, end)),
    '',
    await lists(usage, end),
  ];
  await database.close();
  return `${lines.join('\n')}\n`;
}

async function reportTable(usage: UsageStore, end: number): Promise<string[]> {
  const titles = Object.keys(spans);
  const lines = [`| Reports, ms | by | ${titles.join(' | ')} |`, `|---|---|${'---:|'.repeat(titles.length)}`];
  for (const [title, filter] of Object.entries(filters)) {
    say(`reports: ${title}`);
    for (const by of dimensions) {
      const cells: string[] = [];
      for (const days of Object.values(spans)) {
        const median = await medianOf(() => usage.report(by, { since: end - days * dayMs, until: end, ...filter }));
        cells.push(median > aimMs ? `**${median.toFixed(1)}**` : median.toFixed(1));
      }
      lines.push(`| ${title} | ${by} | ${cells.join(' | ')} |`);
    }
  }
  return lines;
}

/** Lists of single records, and what regular pruning takes from the requests at once. */
async function lists(usage: UsageStore, end: number): Promise<string> {
  const newest = await medianOf(() => usage.recent({ limit: 500 }));
  const ofKey = await medianOf(() => usage.recent({ limit: 500, keyId: keyName(0) }));
  const portions: number[] = [];
  for (let portion = 0; portion < 40; portion += 1) {
    portions.push(await timed(() => usage.prune(end - (spanDays - 1) * dayMs, 500)));
  }
  const sorted = portions.toSorted((one, other) => one - other);
  return (
    `The newest 500 records: ${newest.toFixed(1)} ms, of one key: ${ofKey.toFixed(1)} ms. Pruning 500 records: median ` +
    `${middle(sorted).toFixed(1)} ms, longest ${(sorted.at(-1) ?? 0).toFixed(1)} ms.`
  );
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(work));
  return middle(times.toSorted((a, b) => a - b));
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
