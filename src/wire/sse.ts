import type { SseFrame } from '../domain/codec.ts';

const lineFeed = 10;
const carriageReturn = 13;
const none = Buffer.alloc(0);

/** A frame larger than the limit: the peer is broken or hostile. */
export class SseFrameTooLargeError extends Error {
  constructor(limit: number) {
    super(`A server-sent event is larger than ${limit} bytes.`);
    this.name = 'SseFrameTooLargeError';
  }
}

/**
 * Cuts a byte stream into the raw frames of an event stream (each with the blank line that ends it),
 * wherever the chunks were cut. Lines end with LF or CRLF; the lone CR that the standard also allows is sent by no
 * known vendor and would make every frame wait for the byte after it.
 */
export class SseSplitter {
  #carry: Buffer = none;
  /** How much of the carry is known to hold no frame end, so that a slow large frame is not scanned again. */
  #scanned = 0;
  readonly #limit: number;

  constructor(limit = 16 * 1024 * 1024) {
    this.#limit = limit;
  }

  /** The frames that this chunk completes, as views of the received bytes. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    const frames: Buffer[] = [];
    let start = 0;
    let end = findFrameEnd(bytes, Math.max(0, this.#scanned - 3));
    while (end !== -1) {
      frames.push(bytes.subarray(start, end));
      start = end;
      end = findFrameEnd(bytes, start);
    }
    this.#carry = start === bytes.length ? none : bytes.subarray(start);
    this.#scanned = this.#carry.length;
    if (this.#carry.length > this.#limit) throw new SseFrameTooLargeError(this.#limit);
    return frames;
  }

  /** What is left when the stream has ended: a frame without its blank line, or nothing. */
  rest(): Buffer {
    const rest = this.#carry;
    this.#carry = none;
    this.#scanned = 0;
    return rest;
  }
}

/** The index after the blank line that ends the frame, or -1. */
function findFrameEnd(bytes: Buffer, from: number): number {
  let lineEnd = bytes.indexOf(lineFeed, from);
  while (lineEnd !== -1) {
    const next = bytes[lineEnd + 1];
    if (next === lineFeed) return lineEnd + 2;
    if (next === carriageReturn && bytes[lineEnd + 2] === lineFeed) return lineEnd + 3;
    lineEnd = bytes.indexOf(lineFeed, lineEnd + 1);
  }
  return -1;
}

/** Reads a raw frame; undefined when it carries neither data nor an event name (comments, `retry:`). */
export function parseFrame(raw: Buffer): SseFrame | undefined {
  let event = '';
  let data: string | undefined;
  for (const line of raw.toString('utf8').split('\n')) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    const colon = text.indexOf(':');
    if (colon <= 0) {
      if (text === 'data') data = data === undefined ? '' : `${data}\n`;
      continue;
    }
    const value = text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1);
    const field = colon === 4 || colon === 5 ? text.slice(0, colon) : '';
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (field === 'event') event = value;
  }
  return data === undefined && event === '' ? undefined : { event, data: data ?? '' };
}

/** Frames of an event stream from its bytes, in any cut. A last frame without its blank line still counts. */
export class SseParser {
  readonly #splitter: SseSplitter;

  constructor(limit?: number) {
    this.#splitter = new SseSplitter(limit);
  }

  push(chunk: Buffer): SseFrame[] {
    return parseAll(this.#splitter.push(chunk));
  }

  /**
   * The unfinished frame at the end of the stream. The standard discards it; vendors that close right after their last
   * `data:` line exist, and a cut frame does no harm here because its JSON does not parse.
   */
  end(): SseFrame[] {
    return parseAll([this.#splitter.rest()]);
  }
}

function parseAll(raws: readonly Buffer[]): SseFrame[] {
  const frames: SseFrame[] = [];
  for (const raw of raws) {
    const frame = parseFrame(raw);
    if (frame) frames.push(frame);
  }
  return frames;
}

/** One frame as text; `data` must be a single line, as JSON text is. */
export function formatFrame(data: string, event = ''): string {
  return event === '' ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
