import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { ResponseReader } from './response-reader.ts';
import type { Answer } from './response-reader.ts';

/** Where to send, and the request as it goes over the wire. */
export interface Target {
  host: string;
  port: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** How a call went; times in milliseconds. `failure` names what was wrong with it. */
export interface Call {
  total: number;
  firstByte: number;
  events: number;
  failure?: string;
}

/** The bytes of a call, made once. */
export function requestBytes({ host, port, path, headers, body }: Target): Buffer {
  const fields = Object.entries({
    host: `${host}:${port}`,
    'content-type': 'application/json',
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
  });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines}\r\n${body}`);
}

/** A kept-alive connection that carries one call at a time. */
export class Connection {
  readonly #socket: Socket;
  #started = 0;
  #firstByte = 0;
  #done: ((call: Call) => void) | undefined;

  constructor({ host, port }: Target) {
    const reader = new ResponseReader({
      onFirstByte: () => (this.#firstByte = performance.now()),
      onEnd: (answer) => this.#end(answer, failureOf(answer)),
    });
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (bytes: Buffer) => reader.read(bytes));
    this.#socket.on('error', (error) => this.#end(undefined, error.message));
    this.#socket.on('close', () => this.#end(undefined, 'connection closed'));
  }

  /** False when the other side has closed it. */
  get usable(): boolean {
    return !this.#socket.destroyed;
  }

  /** Sends a call; it always resolves. */
  send(bytes: Buffer): Promise<Call> {
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#started = performance.now();
      this.#firstByte = 0;
      if (this.usable) this.#socket.write(bytes);
      else this.#end(undefined, 'connection closed');
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #end(answer: Answer | undefined, failure: string | undefined): void {
    const done = this.#done;
    this.#done = undefined;
    const now = performance.now();
    done?.({
      total: now - this.#started,
      firstByte: (this.#firstByte === 0 ? now : this.#firstByte) - this.#started,
      events: answer?.events ?? 0,
      ...(failure !== undefined && { failure }),
    });
  }
}

/** A stream must come to the last event of its protocol, and that must not be an error. */
function failureOf({ status, events, tail }: Answer): string | undefined {
  if (status !== 200) return `status ${status}: ${tail.slice(0, 120)}`;
  if (events === 0 || tail.includes('data: [DONE]') || tail.includes('event: message_stop')) return undefined;
  return `stream without its end: ${tail.slice(-120)}`;
}
