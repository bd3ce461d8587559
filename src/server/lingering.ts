import type { Duplex, Readable } from 'node:stream';

/** How much of what a client still sends is read after its answer, and for how long. */
export interface LingerLimits {
  bytes: number;
  /** Without a byte. */
  silenceMs: number;
  totalMs: number;
}

/** Twice the usual limit of a body, for clients that look for an answer only when they have sent everything. */
const defaultLimits: LingerLimits = { bytes: 128 * 2 ** 20, silenceMs: 3_000, totalMs: 10_000 };

/**
 * Connections that end with an answer given before the request was there. A socket that is closed while its client still
 * sends makes the system reset the connection, and a reset takes from the client an answer that it has not read yet: so what
 * comes is thrown away for a while first (RFC 9112, section 9.6).
 */
export class Lingering {
  readonly #limits: LingerLimits;
  readonly #ends = new Map<Duplex, () => void>();
  #stopped = false;

  constructor(limits = defaultLimits) {
    this.#limits = limits;
  }

  /** The client of this socket has its answer, and what it still sends is thrown away. */
  has(socket: Duplex): boolean {
    return this.#ends.has(socket);
  }

  /** Throws away what comes from a socket; resolves when nothing comes any more, at a limit, and at `stop`. */
  async throwAway(socket: Duplex, incoming: Readable): Promise<void> {
    if (this.#stopped || socket.destroyed) return;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const { bytes, silenceMs, totalMs } = this.#limits;
    const timers = [setTimeout(end, silenceMs), setTimeout(end, totalMs)];
    let received = 0;
    const count = (chunk: Buffer): void => {
      received += chunk.length;
      if (received > bytes) end();
      else timers[0]?.refresh();
    };
    this.#ends.set(socket, end);
    incoming.on('data', count).on('end', end);
    socket.on('close', end);
    incoming.resume();
    await ended;
    timers.forEach(clearTimeout);
    incoming.off('data', count).off('end', end);
    socket.off('close', end);
    this.#ends.delete(socket);
  }

  /** Ends all, also what would begin later. */
  stop(): void {
    this.#stopped = true;
    for (const end of this.#ends.values()) end();
  }
}
