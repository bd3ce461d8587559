import type { GatewayError } from '../domain/gateway-error.ts';
import { admit } from './admit.ts';
import { answer } from './answer.ts';
import { countTokens } from './count-tokens.ts';
import type { PipelineDependencies, Work } from './dependencies.ts';
import { embed } from './embeddings.ts';
import { sendError, startKeepalive, toGatewayError } from './error-exit.ts';
import { reportError } from './error-report.ts';
import type { ErrorReport } from './error-report.ts';
import { identify } from './identify.ts';
import { plan } from './plan.ts';
import { readHead } from './read-head.ts';
import { send } from './send.ts';
import { settle } from './settle.ts';
import { extend } from './stages.ts';
import type { Admitted, Answered, ClientSink, Progress, Received } from './stages.ts';

/**
 * The life of a request, one way: identify, read, plan, admit, send, answer, settle. Never rejects: every throw leaves
 * through the error exit in the caller's protocol, and each request is settled exactly once.
 */
export async function run(received: Received, sink: ClientSink, dependencies: PipelineDependencies): Promise<void> {
  let progress: Progress = received;
  let failure: GatewayError | undefined;
  const reached = new Map<string, number>();
  try {
    const identified = await identify(received, dependencies.governance);
    progress = identified;
    const read = readHead(identified);
    progress = read;
    const planned = plan(read, dependencies);
    progress = planned;
    const admitted = await admit(planned, dependencies);
    progress = admitted;
    const note = (change: Partial<Progress>): void => void extend(admitted, change);
    const noteReached = (provider: string): void => void reached.set(provider, (reached.get(provider) ?? 0) + 1);
    progress = await operations[received.operation](admitted, { sink, dependencies, note, noteReached });
  } catch (thrown) {
    // An abort has its own reason (the client left, the server stops); what broke because of it says less.
    failure = toGatewayError(received.signal.aborted ? received.signal.reason : thrown);
    sendError(failure, {
      report: reportFor(failure, progress, dependencies),
      sink,
      codec: dependencies.codecs[received.protocol],
      requestId: received.requestId,
      target: progress.target,
      headers: await quotaHeaders(failure, progress, dependencies),
    });
  } finally {
    settle(progress, { sink, failure, reached }, dependencies);
  }
}

/**
 * The plan's windows, for an error as for every answer: as the admission or its refusal knows them, else asked for. A client
 * that left gets no answer.
 */
async function quotaHeaders(
  failure: GatewayError,
  { principal, quotaHeaders: known, signal }: Progress,
  { governance }: Pick<PipelineDependencies, 'governance'>,
): Promise<Record<string, string>> {
  if (known !== undefined) return known;
  if (principal === undefined || signal.aborted || Object.keys(failure.headers).length > 0) return {};
  return governance.desk.headers(principal, Date.now());
}

function reportFor(
  failure: GatewayError,
  { target, headers }: Progress,
  { provider, errors }: PipelineDependencies,
): ErrorReport {
  const destination = target && { target, provider: provider(target.provider) };
  return reportError(failure, errors, { headers, destination, now: Date.now() });
}

const operations: Record<Received['operation'], (admitted: Admitted, work: Work) => Promise<Progress>> = {
  generate,
  'count-tokens': countTokens,
  embeddings: embed,
};

async function generate(admitted: Admitted, { sink, dependencies, note, noteReached }: Work): Promise<Answered> {
  const stopKeepalive = admitted.stream ? startKeepalive(sink, admitted, dependencies.sseKeepaliveMs) : () => undefined;
  try {
    const sent = await send(admitted, dependencies, {
      onAttempt: (target, prepared, attempts) => note({ target, attempts, adjusted: prepared.adjusted }),
      onReached: noteReached,
    });
    stopKeepalive();
    return await answer(sent, { sink, dependencies, note });
  } finally {
    stopKeepalive();
  }
}
