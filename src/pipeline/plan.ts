import type { Target } from '../domain/target.ts';
import { checkPlanClient } from '../fit/checks/plan-client.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Planned, Read } from './stages.ts';

type PlanDependencies = Pick<PipelineDependencies, 'route' | 'provider' | 'codingAgents'>;

/**
 * Model name to ordered targets. Throws 404 for a model nobody has, and 405 when the terms of every provider that has it
 * exclude this client.
 */
export function plan(read: Read, dependencies: PlanDependencies): Planned {
  const targets = dependencies.route(read.model, read.protocol);
  // Counting tokens is no model call.
  return { ...read, targets: read.operation === 'generate' ? openTargets(targets, read, dependencies) : targets };
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
