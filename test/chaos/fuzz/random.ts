/** Chance that can be repeated: the same seed gives the same choices (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From 0 to below `end`. */
  integer(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    const item = list[this.integer(list.length)];
    if (item === undefined && list.length === 0) throw new Error('nothing to pick from');
    return item as T;
  }
}

/** The seed of a run: the same each time unless `ATELIER_FUZZ_SEED` names another. */
export function seedOfRun(): number {
  return Number(process.env['ATELIER_FUZZ_SEED'] ?? 20_261_120);
}

/** The chance of one request of a run, so that a single one can be made again from the run's seed and its number. */
export function randomFor(seed: number, number: number): Random {
  return new Random(Math.imul(seed ^ (number + 1), 0x9e3779b1) ^ number);
}
