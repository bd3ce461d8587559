/**
 * `npm run bench [-- --quick] [-- --no-peer] [-- --direct]`: measures Atelier against the bare upstream and against a peer
 * on the same machine in the same run. See README.md for what each figure means.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { describeMachine, placement } from './machine.ts';
import { bodySizes, efforts, Meter } from './measure.ts';
import type { Effort } from './measure.ts';
import { startAtelier, startLoadGenerator, startPeer, startUpstream } from './processes.ts';
import type { LoadGenerator, RunningServer, Stage } from './processes.ts';
import { writeReport } from './report.ts';
import type { ServerReport } from './report.ts';

/** What the measuring functions share. */
interface Bench {
  stage: Stage;
  effort: Effort;
  upstream: RunningServer;
  load: LoadGenerator;
}

const sizes = Object.keys(bodySizes) as (keyof typeof bodySizes)[];

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

/** The upstream alone: what the load generator and the network cost. */
async function measureDirect({ upstream, load, effort }: Bench): Promise<ServerReport> {
  say('direct');
  const meter = new Meter(upstream, load, effort);
  await meter.warmUp();
  const throughput = [await meter.throughput('1 KB')];
  const fixedRate = await meter.fixedRate();
  return { name: 'direct', throughput, fixedRate, openStreams: [], ready: [] };
}

async function measureAtelier(bench: Bench): Promise<ServerReport> {
  const { stage, upstream, effort } = bench;
  const ready: number[] = [];
  for (let count = 0; count < effort.starts; count += 1) {
    await using server = await startAtelier(stage, upstream.server);
    ready.push(Math.round(server.ready));
  }
  const openStreams = [];
  for (const streams of effort.openStreams) {
    say(`atelier: ${streams} open streams`);
    // A process of its own for each: memory that a larger load left behind must not count.
    await using server = await startAtelier(stage, upstream.server);
    openStreams.push(await new Meter(server, bench.load, effort).openStreams(streams));
  }
  await using server = await startAtelier(stage, upstream.server);
  const meter = new Meter(server, bench.load, effort);
  const idleMegabytes = meter.resident();
  return { name: 'atelier', ...(await measureLoaded(meter, 'atelier')), openStreams, idleMegabytes, ready };
}

async function measurePeer({ stage, upstream, load, effort }: Bench): Promise<ServerReport> {
  say('peer: starting (npx may have to fetch it)');
  await using server = await startPeer(stage, upstream.server);
  const meter = new Meter(server, load, effort);
  const idleMegabytes = meter.resident();
  return {
    name: server.server.name,
    ...(await measureLoaded(meter, 'peer')),
    openStreams: [],
    idleMegabytes,
    ready: [],
  };
}

/** The peer has no translation to compare; its chunks are passed through. */
async function measureLoaded(meter: Meter, name: 'atelier' | 'peer') {
  say(`${name}: requests`);
  await meter.warmUp();
  const throughput = [];
  for (const size of sizes) throughput.push(await meter.throughput(size));
  say(`${name}: fixed rate`);
  const fixedRate = await meter.fixedRate();
  say(`${name}: chunks`);
  const passedThrough = await meter.chunks('passed through');
  if (name === 'peer') return { throughput, fixedRate, passedThrough };
  return { throughput, fixedRate, passedThrough, translated: await meter.chunks('translated') };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      peer: { type: 'boolean', default: true },
      direct: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  const folder = mkdtempSync(join(tmpdir(), 'atelier-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const stage = { place: placement(), folder };
  const effort = efforts[values.quick ? 'quick' : 'full'];
  await using upstream = await startUpstream(stage);
  await using load = startLoadGenerator(stage);
  const bench = { stage, effort, upstream, load };
  const servers = [await measureDirect(bench)];
  if (!values.direct) servers.push(await measureAtelier(bench));
  if (!values.direct && values.peer) servers.push(await measurePeer(bench));
  const report = {
    at: new Date().toISOString(),
    effort: values.quick ? 'quick' : 'full',
    pinned: stage.place.pinned,
    machine: describeMachine(),
    servers,
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
