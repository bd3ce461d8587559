import { estimateTokens } from '../catalogue/estimate.ts';
import type { Conversation, Turn } from '../domain/conversation.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { isObject, parseJson } from '../domain/json.ts';
import { collectBody } from '../upstream/response-body.ts';
import type { PipelineDependencies, Work } from './dependencies.ts';
import { notJson } from './read-head.ts';
import { providerError } from './send.ts';
import { extend } from './stages.ts';
import type { Admitted, Progress } from './stages.ts';
import { unusableAnswer } from './unusable-answer.ts';

const answerLimit = 1024 * 1024;

/**
 * `POST /v1/messages/count_tokens`: asked of the target when it can count, else estimated from the text (within about a
 * fifth for prose and code; `x-atelier-estimated` says so).
 */
export async function countTokens(admitted: Admitted, work: Work): Promise<Progress> {
  const [target] = admitted.targets;
  const provider = target && work.dependencies.provider(target.provider);
  if (!target || !provider) throw new Error('A plan without targets');
  work.note({ target, attempts: 0 });
  const asked = target.protocol === admitted.protocol && provider.quirks.countsTokens === true;
  const body = asked
    ? await ask(admitted, work.dependencies)
    : { input_tokens: estimateRequest(admitted, work.dependencies) };
  const text = Buffer.from(JSON.stringify(body));
  work.sink.start(200, {
    'content-type': 'application/json',
    'content-length': String(text.length),
    'x-request-id': admitted.requestId,
    'x-atelier-provider': target.provider,
    'x-atelier-model': target.model,
    ...admitted.quotaHeaders,
    ...(asked ? {} : { 'x-atelier-estimated': 'true' }),
  });
  work.sink.end(text);
  return extend(admitted, { target, attempts: asked ? 1 : 0, status: 200 });
}

async function ask(admitted: Admitted, dependencies: PipelineDependencies): Promise<unknown> {
  const [target] = admitted.targets;
  const provider = target && dependencies.provider(target.provider);
  const endpoint = target && provider?.endpoints[target.protocol];
  if (!target || !provider || !endpoint) throw new Error('A plan without targets');
  if (target.model !== admitted.model) admitted.document.set(['model'], target.model);
  const response = await dependencies.transport.send({
    origin: endpoint.origin,
    method: 'POST',
    path: `${endpoint.path}/count_tokens`,
    headers: { ...endpoint.headers, 'content-type': 'application/json' },
    body: admitted.document.toBytes(),
    timeouts: provider.timeouts,
    signal: admitted.signal,
    provider: provider.name,
  });
  const unusable = unusableAnswer(response);
  if (unusable) {
    response.body.abort(unusable);
    throw unusable;
  }
  const text = (await collectBody(response.body, answerLimit)).toString('utf8');
  const codec = dependencies.codecs[target.protocol];
  if (response.status >= 300) throw providerError(codec.readError(response.status, text));
  const body = parseJson(text);
  const failure = isObject(body) ? codec.failureIn(body) : undefined;
  if (failure) throw providerError(failure);
  if (isObject(body)) return body;
  throw new GatewayError({
    status: 502,
    code: 'upstream_bad_answer',
    message: 'The provider did not answer with a count.',
    origin: 'provider',
  });
}

/** Tokens per message and per image that the platforms add to the text, rounded up. */
const perTurn = 4;
const perMedia = 1200;

function estimateRequest(admitted: Admitted, dependencies: PipelineDependencies): number {
  try {
    const body = { max_tokens: 1, ...admitted.document.value };
    return estimateConversation(dependencies.codecs[admitted.protocol].readRequest(body).conversation);
  } catch (error) {
    throw notJson(error);
  }
}

/** Input tokens of a conversation by the documented estimator: system, turns, tool definitions, media. */
export function estimateConversation(conversation: Conversation): number {
  const system = conversation.system.reduce((sum, part) => sum + estimateTokens(part.text), 0);
  const turns = conversation.turns.reduce((sum, turn) => sum + perTurn + estimateTurn(turn), 0);
  const tools = conversation.tools.reduce(
    (sum, tool) =>
      sum + estimateTokens(`${tool.name} ${tool.description ?? ''} ${JSON.stringify(tool.parameters ?? {})}`),
    0,
  );
  return system + turns + tools;
}

function estimateTurn(turn: Turn): number {
  let sum = 0;
  for (const part of turn.parts) {
    if (part.type === 'text' || part.type === 'thinking') sum += estimateTokens(part.text);
    else if (part.type === 'tool-call') sum += estimateTokens(`${part.name} ${part.argumentsJson}`);
    else if (part.type === 'media') sum += perMedia;
    else for (const inner of part.parts) sum += inner.type === 'text' ? estimateTokens(inner.text) : perMedia;
  }
  return sum;
}
