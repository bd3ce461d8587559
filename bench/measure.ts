import { chatTarget, streamTarget, translatedStreamTarget } from './bodies.ts';
import type { Pace, Server } from './bodies.ts';
import type { Load, LoadResult } from './load/patterns.ts';
import { cpuMicroseconds, residentBytes } from './machine.ts';
import type { LoadGenerator, RunningServer, Stage } from './processes.ts';

/** What the measuring functions share. */
export interface Bench {
  stage: Stage;
  effort: Effort;
  upstream: Server;
  /** What every server is compared with, in turn. */
  proxy: RunningServer;
  load: LoadGenerator;
}

/** Tells whoever waits what is being measured. */
export function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

/** How long and how much; `quick` is for trying the harness out, its figures mean little. */
export interface Effort {
  /** Until the compiler is done: it works beside the first 100,000 requests or so, on the same core. */
  warmUpSeconds: number;
  seconds: number;
  /** Turns of a server and the bare proxy with small requests, and how long each takes. */
  turns: number;
  turnSeconds: number;
  connections: number;
  /** Calls per second of the open loop. */
  rate: number;
  pacedStreams: number;
  pace: Pace;
  openStreams: number[];
  /** How long the streams stay open. */
  openPace: Pace;
  starts: number;
}

export const efforts = {
  full: {
    warmUpSeconds: 12,
    seconds: 6,
    turns: 7,
    turnSeconds: 1.5,
    connections: 32,
    rate: 500,
    pacedStreams: 64,
    pace: { chunks: 500, gap: 10 },
    openStreams: [1000, 2000],
    openPace: { chunks: 6, gap: 1000 },
    starts: 5,
  },
  quick: {
    warmUpSeconds: 1,
    seconds: 2,
    turns: 2,
    turnSeconds: 0.5,
    connections: 32,
    rate: 500,
    pacedStreams: 32,
    pace: { chunks: 100, gap: 10 },
    openStreams: [200],
    openPace: { chunks: 3, gap: 1000 },
    starts: 1,
  },
} satisfies Record<string, Effort>;

export const bodySizes = { '1 KB': 1000, '100 KB': 100_000, '1 MB': 1_000_000 };

export interface Throughput {
  body: string;
  requestsPerSecond: number;
  /** Absent for the upstream, whose process has the load generator in it. */
  cpuMicrosecondsPerRequest?: number;
  /** How many times the processor time of the bare proxy: the figure that a machine of changing speed disturbs least. */
  timesProxy?: number;
  failures: number;
  failure?: string;
  /** Milliseconds, under full load. */
  p50: number;
  p99: number;
}

export interface FixedRate {
  rate: number;
  failures: number;
  failure?: string;
  p50: number;
  p99: number;
}

export interface Chunks {
  cpuMicrosecondsPerChunk: number;
  chunks: number;
  failures: number;
  failure?: string;
}

export interface OpenStreams {
  streams: number;
  failures: number;
  failure?: string;
  residentMegabytes: number;
  /** Milliseconds. */
  firstByteP50: number;
  firstByteP99: number;
  /** In a process that has just started, whose code is not yet compiled. */
  coldFirstByteP99?: number;
}

/** What is measured; the upstream has no process of its own. */
export type Measured = Pick<RunningServer, 'server'> & Partial<Pick<RunningServer, 'pid'>>;

/** Measures one running server with one load generator. */
export class Meter {
  readonly #running: Measured;
  readonly #load: LoadGenerator;
  readonly #effort: Effort;

  constructor(running: Measured, load: LoadGenerator, effort: Effort) {
    this.#running = running;
    this.#load = load;
    this.#effort = effort;
  }

