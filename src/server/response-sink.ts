import type { ServerResponse } from 'node:http';
import type { ClientSink } from '../pipeline/stages.ts';
import { headerValue } from '../wire/header-value.ts';

/** A client's response as the pipeline's sink: counts bytes, notes the first one, and ignores writes to a client that left. */
export class ResponseSink implements ClientSink {
  readonly #response: ServerResponse;
  readonly #headers: Readonly<Record<string, string>>;
  #isEventStream = false;
  #hold: Promise<void> | undefined;
  bytesSent = 0;
  firstByteAt: number | undefined;

  /** `headers` are added to those of every answer, as they are. */
  constructor(response: ServerResponse, headers: Readonly<Record<string, string>> = {}) {
    this.#response = response;
    this.#headers = headers;
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  start(status: number, headers: Record<string, string>): void {
    if (this.#response.headersSent || this.#response.destroyed) return;
    this.#isEventStream = headers['content-type']?.startsWith('text/event-stream') === true;
    // Here, for every answer: a header that cannot be sent must not lose an answer, least of all that of the error exit.
    const all = { ...headers, ...this.#headers };
    for (const [name, value] of Object.entries(headers)) {
      const safe = headerValue(value);
      // Nearly always it is the same text, and the object stays as the engine made it.
      if (safe !== value) all[name] = safe;
    }
    this.#response.writeHead(status, all);
  }

  write(chunk: Buffer | string): boolean {
    if (this.#response.destroyed || this.#response.writableEnded) return true;
    this.#count(chunk);
    return this.#response.write(chunk);
  }

  /** Answers go out as ever, but none ends before this is over: its connection stays open. */
  endAfter(hold: Promise<void>): void {
    this.#hold = hold;
  }

  end(chunk?: Buffer | string): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    const hasMore = chunk !== undefined && chunk.length > 0;
    if (hasMore) this.#count(chunk);
    if (this.#hold !== undefined) {
      if (hasMore) this.#response.write(chunk);
      void this.#hold.then(() => this.#response.end());
    } else if (hasMore) this.#response.end(chunk);
    else this.#response.end();
  }

  fail(lastEvent: string): void {
    if (this.#isEventStream) this.end(lastEvent);
    else this.#response.destroy();
  }

  onDrain(listener: () => void): void {
    this.#response.once('drain', listener);
  }

  #count(chunk: Buffer | string): void {
    this.firstByteAt ??= performance.now();
    this.bytesSent += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
  }
}
