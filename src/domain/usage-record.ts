import type { Protocol } from './protocol.ts';
import type { Usage } from './usage.ts';

/** The account of one request, written once when it is over. Times are Unix milliseconds, durations milliseconds. */
export interface UsageRecord {
  /** The request id; a second record with the same id is ignored. */
  id: string;
  /** When the request was accepted. */
  at: number;
  /** Public id of the key; null for an open gateway. */
  keyId: string | null;
  owner: string | null;
  subscriptionId: string | null;
  /** The client as recognised (`claude-code`), or `other`. */
  agent: string;
  /** The path served, for example `/v1/chat/completions`. */
  route: string;
  protocol: Protocol;
  /** Null when the request was refused before a target was chosen. */
  provider: string | null;
  /** The model asked for. */
  model: string;
  /** The model's name at the provider. */
  targetModel: string | null;
  status: number;
  /** The gateway error code, when it failed. */
  errorId: string | null;
  stream: boolean;
  /** The client left before the end. */
  aborted: boolean;
  tokens: Usage;
  /** The upstream gave no usage: tokens were estimated from what was produced. */
  estimated: boolean;
  cost: Cost;
  /** Time spent in the gateway itself. */
  overheadMs: number;
  firstByteMs: number | null;
  totalMs: number;
  requestBytes: number;
  responseBytes: number;
  /** Ids of the fit rules that changed the request. */
  adjusted: string[];
}

/** Money; null is unknown, never zero. */
export interface Cost {
  cny: number | null;
  usd: number | null;
}
