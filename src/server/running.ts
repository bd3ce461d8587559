/**
 * The requests under way, so that a stop can wait for them and end those that stay.
 * Slots are used again instead of a Set: a Set that is added to and deleted from all the time leaves outgrown tables behind,
 * which keep what was in them alive until a major collection.
 */
export class RunningRequests {
  readonly #slots: (AbortController | undefined)[] = [];
  readonly #free: number[] = [];
  #count = 0;
  #onIdle: (() => void) | undefined;

  get count(): number {
    return this.#count;
  }

  /** Gives the slot to `remove` later. */
  add(controller: AbortController): number {
    this.#count++;
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = controller;
    return slot;
  }

  remove(slot: number): void {
    this.#slots[slot] = undefined;
    this.#free.push(slot);
    this.#count--;
    if (this.#count === 0) this.#onIdle?.();
  }

  abortAll(reason: Error): void {
    for (const controller of this.#slots) controller?.abort(reason);
  }

  /** Resolves when nothing runs any more, or after `limitMs`. */
  idle(limitMs: number): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
