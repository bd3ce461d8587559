import type { ErrorOrigin, Protocol } from './protocol.ts';
import type { Usage } from './usage.ts';

/** Everything that is kept of one request once it is over: never a key, never a body. */
export interface RequestRecord {
  requestId: string;
  /** Unique, unlike `requestId`, which a client may choose; the same when the client chose none. */
  callId: string;
  /** Epoch milliseconds at which the request was received. */
  receivedAt: number;
  /** The matched route, for example `/v1/messages`. */
  route: string;
  protocol: Protocol;
  /** Public id of who asked; absent when the key was not accepted. */
  principal?: string;
  /** The client's `user-agent`, cut to a bounded length. */
  agent?: string;
  /** The model name as the client wrote it. */
  model?: string;
  provider?: string;
  targetModel?: string;
  targetProtocol?: Protocol;
  /** The status the client got; 499 when it left before the answer was complete. */
  status: number;
  stream: boolean;
  /** Absent when the upstream reported none. */
  usage?: Usage;
  /** The upstream's own id of the call. */
  upstreamRequestId?: string;
  /** `id`: of its record in the error catalogue. */
  error?: { code: string; origin: ErrorOrigin; message: string; id?: string };
  /** How often it was sent; 0 when it was refused before. */
  attempts: number;
  /** Ids of the adjustments made. */
  adjusted: readonly string[];
  timings: {
    /** Milliseconds spent in the gateway, waiting for the upstream excluded. */
    overheadMs: number;
    /** Until the first byte of the answer went out; absent when none did. */
    firstByteMs?: number;
    totalMs: number;
  };
  bytesIn: number;
  bytesOut: number;
}
