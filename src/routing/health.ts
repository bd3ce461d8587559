import type { Target } from '../domain/target.ts';

/** What a failed call says about the health of where it had been sent. */
export interface Ailment {
  /** The provider as a whole (its key, its account, its host), or only this model there. */
  scope: 'provider' | 'model';
  /**
   * Milliseconds until it passes, where somebody said so; `stays` when it does not pass by itself; `passing` when it may be over
   * with the next call, so that only several in a row count.
   */
  lasts: number | 'stays' | 'passing';
  /** Of the error, as the provider sent it. */
  code: string;
  /** The error's id in the catalogue, when it was recognised. */
  errorId?: string;
}

/** Targets in the order in which to ask them. */
export interface OrderedTargets {
  targets: readonly Target[];
  /** How many of them, from the front, are expected to answer; all of them when none or every one is unwell. */
  well: number;
}

/** When a call was sent and when its failure came, on the clock of the memory. */
export interface CallTimes {
  sentAt: number;
  now: number;
}

/** The memory as the pipeline uses it. Times are milliseconds of a clock that never goes back (`performance.now()`). */
export interface TargetHealth {
  /** The unwell behind the well, else as they were; as they were when all are unwell. Changes nothing. */
  order(targets: readonly Target[], now: number): OrderedTargets;
  /** A call goes out. It is the probe of a target whose pause is over and that nobody is probing. */
  asked(target: Target, now: number): void;
  succeeded(target: Target, sentAt: number): void;
  /** `ailment` is undefined for a failure that says nothing about health: the request was wrong, or the client left. */
  failed(target: Target, ailment: Ailment | undefined, times: CallTimes): void;
}

/** A provider, or one of its models, that is held back. */
export interface HeldBack {
  provider: string;
  /** Absent: every model there. */
  model?: string;
  code: string;
  errorId?: string;
  /** Milliseconds until it is probed; 0 when the next request may do it. */
  forMs: number;
}

/** `held`: from now on it is asked after the others. `released`: it answers again, or its configuration changed. */
export type HealthEvent = { type: 'held' | 'released' } & HeldBack;

/** Failures in a row after which something that may pass at once is held back all the same. */
const failuresInRow = 5;
/** The pause after them, doubled by each probe that fails. */
const firstPauseMs = 5_000;
const longestGrowingPauseMs = 60_000;
/** Between two probes of what does not pass by itself: somebody may have paid the bill or mended the key. */
const stayingPauseMs = 60_000;
/** However long a provider asks for: an absurd `retry-after` must not ban it for ever. */
const longestPauseMs = 3_600_000;
/** A probe without a result for so long no longer keeps others from probing. */
const probeLimitMs = 30_000;
/** Providers and models remembered; the oldest are forgotten first. */
const capacity = 500;
/** A code is the provider's text: what is longer is none. */
const longestCode = 64;

/** What is remembered of one provider, or of one model at it, since its last success. */
interface Trouble {
  place: { provider: string; model?: string };
  /** In a row. */
  failures: number;
  /** Growing pauses so far. */
  pauses: number;
  hold?: Hold;
}

interface Hold {
  /** When it was made or renewed. */
  at: number;
  until: number;
  code: string;
  errorId?: string;
  /** When the probe that is under way was sent. */
  probeAt?: number;
}

/**
 * Who is unwell: a circuit breaker for each provider and for each model there. What is held back is asked after the
 * others; when its pause is over one request at a time may try it in its usual place, and a success ends it. It only
 * ever changes the order, so a wrong guess refuses nothing. Lives as long as the process; knows nobody that is well.
 */
export class HealthMemory implements TargetHealth {
  /** By `provider` or `provider/model`; a provider's name has no slash. */
  readonly #troubles = new Map<string, Trouble>();
  readonly #onChange: (event: HealthEvent) => void;

  constructor(onChange: (event: HealthEvent) => void = () => undefined) {
    this.#onChange = onChange;
  }

