/** How many come within a period of fixed length: the most of the last one and the one that runs. Times in milliseconds. */
export class Pace {
  readonly #periodMs: number;
  #since = Number.NEGATIVE_INFINITY;
  #before = 0;
  #seen = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  count(now: number): void {
    const elapsed = now - this.#since;
    if (elapsed >= this.#periodMs || elapsed < 0) {
      this.#before = elapsed >= 0 && elapsed < 2 * this.#periodMs ? this.#seen : 0;
      this.#seen = 0;
      this.#since = now;
    }
    this.#seen += 1;
  }

  get perPeriod(): number {
    return Math.max(this.#before, this.#seen);
  }
}
