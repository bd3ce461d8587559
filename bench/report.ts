import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { describeMachine } from './machine.ts';
import { median } from './measure.ts';
import type { Chunks, FixedRate, OpenStreams, Throughput } from './measure.ts';

/** What one server did; a part that was not measured is absent. */
export interface ServerReport {
  name: string;
  throughput: Throughput[];
  fixedRate?: FixedRate;
  passedThrough?: Chunks;
  translated?: Chunks;
  openStreams: OpenStreams[];
  idleMegabytes?: number;
  /** Milliseconds from start to first answer, one for each start. */
  ready: number[];
}

export interface Report {
  at: string;
  effort: string;
  pinned: boolean;
  machine: ReturnType<typeof describeMachine>;
  servers: ServerReport[];
  /** What was not measured, and why. */
  notes: string[];
}

const folder = join(import.meta.dirname, 'results');

/** Writes `results/latest.json` and `results/latest.md`; returns the latter's text. */
export function writeReport(report: Report): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`);
  const text = toMarkdown(report);
  writeFileSync(join(folder, 'latest.md'), text);
  return text;
}

function toMarkdown(report: Report): string {
  const { machine, servers, notes, pinned, at, effort } = report;
  const place = pinned ? 'server alone on core 0, upstream and load generator on core 1' : 'nothing pinned to a core';
  const columns = ['', ...servers.map(({ name }) => name)];
  const rows = rowsOf(servers).filter((row) => row.slice(1).some((cell) => cell !== ''));
  const table = [columns, columns.map((_, index) => (index === 0 ? '---' : '---:')), ...rows];
  return [
    `${at}, ${effort}; ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}; ${place}.\n\n`,
    ...table.map((cells) => `| ${cells.join(' | ')} |\n`),
    ...notes.map((note) => `\n${note}\n`),
  ].join('');
}

function rowsOf(servers: readonly ServerReport[]): string[][] {
  const baseline = servers.find(({ name }) => name === 'direct')?.fixedRate;
  const row = (label: string, cell: (server: ServerReport) => string | number | undefined): string[] => [
    label,
    ...servers.map((server) => String(cell(server) ?? '')),
  ];
  const bodies = [...new Set(servers.flatMap(({ throughput }) => throughput.map(({ body }) => body)))];
  const streams = [...new Set(servers.flatMap(({ openStreams }) => openStreams.map((each) => each.streams)))];
  const added = (server: ServerReport, percentile: 'p50' | 'p99') =>
    server.fixedRate === undefined || baseline === undefined || server.name === 'direct'
      ? undefined
      : (server.fixedRate[percentile] - baseline[percentile]).toFixed(3);
  return [
    ...bodies.flatMap((body) => {
      const of = (server: ServerReport) => server.throughput.find((each) => each.body === body);
      return [
        row(`requests/s, ${body}`, (server) => of(server)?.requestsPerSecond),
        row(`CPU per request, ${body}, us`, (server) => of(server)?.cpuMicrosecondsPerRequest),
        row(`the same, times the bare proxy in turn`, (server) => of(server)?.timesProxy),
      ];
    }),
    row('p50 at the fixed rate, ms', ({ fixedRate }) => fixedRate?.p50),
    row('p99 at the fixed rate, ms', ({ fixedRate }) => fixedRate?.p99),
    row('p50 added over direct, ms', (server) => added(server, 'p50')),
    row('p99 added over direct, ms', (server) => added(server, 'p99')),
    row('CPU per chunk passed through, us', ({ passedThrough }) => passedThrough?.cpuMicrosecondsPerChunk),
    row('CPU per chunk translated, us', ({ translated }) => translated?.cpuMicrosecondsPerChunk),
    ...streams.flatMap((count) => {
      const of = (server: ServerReport) => server.openStreams.find((each) => each.streams === count);
      return [
        row(`memory with ${count} open streams, MB`, (server) => of(server)?.residentMegabytes),
        row(`p99 to the first byte, ${count} streams at once, ms`, (server) => of(server)?.firstByteP99),
        row(`the same just after the start, ms`, (server) => of(server)?.coldFirstByteP99),
      ];
    }),
    row('memory at rest, MB', ({ idleMegabytes }) => idleMegabytes),
    row('time to ready, median, ms', ({ ready }) => median(ready)),
    row('failed calls', failures),
  ];
}

function failures({ throughput, fixedRate, passedThrough, translated, openStreams }: ServerReport): number {
  const parts = [...throughput, fixedRate, passedThrough, translated, ...openStreams];
  return parts.reduce((sum, part) => sum + (part?.failures ?? 0), 0);
}
