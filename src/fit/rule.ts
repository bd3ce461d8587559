import type { Protocol } from '../domain/protocol.ts';
import type { Provider } from '../domain/provider.ts';
import type { Target } from '../domain/target.ts';
import type { JsonDocument } from '../wire/json-document.ts';

/** What a rule may look at, and the one thing it may change: the request as it will be sent. */
export interface FitContext {
  /** The request in the target's protocol. */
  readonly document: JsonDocument;
  readonly target: Target;
  readonly provider: Provider;
  /** The client asked for a stream. */
  readonly stream: boolean;
}

/**
 * One pitfall of one kind of target. Pure but for its edits of the document. A rule tests cheaply whether it applies:
 * by the provider's quirks first, by a top-level member next, by the whole parsed value last.
 */
export interface FitRule {
  /** Stable, kebab-case; named in `x-atelier-adjusted`, in the log and in the configuration. */
  readonly id: string;
  /** One line for the documentation: what Model Studio refuses, and what is changed. */
  readonly doc: string;
  readonly protocols: readonly Protocol[];
  /** Rules that change what the model reads are off until configured. */
  readonly enabledByDefault: boolean;
  /** Edits the document; true when it changed something. */
  apply(context: FitContext): boolean;
}
