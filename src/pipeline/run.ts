import type { GatewayError } from '../domain/gateway-error.ts';
import type { RequestRecord } from '../domain/request-record.ts';
import { answer } from './answer.ts';
import { countTokens } from './count-tokens.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { sendError, startKeepalive, toGatewayError } from './error-exit.ts';
import { identify } from './identify.ts';
import { plan } from './plan.ts';
import { readHead } from './read-head.ts';
import { send } from './send.ts';
import type { Admitted, Answered, ClientSink, Progress, Received } from './stages.ts';

/**
 * The life of a request, one way: identify, read, plan, admit, send, answer, settle. Never rejects: every throw leaves
 * through the error exit in the caller's protocol, and each request is settled exactly once.
 */
export async function run(received: Received, sink: ClientSink, dependencies: PipelineDependencies): Promise<void> {
  let progress: Progress = received;
  let failure: GatewayError | undefined;
  try {
    const identified = identify(received, dependencies);
    progress = identified;
    const read = readHead(identified);
    progress = read;
    const admitted: Admitted = plan(read, dependencies);
    progress = admitted;
    const note = (change: Partial<Progress>): void => {
      progress = { ...progress, ...change };
    };
    progress = await operations[received.operation](admitted, { sink, dependencies, note });
  } catch (thrown) {
    // An abort has its own reason (the client left, the server stops); what broke because of it says less.
    failure = toGatewayError(received.signal.aborted ? received.signal.reason : thrown);
    sendError(failure, {
      sink,
      codec: dependencies.codecs[received.protocol],
      requestId: received.requestId,
      target: progress.target,
    });
  } finally {
    dependencies.record(settle(progress, sink, failure));
  }
}

interface Work {
  sink: ClientSink;
  dependencies: PipelineDependencies;
  /** Keeps what is known so far for the error exit and the record. */
  note(change: Partial<Progress>): void;
}

const operations: Record<Received['operation'], (admitted: Admitted, work: Work) => Promise<Progress>> = {
  generate,
  'count-tokens': (admitted, { sink, dependencies, note }) => countTokens(admitted, { sink, dependencies, note }),
};

async function generate(admitted: Admitted, { sink, dependencies, note }: Work): Promise<Answered> {
  const stopKeepalive = admitted.stream
    ? startKeepalive(sink, admitted.requestId, dependencies.sseKeepaliveMs)
    : () => undefined;
  try {
    const sent = await send(admitted, dependencies, (target, prepared, attempts) =>
      note({ target, attempts, adjusted: prepared.adjusted }),
    );
    note(sent);
    stopKeepalive();
    return await answer(sent, sink, { ...dependencies, note });
  } finally {
    stopKeepalive();
  }
}

/** What is kept of the request, whatever became of it. */
function settle(progress: Progress, sink: ClientSink, failure: GatewayError | undefined): RequestRecord {
  const now = performance.now();
  const { facts, target } = progress;
  const record: RequestRecord = {
    requestId: progress.requestId,
    receivedAt: progress.receivedAt,
    route: progress.route,
    protocol: progress.protocol,
    status: failure?.status ?? progress.status ?? 200,
    stream: progress.stream ?? false,
    attempts: progress.attempts ?? 0,
    adjusted: [...(progress.adjusted ?? []), ...(facts?.adjusted ?? [])],
    timings: { overheadMs: round(overhead(progress, sink, now)), totalMs: round(now - progress.startedAt) },
    bytesIn: progress.body.length,
    bytesOut: sink.bytesSent,
  };
  if (sink.firstByteAt !== undefined) record.timings.firstByteMs = round(sink.firstByteAt - progress.startedAt);
  if (progress.principal) record.principal = progress.principal.id;
  const agent = progress.headers['user-agent'];
  if (agent !== undefined) record.agent = agent.slice(0, 128);
  if (progress.model !== undefined) record.model = progress.model;
  if (target)
    Object.assign(record, { provider: target.provider, targetModel: target.model, targetProtocol: target.protocol });
  if (facts?.usage) record.usage = facts.usage;
  const upstreamId = facts?.id ?? failure?.upstreamRequestId;
  if (upstreamId !== undefined) record.upstreamRequestId = upstreamId;
  if (failure) record.error = { code: failure.code, origin: failure.origin, message: failure.message.slice(0, 512) };
  else if (facts?.failure) {
    record.error = {
      code: facts.failure.code ?? 'upstream_error',
      origin: 'provider',
      message: facts.failure.message.slice(0, 512),
    };
  }
  return record;
}

/** Time in the gateway until the first byte; for a request that got none, until now. */
function overhead(progress: Progress, sink: ClientSink, now: number): number {
  return (sink.firstByteAt ?? now) - progress.startedAt - (progress.upstreamMs ?? 0);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
