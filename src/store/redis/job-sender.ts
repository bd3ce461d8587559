import { randomUUID } from 'node:crypto';
import type { LedgerJob } from '../ledger/job.ts';
import type { JobReply } from './job-reply.ts';
import { applyScript } from './ledger-scripts.ts';
import type { ScriptClient } from './script-client.ts';

/** A job for the live counters; without a number it is in the database already. */
export interface LiveJob {
  number?: number;
  job: LedgerJob;
}

/** A reply with what was sent and the life of the live counters in which it was done. */
export interface Sent {
  job: LedgerJob;
  reply: JobReply;
  epoch: string;
}

interface Waiting {
  read: () => LiveJob;
  resolve(sent: Sent): void;
  reject(error: unknown): void;
}

/** Jobs in one script: bounds how long the server is held. */
const jobsPerScript = 200;

/** Sends the jobs of one turn of the event loop as one script; scripts are sent without waiting for each other. */
export class JobSender {
  readonly #client: ScriptClient;
  readonly #prefix: string;
  readonly #processId: string;
  #queue: Waiting[] = [];
  /** When this process's lease ends, Unix milliseconds. */
  leaseUntil = 0;

  constructor({ client, prefix, processId }: { client: ScriptClient; prefix: string; processId: string }) {
    this.#client = client;
    this.#prefix = prefix;
    this.#processId = processId;
  }

  /** Asks for the job when it is sent. */
  send(read: () => LiveJob): Promise<Sent> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ read, resolve, reject });
      if (this.#queue.length === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#queue;
    this.#queue = [];
    for (let at = 0; at < waiting.length; at += jobsPerScript) void this.#run(waiting.slice(at, at + jobsPerScript));
  }

  async #run(waiting: readonly Waiting[]): Promise<void> {
    const head = [this.#processId, String(this.leaseUntil), randomUUID()];
    try {
      const entries = waiting.map(({ read }) => read());
      const texts = entries.map((entry) => JSON.stringify(entry));
      const reply = await this.#client.run(applyScript, this.#prefix, [...head, ...texts]);
      const [epoch = '', ...replies] = Array.isArray(reply) ? reply.map(String) : [];
      for (const [place, { job }] of entries.entries())
        waiting[place]?.resolve({ job, epoch, reply: JSON.parse(replies[place] ?? '') });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
