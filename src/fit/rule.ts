import type { ModelEntry } from '../catalogue/models.ts';
import type { FitRuleId } from '../domain/fit-rule-ids.ts';
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
  /** The client came on Model Studio's own path and counts on its defaults. */
  readonly wantsOwnDefaults?: boolean | undefined;
  /**
   * What the catalogue knows of the target model. Absent for providers whose models are not Model Studio's and for models
   * that the catalogue does not know: such requests are left alone.
   */
  readonly model?: ModelEntry | undefined;
  /** Whether moderation refused a user turn with this text before; absent when nobody remembers. */
  readonly wasRefused?: ((text: string) => boolean) | undefined;
}

/** What a rule did that the answer has to know of. */
export interface FitEffect {
  /** Tool names as sent, to the client's own: the answer must carry the client's. */
  readonly toolNames?: ReadonlyMap<string, string>;
  /** The upstream is asked for a stream although the client wants one answer: the stream is folded. */
  readonly streamed?: true;
}

/**
 * One pitfall of one kind of target. Pure but for its edits of the document. A rule tests cheaply whether it applies:
 * by the provider's quirks and the model first, by a member's presence next, by a parsed value last.
 */
export interface FitRule {
  /** Stable, kebab-case; named in `x-atelier-adjusted`, in the log and in the configuration. */
  readonly id: FitRuleId;
  /** For the documentation, in a sentence or two: what the target refuses, and what is changed. */
  readonly doc: string;
  readonly protocols: readonly Protocol[];
  /** Rules that change what the model reads are off until configured. */
  readonly enabledByDefault: boolean;
  /** Edits the document; false when it changed nothing. */
  apply(context: FitContext): boolean | FitEffect;
}
