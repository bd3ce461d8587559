/** Bounds failed attempts per address in constant memory. An IPv6 address counts with its /64 network. */
export class FailedAttempts {
  readonly #limit: number;
  readonly #periodMs: number;
  readonly #addresses: number;
  readonly #counts = new Map<string, { startedAt: number; failures: number }>();

  constructor({ limit = 30, periodMs = 60_000, addresses = 10_000 } = {}) {
    this.#limit = limit;
    this.#periodMs = periodMs;
    this.#addresses = addresses;
  }

  /** Milliseconds until the address may fail again; 0 when it may now. */
  blockedFor(address: string, now: number): number {
    const count = this.#current(networkOf(address), now);
    return count === undefined || count.failures < this.#limit ? 0 : count.startedAt + this.#periodMs - now;
  }

  add(address: string, now: number): void {
    const network = networkOf(address);
    const count = this.#current(network, now);
    if (count !== undefined) {
      count.failures += 1;
      return;
    }
    const [oldest] = this.#counts.keys();
    if (this.#counts.size >= this.#addresses && oldest !== undefined) this.#counts.delete(oldest);
    this.#counts.set(network, { startedAt: now, failures: 1 });
  }

  #current(network: string, now: number): { startedAt: number; failures: number } | undefined {
    const count = this.#counts.get(network);
    // A clock that was set back also ends the period.
    if (count !== undefined && Math.abs(now - count.startedAt) < this.#periodMs) return count;
    this.#counts.delete(network);
    return undefined;
  }
}

function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  const all = [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...(tail ?? '').split(':')];
  return all.slice(0, 4).join(':');
}
