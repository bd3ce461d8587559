/**
 * `npm run bench [-- --quick] [-- --no-peer] [-- --direct] [-- --keys N]`: measures Atelier against the bare upstream and
 * against a peer on the same machine in the same run. `npm run bench -- --reports [--records N]`: usage reports over so many
 * records. See README.md for what each figure means.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measureAccounts } from './accounts.ts';
import { mostRecords } from './fill-usage.ts';
import { mostKeys } from './fill.ts';
import { describeMachine, placement } from './machine.ts';
import { bodySizes, efforts, Meter, say } from './measure.ts';
import type { Bench } from './measure.ts';
import { startAtelier, startEnds, startPeer, startProxy } from './processes.ts';
import { writeReport } from './report.ts';
import { measureReports } from './reports.ts';
import type { ServerReport } from './report.ts';

const largeSizes = (Object.keys(bodySizes) as (keyof typeof bodySizes)[]).filter((size) => size !== '1 KB');

function wholeNumber(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= from && count <= to) return count;
  throw new RangeError(`--${option} must be a whole number from ${from} to ${to}`);
}

/** The upstream alone: what the load generator and the network cost. */
async function measureDirect({ upstream, load, effort }: Bench): Promise<ServerReport> {
  say('direct');
  const meter = new Meter({ server: upstream }, load, effort);
  await meter.warmUp();
  const throughput = [await meter.throughput('1 KB')];
  const fixedRate = await meter.fixedRate();
  return { name: 'direct', throughput, fixedRate, openStreams: [], ready: [] };
}

async function measureAtelier(bench: Bench): Promise<ServerReport> {
  const { stage, upstream, load, effort } = bench;
  const ready: number[] = [];
  for (let count = 0; count < effort.starts; count += 1) {
    await using server = await startAtelier(stage, upstream);
    ready.push(Math.round(server.ready));
  }
  const openStreams = [];
  for (const streams of effort.openStreams) {
    say(`atelier: ${streams} open streams`);
    // A process of its own for each: memory that a larger load left behind must not count.
    await using server = await startAtelier(stage, upstream);
    const meter = new Meter(server, load, effort);
    const cold = await meter.openStreams(streams);
    const { firstByteP50, firstByteP99, ...warm } = await meter.openStreams(streams);
    const failures = cold.failures + warm.failures;
    openStreams.push({ ...warm, ...cold, failures, firstByteP50, firstByteP99, coldFirstByteP99: cold.firstByteP99 });
  }
  await using server = await startAtelier(stage, upstream);
  const meter = new Meter(server, load, effort);
  const idleMegabytes = meter.resident();
  const requests = await measureRequests(bench, meter, 'atelier');
  say('atelier: chunks');
  const passedThrough = await meter.chunks('passed through');
  const translated = await meter.chunks('translated');
  return { name: 'atelier', ...requests, passedThrough, translated, openStreams, idleMegabytes, ready };
}

/** Whole answers only: on this Node the peer fails every streamed call with a status of 500. */
async function measurePeer(bench: Bench): Promise<ServerReport> {
  const { stage, upstream, load, effort } = bench;
  say('peer: fetching it');
  await using server = await startPeer(stage, upstream);
  const meter = new Meter(server, load, effort);
  const idleMegabytes = meter.resident();
  const requests = await measureRequests(bench, meter, 'peer');
  return { name: server.server.name, ...requests, openStreams: [], idleMegabytes, ready: [] };
}

async function measureRequests(
  { proxy, load, effort }: Bench,
  meter: Meter,
  name: string,
): Promise<Pick<ServerReport, 'throughput' | 'fixedRate'>> {
  say(`${name}: requests`);
  await meter.warmUp();
  const throughput = [await meter.againstProxy(new Meter(proxy, load, effort))];
  for (const size of largeSizes) throughput.push(await meter.throughput(size));
  say(`${name}: fixed rate`);
  return { throughput, fixedRate: await meter.fixedRate() };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      peer: { type: 'boolean', default: true },
      direct: { type: 'boolean', default: false },
      keys: { type: 'string', default: '0' },
      reports: { type: 'boolean', default: false },
      records: { type: 'string', default: '10000000' },
    },
    allowNegative: true,
  });
  const keys = wholeNumber('keys', values.keys, { from: 0, to: mostKeys });
  const records = wholeNumber('records', values.records, { from: 1, to: mostRecords });
  const folder = mkdtempSync(join(tmpdir(), 'atelier-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  if (values.reports) {
    process.stdout.write(await measureReports(folder, records));
    return;
  }
  const stage = { place: placement(), folder };
  const effort = efforts[values.quick ? 'quick' : 'full'];
  await using ends = await startEnds(stage);
  const { upstream, load } = ends;
  await using proxy = await startProxy(stage, upstream);
  const bench = { stage, effort, upstream, proxy, load };
  const servers = [await measureDirect(bench)];
  await new Meter(proxy, load, effort).warmUp();
  const notes: string[] = [];
  if (!values.direct) {
    servers.push(await measureAtelier(bench));
    const accounts = await measureAccounts(bench, keys);
    servers.push(...accounts.servers);
    notes.push(...accounts.notes);
  }
  if (!values.direct && values.peer) {
    // Without a network there is no peer; the rest is worth its time all the same.
    const peer = await measurePeer(bench).catch((error: Error) => say(`no peer: ${error.message}`));
    if (peer !== undefined) servers.push(peer);
  }
  const report = {
    at: new Date().toISOString(),
    effort: values.quick ? 'quick' : 'full',
    pinned: stage.place.pinned,
    machine: describeMachine(),
    servers,
    notes,
  };
  process.stdout.write(writeReport(report));
  const failed = servers.flatMap(({ name, throughput, fixedRate, passedThrough, translated, openStreams }) =>
    [...throughput, fixedRate, passedThrough, translated, ...openStreams].flatMap((part) =>
      part?.failure === undefined ? [] : [`${name}: ${part.failures} failed, the first with: ${part.failure}`],
    ),
  );
  for (const line of failed) say(line);
  if (failed.length > 0) process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await main();
