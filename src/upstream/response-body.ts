/** Takes the bytes of an upstream answer. Exactly one of `end` and `error` is called, last. */
export interface ByteSink {
  /** False asks the source to pause until `resume` is called on the body. */
  write(chunk: Buffer): boolean;
  end(): void;
  error(error: Error): void;
}

/** How the source of the bytes is steered. */
export interface BodySource {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** Bytes kept for a reader that has not come yet; above this the source is paused. */
const holdLimit = 256 * 1024;

/**
 * The body of an upstream answer, pushed by its source and read by one sink at a time. Without a sink the bytes wait,
 * so that the first frames can be looked at and given back before anything is sent on.
 */
export class ResponseBody {
  /** All of it, when it was received before anyone asked for it. */
  whole: Buffer | undefined;
  readonly #source: BodySource;
  #sink: ByteSink | undefined;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #paused = false;
  #ended = false;
  #failure: Error | undefined;
  #closed = false;

  constructor(source: BodySource) {
    this.#source = source;
  }

  /** Source side: bytes have arrived. */
  push(chunk: Buffer): void {
    if (this.#closed) return;
    if (this.#sink) {
      if (!this.#sink.write(chunk)) this.#pause();
      return;
    }
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > holdLimit) this.#pause();
  }

  /** Source side: the answer is complete. */
  finish(): void {
    this.#ended = true;
    this.#deliverEnd();
  }

  /** Source side: the answer broke off. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#deliverEnd();
  }

  /** Reader side: gives the sink what has waited, then what comes. */
  attach(sink: ByteSink): void {
    this.#sink = sink;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    let writable = true;
    for (const [index, chunk] of held.entries()) {
      writable = sink.write(chunk);
      if (this.#sink !== sink) {
        // The sink detached itself while it was being fed: the rest waits for the next one.
        this.#hold(held.slice(index + 1));
        return;
      }
    }
    if (writable) this.resume();
    this.#deliverEnd();
  }

  /** Reader side: takes the sink away; `unread` bytes come first for the next one. */
  detach(unread: readonly Buffer[]): void {
    this.#sink = undefined;
    this.#held = [...unread, ...this.#held];
    this.#heldBytes = this.#held.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#pause();
  }

  /** Reader side: the sink can take more. */
  resume(): void {
    if (!this.#paused || this.#ended || this.#closed) return;
    this.#paused = false;
    this.#source.resume();
  }

  /** Reader side: no more is wanted. The sink hears nothing after this. */
  abort(reason: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sink = undefined;
    this.#held = [];
    if (!this.#ended && this.#failure === undefined) this.#source.abort(reason);
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#source.pause();
  }

  #hold(chunks: readonly Buffer[]): void {
    this.#held.push(...chunks);
    this.#heldBytes += chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  #deliverEnd(): void {
    const sink = this.#sink;
    if (this.#closed || !sink || this.#held.length > 0) return;
    if (!this.#failure && !this.#ended) return;
    this.#closed = true;
    this.#sink = undefined;
    if (this.#failure) sink.error(this.#failure);
    else sink.end();
  }
}

/** A body whose bytes have all been received, or as many as came before it broke off with `failure`. */
export function receivedBody(bytes: Buffer, failure?: Error): ResponseBody {
  const body = new ResponseBody({ pause: () => undefined, resume: () => undefined, abort: () => undefined });
  if (bytes.length > 0) body.push(bytes);
  if (failure) {
    body.fail(failure);
  } else {
    body.finish();
    body.whole = bytes;
  }
  return body;
}

/** The pieces as one; a single one, as most answers are, is not copied. */
export function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}

/** The body is larger than the caller is willing to hold. */
export class BodyTooLargeError extends Error {
  constructor(limit: number) {
    super(`The answer is larger than ${limit} bytes.`);
    this.name = 'BodyTooLargeError';
  }
}

/** The whole body; rejects when it breaks off or passes the limit (in bytes). */
export function collectBody(body: ResponseBody, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.attach({
      write(chunk) {
        size += chunk.length;
        if (size > limit) {
          const error = new BodyTooLargeError(limit);
          body.abort(error);
          reject(error);
          return false;
        }
        chunks.push(chunk);
        return true;
      },
      end: () => resolve(joined(chunks)),
      error: reject,
    });
  });
}
