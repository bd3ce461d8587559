import { findModel } from '../catalogue/models.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Target } from '../domain/target.ts';
import { embeddingsBatch, splitEmbeddings } from '../fit/embeddings-batch.ts';
import { JsonDocument } from '../wire/json-document.ts';
import { answer, answerHeaders } from './answer.ts';
import { attemptInTurn } from './attempts.ts';
import type { PipelineDependencies, Work } from './dependencies.ts';
import { EmbeddingsParts } from './embeddings-parts.ts';
import { notJson } from './read-head.ts';
import { post } from './send.ts';
import type { ReadyCall } from './send.ts';
import { extend } from './stages.ts';
import type { Admitted, Answered, ClientSink, Planned, Sent } from './stages.ts';
import { upstreamHeaders } from './upstream-headers.ts';

type FitDependencies = Pick<PipelineDependencies, 'provider' | 'fit'>;

/** A request at one target: one call, or several that stand for it. */
interface PreparedEmbeddings {
  target: Target;
  call: ReadyCall;
  parts?: EmbeddingsParts;
  adjusted: string[];
}

/**
 * `POST /v1/embeddings`: the bytes pass, both ways, to the target's OpenAI surface; what the model does not take at once is
 * sent in several calls and answered as one. Throws GatewayError.
 */
export async function embed(admitted: Admitted, work: Work): Promise<Answered> {
  const { sink, dependencies, note, noteReached } = work;
  let current: PreparedEmbeddings | undefined;
  const { target, prepared, ...attempted } = await attemptInTurn(admitted, dependencies, {
    prepare(next, attempt) {
      // A target that is asked once more keeps what it has answered.
      if (current?.target !== next) current = prepareFor(admitted, next, { ...work, first: attempt === 0 });
      return current;
    },
    note: (next, { adjusted }, attempts) => note({ target: next, attempts, adjusted }),
    call: (next, { parts, call }) => parts?.complete() ?? sendTo(next, call, admitted, { dependencies, noteReached }),
  });
  const { answer: response, attempts, upstreamMs } = attempted;
  const { adjusted, parts } = prepared;
  const sent: Sent = extend(admitted, { target, response, stripUsage: false, adjusted, attempts, upstreamMs });
  if (parts) return answerMerged(extend(sent, { calls: parts.calls }), parts, { sink, dependencies });
  return answer(sent, work);
}

/** How many upstream calls a request will take at its first target. */
export function callsOf(planned: Planned, dependencies: FitDependencies): number {
  const [target] = planned.targets;
  if (planned.operation !== 'embeddings' || !target) return 1;
  try {
    return partsOf(planned, target, dependencies)?.length ?? 1;
  } catch (error) {
    throw notJson(error);
  }
}

function sendTo(
  target: Target,
  call: ReadyCall,
  { signal }: Admitted,
  { dependencies: { codecs, transport }, noteReached }: Pick<Work, 'dependencies' | 'noteReached'>,
): ReturnType<typeof post> {
  return post(call, { signal, codec: codecs[target.protocol], transport, onReached: noteReached });
}

function prepareFor(
  admitted: Admitted,
  target: Target,
  { first, dependencies, note, noteReached }: Work & { first: boolean },
): PreparedEmbeddings {
  const provider = dependencies.provider(target.provider);
  const endpoint = provider?.endpoints[target.protocol];
  const path = endpoint?.embeddingsPath;
  if (!provider || !endpoint || path === undefined) throw new Error(`No embeddings at ${target.provider}`);
  // An earlier attempt may have edited the document that was read.
  const document = first ? admitted.document : new JsonDocument(admitted.body);
  try {
    const split = partsOf({ document, headers: admitted.headers }, target, dependencies);
    if (target.model !== admitted.model) document.set(['model'], target.model);
    const headers = upstreamHeaders(admitted, { endpoint, provider, version: dependencies.version });
    const call = { endpoint, provider, path, headers, body: document.toBytes() };
    if (!split) return { target, call, adjusted: [] };
    // One key for several calls would make them one call.
    delete headers['idempotency-key'];
    note({ calls: 0 });
    const parts = new EmbeddingsParts({
      bodies: split.map(({ input = null }) => {
        document.set(['input'], input);
        return document.toBytes();
      }),
      codec: dependencies.codecs[target.protocol],
      signal: admitted.signal,
      send: (body) => sendTo(target, { ...call, body }, admitted, { dependencies, noteReached }),
      onCalls: (calls) => note({ calls }),
    });
    note({ facts: parts.facts });
    return { target, call, parts, adjusted: [embeddingsBatch.id] };
  } catch (error) {
    throw notJson(error);
  }
}

/** Bytes beside the texts, which every part repeats; what has more is left to the platform. */
const repeatedLimit = 16 * 1024;

/** The requests that stand for this one at a target, as far as they differ; undefined when it can be sent as it is. */
function partsOf(
  { document, headers }: Pick<Planned, 'document' | 'headers'>,
  target: Target,
  { provider, fit }: FitDependencies,
): JsonObject[] | undefined {
  if (headers['x-atelier-fit'] === 'off' || provider(target.provider)?.catalogued !== true) return undefined;
  if (!fit.isEnabled(embeddingsBatch, target) || document.length - document.size('input') > repeatedLimit) {
    return undefined;
  }
  const model = findModel(target.model);
  return model?.embedding && splitEmbeddings({ input: document.get('input') ?? null }, model);
}

function answerMerged(
  sent: Sent,
  parts: EmbeddingsParts,
  { sink, dependencies }: { sink: ClientSink; dependencies: PipelineDependencies },
): Answered {
  const { facts } = parts;
  const text = Buffer.from(JSON.stringify(parts.merged()));
  const headers = answerHeaders(sent, dependencies);
  sink.start(200, { ...headers, 'content-type': 'application/json', 'content-length': String(text.length) });
  sink.end(text);
  facts.finished = true;
  return extend(sent, { status: 200, facts });
}
