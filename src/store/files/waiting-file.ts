import { appendFile, open, readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { LeftNotes, WaitingNotes } from '../../domain/waiting-notes.ts';
import { makeFolder } from '../make-folder.ts';
import { exclusiveLock } from './exclusive-lock.ts';

export interface WaitingFileOptions {
  /** Of the files of all processes; created when it is needed. */
  folder: string;
  /** Unique for every start of a process. */
  process: string;
  /** What is noted: a process has one file of each kind. */
  kind: string;
  /** What is noted beyond it is refused. */
  limitBytes?: number;
  /** Between two attempts at a file that cannot be written, in milliseconds. */
  retryMs?: number;
}

/** More than twice what 100,000 calls take. */
const defaultLimitBytes = 256 * 1024 * 1024;

/**
 * What waits for a store that is away, as lines of JSON in `{process}.{kind}.jsonl`, with a lock beside it that says whether its process
 * lives. Nothing is opened or created before the first note, and the file is removed when nothing waits any more. Lines are written
 * together, in the background, and not forced to the disk: they outlive the process, not a power cut.
 */
export class WaitingFile<Note extends object> implements WaitingNotes<Note> {
  readonly process: string;
  readonly #folder: string;
  readonly #kind: string;
  readonly #limitBytes: number;
  readonly #retryMs: number;
  #lock: Disposable | undefined;
  #file: FileHandle | undefined;
  /** Lines to write, and who waits for them. */
  #lines: string[] = [];
  #waiters: (() => void)[] = [];
  #mustClear = false;
  /** Noted since the last clearing. */
  #bytes = 0;
  #isFull = false;
  /** The last attempt may have ended inside of a line. */
  #isTorn = false;
  #failure: string | undefined;
  #running: Promise<void> | undefined;

  constructor({ folder, process, kind, limitBytes = defaultLimitBytes, retryMs = 1_000 }: WaitingFileOptions) {
    this.process = process;
    this.#folder = folder;
    this.#kind = kind;
    this.#limitBytes = limitBytes;
    this.#retryMs = retryMs;
  }

  get problem(): string | undefined {
    if (this.#failure !== undefined) return `${this.#path(this.process)} cannot be written: ${this.#failure}`;
    return this.#isFull ? `${this.#path(this.process)} has reached its limit of ${this.#limitBytes} bytes` : undefined;
  }

  note(note: Note): void {
    const line = `${JSON.stringify(note)}\n`;
    const bytes = Buffer.byteLength(line);
    this.#isFull ||= this.#bytes + bytes > this.#limitBytes;
    if (this.#isFull) return;
    this.#bytes += bytes;
    this.#lines.push(line);
    this.#running ??= this.#work();
  }

  written(): Promise<void> {
    if (this.#running === undefined || this.#failure !== undefined) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  clear(): void {
    if (this.#bytes === 0) return;
    this.#bytes = 0;
    this.#isFull = false;
    this.#lines = [];
    this.#mustClear = true;
    this.#running ??= this.#work();
  }

  async bringLeft(bring: (left: LeftNotes<Note>) => Promise<number>): Promise<number> {
    let total = 0;
    for (const process of await this.#others()) {
      using lock = exclusiveLock(this.#lockPath(process));
      // Its process lives, or another is at it.
      if (lock === undefined) continue;
      const path = this.#path(process);
      const notes = await readNotes<Note>(path);
      // On a line of its own: the last one may have been cut off.
      const add = (note: Note): Promise<void> => appendFile(path, `\n${JSON.stringify(note)}\n`);
      if (notes.length > 0) total += await bring({ process, notes, add });
      await rm(path, { force: true });
      await rm(this.#lockPath(process), { force: true });
    }
    return total;
  }

  async close(): Promise<void> {
    await this.written();
    await this.#file?.close();
    this.#file = undefined;
    if (this.#bytes === 0 && this.#lock !== undefined) await rm(this.#lockPath(this.process), { force: true });
    this.#lock?.[Symbol.dispose]();
    this.#lock = undefined;
  }

  #path(process: string): string {
    return join(this.#folder, `${process}.${this.#kind}.jsonl`);
  }

  #lockPath(process: string): string {
    return join(this.#folder, `${process}.${this.#kind}.lock`);
  }

  /** The processes with a file of this kind, dead or alive. */
  async #others(): Promise<Set<string>> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const processes = names.flatMap((name) => {
      const [process, kind, ending, ...rest] = name.split('.');
      const isOurs = kind === this.#kind && (ending === 'jsonl' || ending === 'lock') && rest.length === 0;
      return isOurs && process !== undefined && process !== this.process ? [process] : [];
    });
    return new Set(processes);
  }

  /** Goes on until nothing is left to write; what comes while a write is under way is the next one's. */
  async #work(): Promise<void> {
    await nextTurn();
    while (this.#mustClear || this.#lines.length > 0 || this.#waiters.length > 0) {
      const [lines, waiters] = [this.#lines, this.#waiters];
      this.#lines = [];
      this.#waiters = [];
      try {
        await this.#write(lines);
        this.#failure = undefined;
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
        this.#isTorn = true;
        // Unless they were cleared meanwhile.
        if (!this.#mustClear) this.#lines = [...lines, ...this.#lines];
      }
      for (const resolve of waiters) resolve();
      if (this.#failure !== undefined) await sleep(this.#retryMs, undefined, { ref: false });
    }
    // At once with the look at what is left: a note taken in between would wait for another.
    this.#running = undefined;
  }

  async #write(lines: readonly string[]): Promise<void> {
    if (this.#mustClear) {
      this.#mustClear = false;
      await this.#file?.close();
      this.#file = undefined;
      this.#isTorn = false;
      await rm(this.#path(this.process), { force: true });
    }
    if (lines.length === 0) return;
    const file = (this.#file ??= await this.#open());
    await file.appendFile(`${this.#isTorn ? '\n' : ''}${lines.join('')}`);
    this.#isTorn = false;
  }

  /** The lock is kept until the end of the process: while it lives, nobody may take its file. */
  async #open(): Promise<FileHandle> {
    makeFolder(this.#folder, 0o700);
    this.#lock ??= exclusiveLock(this.#lockPath(this.process));
    if (this.#lock === undefined) throw new Error('another process has locked it');
    return open(this.#path(this.process), 'a', 0o600);
  }
}

/** A line that cannot be read was cut off when its process was killed. */
async function readNotes<Note extends object>(path: string): Promise<Note[]> {
  const notes: Note[] = [];
  const file = await open(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (file === undefined) return notes;
  for await (const line of file.readLines()) {
    const note = noteOf<Note>(line);
    if (note !== undefined) notes.push(note);
  }
  return notes;
}

function noteOf<Note extends object>(line: string): Note | undefined {
  try {
    const note: Note | null = JSON.parse(line);
    return typeof note === 'object' && note !== null ? note : undefined;
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
