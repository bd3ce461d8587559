import { GatewayError } from '../domain/gateway-error.ts';
import type { Target } from '../domain/target.ts';
import { checkPlanClient } from '../fit/checks/plan-client.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { extend } from './stages.ts';
import type { Planned, Read } from './stages.ts';

type PlanDependencies = Pick<PipelineDependencies, 'route' | 'health' | 'provider' | 'codingAgents'>;

/**
 * Model name to ordered targets, the unwell ones last. That there are none is a finding, not yet the answer, since the key's
 * plan has the first word: 404 for a model nobody has and for embeddings where there are none, 405 when the terms of every
 * provider that has the model exclude this client, 503 without any provider.
 */
export function plan(read: Read, dependencies: PlanDependencies): Planned {
  let having: readonly Target[] = [];
  try {
    having = dependencies.route(read.model, read.protocol);
    const { targets } = dependencies.health.order(fittingTargets(having, read, dependencies), performance.now());
    return extend(read, { targets });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return extend(read, { targets: having, nowhere: error });
  }
}

function fittingTargets(having: readonly Target[], read: Read, dependencies: PlanDependencies): readonly Target[] {
  // Counting tokens is no model call.
  if (read.operation === 'count-tokens') return having;
  const serving = read.operation === 'embeddings' ? embeddingTargets(having, dependencies) : having;
  return openTargets(serving, read, dependencies);
}

function embeddingTargets(targets: readonly Target[], { provider }: PlanDependencies): readonly Target[] {
  const serving = targets.filter(
    (target) => provider(target.provider)?.endpoints[target.protocol]?.embeddingsPath !== undefined,
  );
  if (serving.length === 0) throw noEmbeddings(targets);
  return serving;
}

function noEmbeddings(targets: readonly Target[]): GatewayError {
  const names = [...new Set(targets.map(({ provider }) => provider))].join(' and ');
  return new GatewayError({
    status: 404,
    code: 'embeddings_not_served',
    type: 'invalid_request_error',
    param: 'model',
    message: `There are no embeddings at ${names}.`,
    origin: 'client',
    fix: "They need a provider with an OpenAI surface that has them; a Coding Plan and Anthropic's protocol have none. Name one in front of the model, as in bailian/text-embedding-v4.",
  });
}

function openTargets(
  targets: readonly Target[],
  { headers }: Read,
  { provider, codingAgents }: PlanDependencies,
): readonly Target[] {
  const refusals = targets.map((target) => {
    const planned = provider(target.provider);
    return planned && checkPlanClient(planned, headers, codingAgents);
  });
  const [refusal] = refusals;
  if (refusal && refusals.every((each) => each !== undefined)) throw refusal;
  return refusal === undefined && refusals.length === 1 ? targets : targets.filter((_, index) => !refusals[index]);
}
