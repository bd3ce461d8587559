import { Connection, requestBytes } from './connection.ts';
import type { Call, Target } from './connection.ts';

/** Connections that send the next call as soon as the last has ended: what is the most that goes through? */
export interface ClosedLoop {
  pattern: 'closed';
  target: Target;
  connections: number;
  seconds: number;
}

/** Calls at a fixed rate, whatever the answers do: how long does one take? */
export interface OpenLoop {
  pattern: 'open';
  target: Target;
  /** Per second. */
  rate: number;
  seconds: number;
}

/** So many calls at once, each on a connection of its own. */
export interface AtOnce {
  pattern: 'at-once';
  target: Target;
  calls: number;
}

export type Load = ClosedLoop | OpenLoop | AtOnce;

/** Milliseconds. */
export interface Latency {
  p50: number;
  p99: number;
  max: number;
}

export interface LoadResult {
  calls: number;
  failures: number;
  /** The first of them. */
  failure?: string;
  seconds: number;
  total: Latency;
  firstByte: Latency;
  events: number;
}

/** Applies a load and measures it. */
export async function apply(load: Load): Promise<LoadResult> {
  const start = performance.now();
  const calls = await run(load);
  return summarise(calls, (performance.now() - start) / 1000);
}

function run(load: Load): Promise<Call[]> {
  switch (load.pattern) {
    case 'closed':
      return closedLoop(load);
    case 'open':
      return openLoop(load);
    case 'at-once':
      return atOnce(load);
  }
}

async function closedLoop({ target, connections, seconds }: ClosedLoop): Promise<Call[]> {
  const bytes = requestBytes(target);
  const calls: Call[] = [];
  const end = performance.now() + seconds * 1000;
  async function keepSending(): Promise<void> {
    let connection = new Connection(target);
    while (performance.now() < end) {
      const call = await connection.send(bytes);
      calls.push(call);
      if (connection.usable) continue;
      connection = new Connection(target);
      // A server that refuses every connection must not turn this into a spin.
      if (call.failure !== undefined) await pause(10);
    }
    connection.close();
  }
  await Promise.all(Array.from({ length: connections }, keepSending));
  return calls;
}

/** The clock starts when a call is sent, and calls are sent on time: an idle connection is taken, or a new one made. */
async function openLoop({ target, rate, seconds }: OpenLoop): Promise<Call[]> {
  const bytes = requestBytes(target);
  const idle: Connection[] = [];
  const running: Promise<Call>[] = [];
  const start = performance.now();
  async function send(): Promise<Call> {
    let connection = idle.pop();
    while (connection !== undefined && !connection.usable) connection = idle.pop();
    connection ??= new Connection(target);
    const call = await connection.send(bytes);
    if (connection.usable) idle.push(connection);
    return call;
  }
  while (running.length < rate * seconds) {
    const due = Math.floor(((performance.now() - start) / 1000) * rate);
    while (running.length < Math.min(due, rate * seconds)) running.push(send());
    await pause(1);
  }
  const calls = await Promise.all(running);
  for (const connection of idle) connection.close();
  return calls;
}

async function atOnce({ target, calls }: AtOnce): Promise<Call[]> {
  const bytes = requestBytes(target);
  const connections = Array.from({ length: calls }, () => new Connection(target));
  const results = await Promise.all(connections.map((connection) => connection.send(bytes)));
  for (const connection of connections) connection.close();
  return results;
}

function summarise(calls: readonly Call[], seconds: number): LoadResult {
  const failed = calls.filter(({ failure }) => failure !== undefined);
  const [first] = failed;
  return {
    calls: calls.length,
    failures: failed.length,
    ...(first?.failure !== undefined && { failure: first.failure }),
    seconds,
    total: latency(calls.map(({ total }) => total)),
    firstByte: latency(calls.map(({ firstByte }) => firstByte)),
    events: calls.reduce((sum, { events }) => sum + events, 0),
  };
}

function latency(samples: number[]): Latency {
  const sorted = samples.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
