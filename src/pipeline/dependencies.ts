import type { Codec } from '../domain/codec.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { Provider } from '../domain/provider.ts';
import type { RequestRecord } from '../domain/request-record.ts';
import type { RetrySettings } from '../domain/settings.ts';
import type { Target } from '../domain/target.ts';
import type { AgentSign } from '../catalogue/coding-agents.ts';
import type { FlaggedTurns } from '../fit/flagged-turns.ts';
import type { FitSwitchboard } from '../fit/switchboard.ts';
import type { AdmissionDesk } from '../governance/admission.ts';
import type { Keyring } from '../governance/keyring.ts';
import type { TargetHealth } from '../routing/health.ts';
import type { Transport } from '../upstream/transport.ts';
import type { ErrorKnowledge } from './error-report.ts';
import type { AccountContext } from './settle.ts';
import type { ClientSink, Progress } from './stages.ts';

/**
 * What the stages work with. One frozen set belongs to one configuration: a request keeps the set it began with while a
 * reload puts another in place.
 */
export interface PipelineDependencies {
  codecs: Readonly<Record<Protocol, Codec>>;
  /** A provider by its configured or detected name. */
  provider(name: string): Provider | undefined;
  transport: Transport;
  /** Model name and client protocol to targets; throws GatewayError 404. */
  route(model: string, protocol: Protocol): readonly Target[];
  /** Who is unwell; shared by all configurations. */
  health: TargetHealth;
  governance: Governance;
  retry: RetrySettings;
  errors: ErrorKnowledge;
  sseKeepaliveMs: number;
  /** Which rules, and checks before sending, hold for a target. */
  fit: FitSwitchboard;
  /** Who may use a Coding Plan key. */
  codingAgents: readonly AgentSign[];
  /** User turns for which moderation refused a request; shared by all configurations. */
  flaggedTurns: FlaggedTurns;
  /** What a client should know of the target (the sandbox answers), for a response header; undefined normally. */
  noticeFor(target: Target): string | undefined;
  record(record: RequestRecord): void;
  version: string;
}

/** Keys, plans and accounts, as far as a request meets them. */
export interface Governance {
  keyring: Pick<Keyring, 'identify'>;
  /** No key is asked for: on loopback, while there is none. */
  isOpen(): boolean;
  desk: Pick<AdmissionDesk, 'admit' | 'headers'>;
  /** Settles what was reserved and keeps the account of the request, in its own time. Never throws. */
  account(record: RequestRecord, context: AccountContext): void;
}

/** What an operation works with once the request is admitted. */
export interface Work {
  sink: ClientSink;
  dependencies: PipelineDependencies;
  /** Keeps what is known so far for the error exit and the record. */
  note(change: Partial<Progress>): void;
  /** A call came to this provider. */
  noteReached(provider: string): void;
}
