/** Stops asking a store that does not answer, and tries again now and then. Times are milliseconds of a steady clock. */
export class Breaker {
  readonly #failures: number;
  readonly #probeAfterMs: number;
  #inARow = 0;
  #openedAt: number | undefined;

  /** Opens after so many failures in a row; then one call in each `probeAfterMs` is let through. */
  constructor({ failures, probeAfterMs }: { failures: number; probeAfterMs: number }) {
    this.#failures = failures;
    this.#probeAfterMs = probeAfterMs;
  }

  get isOpen(): boolean {
    return this.#openedAt !== undefined;
  }

  /** Whether to call the store now. */
  allows(now: number): boolean {
    if (this.#openedAt === undefined) return true;
    if (now - this.#openedAt < this.#probeAfterMs) return false;
    this.#openedAt = now;
    return true;
  }

  succeeded(): void {
    this.#inARow = 0;
    this.#openedAt = undefined;
  }

  failed(now: number): void {
    this.#inARow += 1;
    if (this.#inARow >= this.#failures) this.#openedAt = now;
  }
}
