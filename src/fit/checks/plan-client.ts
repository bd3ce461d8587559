import { codingAgentOf } from '../../catalogue/coding-agents.ts';
import type { AgentSign, HeaderValues } from '../../catalogue/coding-agents.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { Provider } from '../../domain/provider.ts';

/** Named in the documentation beside the rules and checks; it keeps the platform's terms and cannot be switched off. */
export const planClientId = 'plan-client';

/**
 * The refusal of a client that the provider's plan is not for: the key of a Coding Plan serves interactive coding agents
 * only, and using it for others may cost the subscription (Coding Plan FAQ). Undefined for every other plan and client.
 * The client is taken for what its own headers say; none are changed on the way.
 */
export function checkPlanClient(
  provider: Pick<Provider, 'name' | 'plan'>,
  headers: HeaderValues,
  signs: readonly AgentSign[],
): GatewayError | undefined {
  if (provider.plan !== 'coding' || codingAgentOf(headers, signs) !== undefined) return undefined;
  return new GatewayError({
    status: 405,
    code: 'coding_agents_only',
    message: 'Coding Plan is currently only available for Coding Agents',
    origin: 'gateway',
    fix:
      `The key of ${provider.name} belongs to a Coding Plan, which is for interactive coding agents. Use a provider with a pay-as-you-go ` +
      'key for scripts, apps and API tools. An agent that does not name itself can be added to fit.coding_agents.',
  });
}