  order(targets: readonly Target[], now: number): OrderedTargets {
    if (this.#troubles.size === 0 || targets.length < 2) return { targets, well: targets.length };
    const well: Target[] = [];
    const unwell: Target[] = [];
    for (const target of targets) {
      const state = this.#stateOf(target, now);
      // One probe per request, and only in front: behind a target that is well it would not come about.
      const expected = state === 'well' || (state === 'due' && well.length === 0);
      (expected ? well : unwell).push(target);
    }
    if (well.length === 0 || unwell.length === 0) return { targets, well: targets.length };
    return { targets: [...well, ...unwell], well: well.length };
  }

  asked(target: Target, now: number): void {
    for (const { hold } of this.#troublesOf(target)) if (hold && stateOf(hold, now) === 'due') hold.probeAt = now;
  }

  succeeded(target: Target, sentAt: number): void {
    for (const trouble of this.#troublesOf(target)) {
      // A call that was sent before it was held back says how it was then.
      if (!trouble.hold || sentAt >= trouble.hold.at) this.#release(trouble);
    }
  }

  failed(target: Target, ailment: Ailment | undefined, times: CallTimes): void {
    for (const { hold } of this.#troublesOf(target)) if (hold?.probeAt === times.sentAt) delete hold.probeAt;
    if (ailment === undefined) return;
    const trouble = this.#troubleFor(target, ailment.scope);
    trouble.failures++;
    const pause = pauseAfter(trouble, ailment, times.sentAt);
    if (pause === undefined) return;
    const isNew = trouble.hold === undefined;
    const { errorId } = ailment;
    const code = ailment.code.slice(0, longestCode);
    trouble.hold = { at: times.now, until: times.now + pause, code, ...(errorId !== undefined && { errorId }) };
    if (isNew) this.#onChange({ type: 'held', ...heldBack(trouble, trouble.hold, times.now) });
  }

  /** What is held back at present. */
  heldBack(now: number): HeldBack[] {
    return [...this.#troubles.values()].flatMap((trouble) =>
      trouble.hold ? [heldBack(trouble, trouble.hold, now)] : [],
    );
  }

  /** Forgets a provider whose key or address has changed: what was known is about another one. */
  forget(provider: string): void {
    for (const trouble of this.#troubles.values()) if (trouble.place.provider === provider) this.#release(trouble);
  }

  #stateOf(target: Target, now: number): State {
    let worst: State = 'well';
    for (const { hold } of this.#troublesOf(target)) {
      const state = hold ? stateOf(hold, now) : 'well';
      if (state === 'held') return state;
      if (state === 'due') worst = state;
    }
    return worst;
  }

  /** Of the provider and of the model; none is the usual case, and costs nothing. */
  #troublesOf({ provider, model }: Target): readonly Trouble[] {
    if (this.#troubles.size === 0) return none;
    return [this.#troubles.get(provider), this.#troubles.get(`${provider}/${model}`)].filter(
      (trouble) => trouble !== undefined,
    );
  }

  #troubleFor({ provider, model }: Target, scope: Ailment['scope']): Trouble {
    const place = scope === 'provider' ? { provider } : { provider, model };
    const known = this.#troubles.get(keyOf(place));
    if (known) return known;
    const [oldest] = this.#troubles.keys();
    if (this.#troubles.size >= capacity && oldest !== undefined) this.#troubles.delete(oldest);
    const trouble: Trouble = { place, failures: 0, pauses: 0 };
    this.#troubles.set(keyOf(place), trouble);
    return trouble;
  }

  #release(trouble: Trouble): void {
    this.#troubles.delete(keyOf(trouble.place));
    if (trouble.hold) this.#onChange({ type: 'released', ...heldBack(trouble, trouble.hold, trouble.hold.until) });
  }
}

/** For who does not want the order to change. */
export const everybodyWell: TargetHealth = {
  order: (targets) => ({ targets, well: targets.length }),
  asked: () => undefined,
  succeeded: () => undefined,
  failed: () => undefined,
};

const none: readonly Trouble[] = [];

/** `due`: the pause is over, and nobody is probing. */
type State = 'well' | 'due' | 'held';

function stateOf({ until, probeAt }: Hold, now: number): State {
  const isProbed = probeAt !== undefined && now - probeAt < probeLimitMs;
  return now < until || isProbed ? 'held' : 'due';
}

/** How long to hold back after the latest failure; undefined when it changes nothing. Counts the growing pauses. */
function pauseAfter(trouble: Trouble, { lasts }: Ailment, sentAt: number): number | undefined {
  if (lasts === 'stays') return stayingPauseMs;
  if (lasts !== 'passing') return Math.min(lasts, longestPauseMs);
  // What was sent before the pause was over is no probe, and says nothing new.
  if (trouble.hold ? sentAt < trouble.hold.until : trouble.failures < failuresInRow) return undefined;
  return Math.min(firstPauseMs * 2 ** trouble.pauses++, longestGrowingPauseMs);
}

function keyOf({ provider, model }: Trouble['place']): string {
  return model === undefined ? provider : `${provider}/${model}`;
}

function heldBack({ place }: Trouble, { until, code, errorId }: Hold, now: number): HeldBack {
  return { ...place, code, ...(errorId !== undefined && { errorId }), forMs: Math.max(0, until - now) };
}
