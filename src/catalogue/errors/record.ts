import type { ErrorOrigin } from '../../domain/protocol.ts';

/** The part of the platform, or the tool, that an error belongs to. */
export const areas = [
  'request',
  'chat',
  'tools',
  'thinking',
  'structured-output',
  'vision',
  'audio',
  'omni',
  'translation',
  'speech-synthesis',
  'speech-recognition',
  'voice-cloning',
  'image',
  'video',
  'music',
  'embeddings',
  'rerank',
  'files',
  'batch',
  'async-task',
  'workflow',
  'application',
  'fine-tuning',
  'deployment',
  'knowledge-base',
  'moderation',
  'rate-limit',
  'plan',
  'account',
  'auth',
  'model',
  'network',
  'websocket',
  'sdk',
  'client-tool',
  'server',
  'gateway',
] as const;
export type ErrorArea = (typeof areas)[number];

export type ErrorProtocol = 'openai' | 'anthropic' | 'dashscope' | 'websocket' | 'sdk' | 'client';

/** Text in the two languages of the platform's users. */
export interface Bilingual {
  en: string;
  zh: string;
}

/**
 * What a program can check to prefer one cause over its siblings. Each field that is present must agree;
 * within a field one value is enough.
 */
export interface CauseSigns {
  status?: readonly number[];
  codes?: readonly string[];
  protocols?: readonly ErrorProtocol[];
  /** Parts of the upstream's host name, lower case: `coding-intl.`, `token-plan.`. */
  hosts?: readonly string[];
  /** Values of a pattern parameter, lower case: `{ name: ['data_sources'] }`. */
  params?: Readonly<Record<string, readonly string[]>>;
}

/**
 * One reason for an error. With several, `when` tells a person how to recognise this one and `signs` a program.
 * The texts may name a pattern's parameter with the words to use when it is not known: `at most {max|the limit}`.
 */
export interface ErrorCause {
  cause: Bilingual;
  fix: Bilingual;
  when?: Bilingual;
  signs?: CauseSigns;
}

/**
 * Whether sending the same request again can help. `after`: once a time has passed or a window has reset
 * (`seconds` when the platform fixes it; `until` names the moment). `backoff`: yes, with growing pauses; `ramp` asks for
 * longer ones, since the very growth of the load was the reason.
 */
export type Retryable =
  | { kind: 'never' }
  | { kind: 'backoff'; ramp?: true }
  | { kind: 'after'; seconds?: number; until?: 'window-5h' | 'window-week' | 'window-month' | 'paid' | 'minute' };

/** Where a record comes from; `document` is a short name listed in `sources.ts`. */
export interface ErrorSource {
  document: string;
  /** The heading of the section in that document, verbatim, for look-up. */
  section: string;
  /** The message line as the document prints it, when the section has several. */
  message?: string;
}

/**
 * One error that the platform, a plan, an SDK or a client tool reports.
 * `patterns` are message texts with `{name}` for the parts that vary (`Range of max_tokens should be [1, {max}]`);
 * alternatives of one message are separate patterns. A part called `{name}` is one word, others may be several.
 * Matching ignores case, surrounding punctuation and space runs.
 */
export interface ErrorRecord {
  /** Stable, kebab-case, area first: `chat-max-tokens-range`. */
  id: string;
  /** HTTP statuses it is seen with; empty when it never travels over HTTP (SDK, client tool). */
  status: number[];
  /** DashScope-native codes, the first is the one to send. */
  nativeCodes: string[];
  /** OpenAI-compatible codes, the first is the one to send. */
  compatibleCodes: string[];
  patterns: string[];
  protocols: ErrorProtocol[];
  area: ErrorArea;
  origin: ErrorOrigin | 'account' | 'client-tool';
  retryable: Retryable;
  /** Whom it says something about, where that is less than the area says: one model of the account, or nobody but the request. */
  concerns?: 'model' | 'request';
  causes: ErrorCause[];
  /** Stands for its codes (`true`: for its statuses as well) when the message tells nothing more. */
  generic?: true | 'code';
  related?: string[];
  /** Larger wins when two patterns match the same text; 0 when absent. */
  priority?: number;
  sources: ErrorSource[];
}
