/** What is known of one answer when it has ended. */
export interface Answer {
  status: number;
  bytes: number;
  /** Server-sent events: blank lines that end a frame. */
  events: number;
  /** The last bytes, to see whether a stream came to its proper end. */
  tail: string;
}

export interface ReaderEvents {
  /** The first byte of the body. */
  onFirstByte(): void;
  onEnd(answer: Answer): void;
}

const newline = 10;
const tailLength = 256;

type Step = 'head' | 'sized' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer';

/** Reads the answers of one kept-alive HTTP/1.1 connection, one after the other, with as little work as counting allows. */
export class ResponseReader {
  #step: Step = 'head';
  #held = '';
  #left = 0;
  #answer: Answer = newAnswer();
  #lastByte = 0;
  readonly #events: ReaderEvents;

  constructor(events: ReaderEvents) {
    this.#events = events;
  }

  read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) at = this.#advance(bytes, at);
  }

  /** Consumes something from `at` on; the position after it. */
  #advance(bytes: Buffer, at: number): number {
    switch (this.#step) {
      case 'head':
        return this.#readHead(bytes, at);
      case 'sized':
        return this.#readBody(bytes, at, () => this.#finish());
      case 'chunk':
        return this.#readBody(bytes, at, () => (this.#step = 'chunk-end'));
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.#readLine(bytes, at);
    }
  }

  #readHead(bytes: Buffer, at: number): number {
    const before = this.#held.length;
    this.#held += bytes.toString('latin1', at);
    const end = this.#held.indexOf('\r\n\r\n');
    if (end === -1) return bytes.length;
    const head = this.#held.slice(0, end).toLowerCase();
    this.#held = '';
    this.#answer = { ...newAnswer(), status: Number(head.slice(9, 12)) };
    if (head.includes('\r\ntransfer-encoding: chunked')) this.#step = 'chunk-size';
    else {
      this.#left = Number(/\r\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0);
      this.#step = 'sized';
      if (this.#left === 0) this.#finish();
    }
    return at + end + 4 - before;
  }

  #readBody(bytes: Buffer, at: number, onEnd: () => void): number {
    const end = Math.min(bytes.length, at + this.#left);
    if (this.#answer.bytes === 0) this.#events.onFirstByte();
    this.#answer.bytes += end - at;
    this.#countEvents(bytes, at, end);
    this.#answer.tail = (this.#answer.tail + bytes.toString('latin1', Math.max(at, end - tailLength), end)).slice(
      -tailLength,
    );
    this.#left -= end - at;
    if (this.#left === 0) onEnd();
    return end;
  }

  /** Two line feeds in a row end an event, also when they come in different reads. */
  #countEvents(bytes: Buffer, start: number, end: number): void {
    for (let at = bytes.indexOf(newline, start); at !== -1 && at < end; at = bytes.indexOf(newline, at + 1)) {
      const previous = at === start ? this.#lastByte : bytes[at - 1];
      if (previous === newline) this.#answer.events += 1;
    }
    this.#lastByte = bytes[end - 1] ?? 0;
  }

  /** The lines between the chunks of a chunked body. */
  #readLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(newline, at);
    this.#held += bytes.toString('latin1', at, end === -1 ? bytes.length : end);
    if (end === -1) return bytes.length;
    const line = this.#held.trim();
    this.#held = '';
    if (this.#step === 'chunk-end') this.#step = 'chunk-size';
    else if (this.#step === 'trailer') this.#endOfTrailer(line);
    else {
      this.#left = Number.parseInt(line, 16);
      this.#step = this.#left === 0 ? 'trailer' : 'chunk';
    }
    return end + 1;
  }

  #endOfTrailer(line: string): void {
    if (line === '') this.#finish();
  }

  #finish(): void {
    this.#step = 'head';
    this.#events.onEnd(this.#answer);
  }
}

function newAnswer(): Answer {
  return { status: 0, bytes: 0, events: 0, tail: '' };
}
