import type { AnswerFacts } from '../domain/pass-through.ts';
import type { PipelineDependencies, Work } from './dependencies.ts';
import { passStream, passWhole } from './pass-through.ts';
import { isEventStream } from './send.ts';
import { extend } from './stages.ts';
import type { Answered, Sent } from './stages.ts';
import { translateStream, translateWhole } from './translate.ts';

/**
 * Brings the answer to the client: same protocol and same form, its bytes pass with a read-only tap; otherwise events of the
 * upstream become events of the client. Throws GatewayError; after bytes have gone out the error exit ends the stream with it.
 */
export async function answer(sent: Sent, { sink, dependencies, note }: AnswerWork): Promise<Answered> {
  const streamed = isEventStream(sent.response);
  const headers = answerHeaders(sent, dependencies);
  const facts = newFacts();
  note({ facts });
  const form = { sent, sink, facts, headers, dependencies };
  if (sent.target.protocol === sent.protocol && streamed === sent.stream) {
    await (streamed ? passStream(form) : passWhole(form));
  } else {
    await (sent.stream ? translateStream(form) : translateWhole(form));
  }
  return extend(sent, { status: 200, facts });
}

/** `note` makes the facts known from the start: an answer that breaks off is accounted for with what it brought. */
export type AnswerWork = Pick<Work, 'sink' | 'dependencies' | 'note'>;

function newFacts(): AnswerFacts {
  return { finished: false, adjusted: new Set(), producedBytes: 0 };
}

/** The headers of every answer; `x-atelier-overhead-ms` counts up to this moment. */
export function answerHeaders(sent: Sent, dependencies: PipelineDependencies): Record<string, string> {
  const overhead = performance.now() - sent.startedAt - sent.upstreamMs;
  const headers: Record<string, string> = {
    'x-request-id': sent.requestId,
    'x-atelier-provider': sent.target.provider,
    'x-atelier-model': sent.target.model,
    'x-atelier-overhead-ms': overhead.toFixed(2),
  };
  Object.assign(headers, sent.quotaHeaders);
  if (sent.adjusted.length > 0) headers['x-atelier-adjusted'] = sent.adjusted.join(', ');
  if (sent.attempts > 1) headers['x-atelier-attempts'] = String(sent.attempts);
  const notice = dependencies.noticeFor(sent.target);
  if (notice !== undefined) headers['x-atelier-notice'] = notice;
  const upstreamId = sent.response.headers['x-request-id'] ?? sent.response.headers['request-id'];
  if (upstreamId !== undefined) headers['x-atelier-upstream-request-id'] = upstreamId;
  // The provider's limits, where the key's own plan has none of that name: the plan is what its holder can use up.
  for (const name in sent.response.headers) {
    if (isRateLimit(name) && !Object.hasOwn(headers, name)) headers[name] = sent.response.headers[name] ?? '';
  }
  return headers;
}

function isRateLimit(name: string): boolean {
  return name.startsWith('x-ratelimit-') || name.startsWith('anthropic-ratelimit-');
}
