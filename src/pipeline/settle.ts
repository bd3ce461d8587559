import type { GatewayError } from '../domain/gateway-error.ts';
import type { RequestRecord } from '../domain/request-record.ts';
import type { Usage } from '../domain/usage.ts';
import type { Outcome } from '../governance/admission.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { ClientSink, Progress, ReachedProviders } from './stages.ts';

/** What is kept of a request, whatever became of it: the log line, the correction of what was reserved, the account. */
export function settle(
  progress: Progress,
  end: { sink: ClientSink; failure: GatewayError | undefined; reached: ReachedProviders },
  { record, governance, errors }: Pick<PipelineDependencies, 'record' | 'governance' | 'errors'>,
): void {
  const line = describe(progress, end.sink, end.failure);
  const errorId = end.failure ? errors.diagnostics.diagnose(end.failure)?.record.id : progress.facts?.errorId;
  if (line.error && errorId !== undefined) line.error.id = errorId;
  record(line);
  const { admission, principal, target, headers, calls = 0 } = progress;
  const estimate = line.usage ? undefined : estimateOf(progress);
  const estimated = estimate !== undefined;
  const context: AccountContext = { headers, estimated, reached: end.reached, result: resultOf(progress) };
  if (principal) context.principal = principal;
  if (target) context.target = target;
  if (admission) context.admission = admission;
  if (calls > 0) context.calls = calls;
  // The log tells what was reported, the account has also what was estimated.
  governance.account(estimate ? { ...line, usage: estimate } : line, context);
}

/** What `account` needs beyond the record. */
export interface AccountContext extends Pick<Progress, 'headers' | 'principal' | 'target' | 'admission' | 'calls'> {
  reached: ReachedProviders;
  result: Outcome['result'];
  /** The usage is the gateway's own estimate. */
  estimated: boolean;
}

/**
 * A call whose client left counts although no answer came back: the provider was asked, and leaving early must not be a way
 * round a quota.
 */
function resultOf({ attempts = 0, calls = 0, response, signal }: Progress): Outcome['result'] {
  if (attempts === 0) return 'not-sent';
  return response !== undefined || calls > 0 || signal.aborted ? 'used' : 'provider-failed';
}

/** Bytes of text per token, between English (4 and more) and Chinese (2 to 3 in UTF-8). */
const bytesPerToken = 3.5;

/** What was sent and produced, for a call whose upstream reported no usage; nothing for one that was not made. */
function estimateOf(progress: Progress): Usage | undefined {
  if (resultOf(progress) !== 'used') return undefined;
  const inputTokens = Math.ceil(progress.body.length / bytesPerToken);
  const outputTokens = Math.ceil((progress.facts?.producedBytes ?? 0) / bytesPerToken);
  return { inputTokens, outputTokens };
}

function describe(progress: Progress, sink: ClientSink, failure: GatewayError | undefined): RequestRecord {
  const now = performance.now();
  const { facts, target } = progress;
  const record: RequestRecord = {
    requestId: progress.requestId,
    callId: progress.callId,
    receivedAt: progress.receivedAt,
    route: progress.route,
    protocol: progress.protocol,
    // An error inside a stream counts as what it is, although the client saw 200.
    status: failure?.status ?? facts?.failure?.status ?? progress.status ?? 200,
    stream: progress.stream ?? false,
    attempts: progress.attempts ?? 0,
    adjusted: adjustedOf(progress),
    timings: { overheadMs: round(overhead(progress, sink, now)), totalMs: round(now - progress.startedAt) },
    bytesIn: progress.body.length,
    bytesOut: sink.bytesSent,
  };
  if (sink.firstByteAt !== undefined) record.timings.firstByteMs = round(sink.firstByteAt - progress.startedAt);
  if (progress.principal) record.principal = progress.principal.id;
  const agent = progress.headers['user-agent'];
  if (agent !== undefined) record.agent = agent.slice(0, 128);
  if (progress.model !== undefined) record.model = progress.model;
  if (target) {
    record.provider = target.provider;
    record.targetModel = target.model;
    record.targetProtocol = target.protocol;
  }
  if (facts?.usage) record.usage = facts.usage;
  const upstreamId = facts?.id ?? failure?.upstreamRequestId;
  if (upstreamId !== undefined) record.upstreamRequestId = upstreamId;
  const error = errorOf(progress, failure);
  if (error) record.error = error;
  return record;
}

/** Most requests pass unchanged, and most answers. */
function adjustedOf({ adjusted = [], facts }: Progress): readonly string[] {
  return facts === undefined || facts.adjusted.size === 0 ? adjusted : [...adjusted, ...facts.adjusted];
}

const messageLimit = 512;

function errorOf({ facts }: Progress, failure: GatewayError | undefined): RequestRecord['error'] {
  if (failure) return { code: failure.code, origin: failure.origin, message: failure.message.slice(0, messageLimit) };
  if (!facts?.failure) return undefined;
  const { code = 'upstream_error', message } = facts.failure;
  return { code, origin: 'provider', message: message.slice(0, messageLimit) };
}

/** Time in the gateway until the first byte; for a request that got none, until now. */
function overhead(progress: Progress, sink: ClientSink, now: number): number {
  return (sink.firstByteAt ?? now) - progress.startedAt - (progress.upstreamMs ?? 0);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
