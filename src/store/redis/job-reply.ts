import type { AdmitRequest, AdmitResult, LedgerRefusal, LedgerWindow, WindowStanding } from '../../domain/ledger.ts';
import { tidy } from '../ledger/counter.ts';

/** What `applyScript` answers to a job. */
export type JobReply =
  | { decision: 'unseeded' }
  | { decision: 'admitted' | 'refused'; windows: WindowReply[]; refusal?: LedgerRefusal }
  | { closed: boolean };

/** How a window stands; in the JSON of Lua an empty list of them is an empty object. */
type WindowReply = [used: number, resetsAt: number | null];

/** The account is not in Redis. */
export function isUnseeded(reply: JobReply): boolean {
  return 'decision' in reply && reply.decision === 'unseeded';
}

export function isClosed(reply: JobReply): boolean {
  return 'closed' in reply && reply.closed;
}

export function admitResultOf(reply: JobReply, request: AdmitRequest): AdmitResult {
  if (!('windows' in reply)) throw new Error('a reply that does not belong to a request');
  const windows = request.windows.map((window, place) => standingOf(window, reply.windows[place]));
  if (reply.decision === 'admitted') return { admitted: true, windows };
  return { admitted: false, refusal: reply.refusal ?? { reason: 'concurrency' }, windows };
}

function standingOf({ name, limit }: LedgerWindow, [used, resetsAt]: WindowReply = [0, null]): WindowStanding {
  return { name, limit, used, remaining: limit === null ? null : Math.max(0, tidy(limit - used)), resetsAt };
}
