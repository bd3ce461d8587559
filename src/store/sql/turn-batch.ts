import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from '../../domain/store-unavailable.ts';

interface Waiting<Job, Answer> {
  job: Job;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Jobs in one transaction. */
const jobsPerTransaction = 500;

/**
 * Gathers the jobs that come within a turn of the event loop, and while the jobs before are at work, for one transaction.
 * Transactions of one batch run one after the other, so jobs are done in the order in which they came.
 */
export class TurnBatch<Job, Answer> {
  readonly #transact: (jobs: readonly Job[]) => Promise<readonly Answer[]>;
  #queue: Waiting<Job, Answer>[] = [];
  #running: Promise<void> | undefined;

  /** `transact` does all of the jobs or none, and gives an answer for each. */
  constructor(transact: (jobs: readonly Job[]) => Promise<readonly Answer[]>) {
    this.#transact = transact;
  }

  /** Rejects with StoreUnavailable when the transaction failed. */
  add(job: Job): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#running ??= this.#work();
    });
  }

  /** Resolves when everything added before is done, one way or the other. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #work(): Promise<void> {
    await nextTurn();
    while (this.#queue.length > 0) {
      const waiting = this.#queue.splice(0, jobsPerTransaction);
      try {
        const answers = await this.#transact(waiting.map(({ job }) => job));
        for (const [place, { resolve, reject }] of waiting.entries()) {
          const answer = answers[place];
          if (answer === undefined) reject(new Error('a job without an answer'));
          else resolve(answer);
        }
      } catch (error) {
        const unavailable = new StoreUnavailable('the database did not take a change', { cause: error });
        for (const { reject } of waiting) reject(unavailable);
      }
    }
    // At once with the look at what is left: a job added in between would wait for another.
    this.#running = undefined;
  }
}
