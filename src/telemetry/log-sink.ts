import { write, writeSync } from 'node:fs';

/** Lines are written when so many characters have gathered: each write is two changes of thread. */
const gatheredLength = 256 * 1024;

/** Lines below this age may wait for company, in milliseconds. */
const longestWaitMs = 1_000;

/**
 * Lines of requests are made when so many are due. Made one after the other, with nothing between, a line costs a fraction of
 * what it does amid the work of a request (measured: 5 us of the 80 that a small request takes).
 */
const madeTogether = 64;

/** Characters that may wait for a file that does not take them; what comes then is dropped. */
const waitingLimit = 4 * 2 ** 20;

/** How long a pipe or terminal that is full gets to be read, in milliseconds. */
const fullPipeMs = 50;

/**
 * Where log lines go: gathered, and written without blocking whoever logs. A full disk or a terminal that was closed costs
 * log lines, not the gateway; writing is tried again with the next lines.
 *
 * Takes the place of pino's own destination, which measures the bytes of all gathered lines again with each further line, and
 * needed a patch to outlive a full disk.
 */
export class LogSink {
  readonly #descriptor: number;
  #lines: string[] = [];
  #length = 0;
  /** Makers of lines that come after those gathered, and lines that have to stay in order with them. */
  #due: (string | (() => string))[] = [];
  /** What is being written. */
  #pending: Buffer = Buffer.alloc(0);
  #writing: Promise<void> | undefined;
  /** The system is at it: it ends that also when the process ends. */
  #handedOver = false;
  readonly #timer: NodeJS.Timeout;
  #failed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#timer = setInterval(() => void this.flush(), longestWaitMs).unref();
  }

  /** Takes one line, with its line end. */
  write(line: string): void {
    if (this.#due.length > 0) this.#take(line);
    else this.#gather(line);
  }

  /** Takes a line that is made later, in its place among the others: what it is made of must not change until then. */
  writeLater(makeLine: () => string): void {
    this.#take(makeLine);
  }

  /** Resolves when everything taken so far is written, or cannot be. Never rejects. */
  async flush(): Promise<void> {
    this.#makeLines();
    this.#startWriting();
    await this.#writing;
  }

  /** For the end of the process: writes what is left at once, as far as it can be written. */
  close(): void {
    clearInterval(this.#timer);
    // A file that has just refused bytes would refuse these.
    if (this.#failed) return;
    this.#makeLines();
    const left = this.#takeGathered();
    const rest = this.#handedOver ? left : Buffer.concat([this.#pending, left]);
    try {
      for (let done = 0; done < rest.length;) done += writeSync(this.#descriptor, rest, done);
    } catch {
      // Nobody is left to be told.
    }
  }

  #take(line: string | (() => string)): void {
    this.#due.push(line);
    if (this.#due.length >= madeTogether) this.#makeLines();
  }

  #makeLines(): void {
    const due = this.#due;
    this.#due = [];
    for (const line of due) this.#gather(typeof line === 'string' ? line : line());
  }

  #gather(line: string): void {
    if (this.#length > waitingLimit) return;
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= gatheredLength) this.#startWriting();
  }

  #startWriting(): void {
    // With nothing to write there is no work to remember: it would be over before it was noted, and noted for ever.
    if (this.#lines.length > 0) this.#writing ??= this.#work();
  }

  async #work(): Promise<void> {
    while (this.#lines.length > 0) {
      this.#pending = this.#takeGathered();
      this.#failed = !(await this.#writePending());
      this.#pending = Buffer.alloc(0);
    }
    this.#writing = undefined;
  }

  #takeGathered(): Buffer {
    const text = this.#lines.join('');
    this.#lines = [];
    this.#length = 0;
    return Buffer.from(text);
  }

  /** False when the file does not take it. */
  #writePending(): Promise<boolean> {
    return new Promise((resolve) => {
      const next = (): void => {
        this.#handedOver = true;
        write(this.#descriptor, this.#pending, (error, written) => {
          this.#handedOver = false;
          if (error?.code === 'EAGAIN' || error?.code === 'EBUSY') {
            setTimeout(next, fullPipeMs);
            return;
          }
          if (error === null) this.#pending = this.#pending.subarray(written);
          if (error !== null || this.#pending.length === 0) resolve(error === null);
          else next();
        });
      };
      next();
    });
  }
}