  get #server(): Server {
    return this.#running.server;
  }

  async warmUp(): Promise<void> {
    const { connections, warmUpSeconds } = this.#effort;
    const target = chatTarget(this.#server, bodySizes['1 KB']);
    await this.#load.apply({ pattern: 'closed', target, connections, seconds: warmUpSeconds });
  }

  /** Small requests in turn with the bare proxy: medians, and the median of the ratios turn by turn. */
  async againstProxy(proxy: Meter): Promise<Throughput> {
    const { turns, turnSeconds } = this.#effort;
    const own: Throughput[] = [];
    const ratios: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const base = await proxy.throughput('1 KB', turnSeconds);
      const result = await this.throughput('1 KB', turnSeconds);
      own.push(result);
      ratios.push(cpuOf(result) / cpuOf(base));
    }
    const middle = (values: readonly number[]): number => median(values) ?? Number.NaN;
    const failed = own.find(({ failure }) => failure !== undefined);
    return {
      body: '1 KB',
      requestsPerSecond: middle(own.map((each) => each.requestsPerSecond)),
      cpuMicrosecondsPerRequest: middle(own.map(cpuOf)),
      timesProxy: round(middle(ratios), 2),
      failures: own.reduce((sum, each) => sum + each.failures, 0),
      ...(failed?.failure !== undefined && { failure: failed.failure }),
      p50: middle(own.map((each) => each.p50)),
      p99: middle(own.map((each) => each.p99)),
    };
  }

  async throughput(body: keyof typeof bodySizes, seconds = this.#effort.seconds): Promise<Throughput> {
    const { connections } = this.#effort;
    const target = chatTarget(this.#server, bodySizes[body]);
    const { result, cpu } = await this.#measured({ pattern: 'closed', target, connections, seconds });
    return {
      body,
      requestsPerSecond: Math.round(result.calls / result.seconds),
      ...(this.#running.pid !== undefined && { cpuMicrosecondsPerRequest: round(cpu / result.calls) }),
      ...failuresOf(result),
      p50: round(result.total.p50),
      p99: round(result.total.p99),
    };
  }

  async fixedRate(): Promise<FixedRate> {
    const { rate, seconds } = this.#effort;
    const target = chatTarget(this.#server, bodySizes['1 KB']);
    const { result } = await this.#measured({ pattern: 'open', target, rate, seconds });
    return { rate, ...failuresOf(result), p50: round(result.total.p50, 3), p99: round(result.total.p99, 3) };
  }

  async chunks(form: 'passed through' | 'translated'): Promise<Chunks> {
    const { pacedStreams, pace } = this.#effort;
    const make = form === 'translated' ? translatedStreamTarget : streamTarget;
    const { result, cpu } = await this.#measured({
      pattern: 'at-once',
      target: make(this.#server, pace),
      calls: pacedStreams,
    });
    const chunks = pacedStreams * pace.chunks;
    return { cpuMicrosecondsPerChunk: round(cpu / chunks), chunks, ...failuresOf(result) };
  }

  /** The largest memory while all the streams are open. */
  async openStreams(streams: number): Promise<OpenStreams> {
    let resident = 0;
    const watch = setInterval(() => (resident = Math.max(resident, this.#residentBytes())), 250);
    const target = streamTarget(this.#server, this.#effort.openPace);
    const result = await this.#load.apply({ pattern: 'at-once', target, calls: streams });
    clearInterval(watch);
    return {
      streams,
      ...failuresOf(result),
      residentMegabytes: megabytes(resident),
      firstByteP50: round(result.firstByte.p50),
      firstByteP99: round(result.firstByte.p99),
    };
  }

  resident(): number {
    return megabytes(this.#residentBytes());
  }

  async #measured(load: Load): Promise<{ result: LoadResult; cpu: number }> {
    const before = this.#cpuMicroseconds();
    const result = await this.#load.apply(load);
    return { result, cpu: this.#cpuMicroseconds() - before };
  }

  #cpuMicroseconds(): number {
    const { pid } = this.#running;
    return pid === undefined ? Number.NaN : cpuMicroseconds(pid);
  }

  #residentBytes(): number {
    const { pid } = this.#running;
    return pid === undefined ? Number.NaN : residentBytes(pid);
  }
}

function cpuOf({ cpuMicrosecondsPerRequest = Number.NaN }: Throughput): number {
  return cpuMicrosecondsPerRequest;
}

/** Undefined for no values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function failuresOf({ failures, failure }: LoadResult): { failures: number; failure?: string } {
  return { failures, ...(failure !== undefined && { failure }) };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
