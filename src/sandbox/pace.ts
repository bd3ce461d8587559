import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, and rejects as soon as the caller leaves. Zero does not wait at all. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal });
}

/** Longest silence of a stalled stream; then the connection breaks. */
const maxStallMs = 600_000;

/** The connection broke off in the middle, as a directive asked. */
export class BrokenConnectionError extends Error {
  constructor() {
    super('The sandbox broke the connection off, as its directive asks.');
    this.name = 'BrokenConnectionError';
  }
}

/** A frame and how many tokens it stands for. */
export interface PacedFrame {
  text: string;
  tokens: number;
}

export interface Pacing {
  tps: number;
  cut?: number;
  stall?: number;
  eof?: number;
  /** An error frame to send after so many frames, as the last one. */
  failure?: { after: number; text: string };
  signal: AbortSignal;
}

/** The frames as bytes, at the wanted rate, with the wanted faults. Nothing is made before it is asked for. */
export async function* paceFrames(frames: Iterable<PacedFrame>, pacing: Pacing): AsyncGenerator<Buffer> {
  let sent = 0;
  for (const { text, tokens } of frames) {
    pacing.signal.throwIfAborted();
    if (pacing.failure !== undefined && sent >= pacing.failure.after) {
      yield Buffer.from(pacing.failure.text);
      return;
    }
    if (sent === pacing.eof) return;
    if (sent === pacing.cut) throw new BrokenConnectionError();
    if (sent === pacing.stall) {
      await pause(maxStallMs, pacing.signal);
      throw new BrokenConnectionError();
    }
    if (pacing.tps > 0) await pause((tokens * 1_000) / pacing.tps, pacing.signal);
    yield Buffer.from(text);
    sent += 1;
  }
  if (pacing.failure !== undefined) yield Buffer.from(pacing.failure.text);
}

/** A whole body whose connection breaks after so many bytes. */
export async function* cutBody(body: Buffer, bytes: number): AsyncGenerator<Buffer> {
  yield body.subarray(0, bytes);
  throw new BrokenConnectionError();
}
