import type { JsonObject } from '../domain/json.ts';
import type { Provider } from '../domain/provider.ts';
import type { HealthEvent, HealthMemory, HeldBack } from '../routing/health.ts';
import type { Logger } from '../telemetry/log.ts';

/** One line when a provider, or a model there, begins to be held back, and one when it ends. */
export function logHealth(log: Logger, { type, ...held }: HealthEvent): void {
  const { provider, model, code, errorId } = held;
  const line = { event: `provider_${type}`, provider, model, code, errorId };
  if (type === 'held') log.warn({ ...line, until: endOf(held) }, 'a provider is unwell: others are asked first');
  else log.info(line, 'a provider is asked in its place again');
}

/** For readiness: what is held back of a provider, why, and until when; then the next request that comes by tries it. */
export function heldBackOf(health: HealthMemory): (provider: string) => JsonObject[] {
  const all = health.heldBack(performance.now());
  return (provider) => all.filter((held) => held.provider === provider).map(heldBackView);
}

function heldBackView(held: HeldBack): JsonObject {
  const { model, code, errorId } = held;
  return {
    ...(model !== undefined && { model }),
    code,
    ...(errorId !== undefined && { error_id: errorId }),
    until: endOf(held),
  };
}

function endOf({ forMs }: HeldBack): string {
  return new Date(Date.now() + forMs).toISOString();
}

/** After a reload: another key or address may be well where the old one was not. */
export function forgetChanged(
  health: HealthMemory,
  { before, now }: { before: readonly Provider[]; now: readonly Provider[] },
): void {
  const current = new Map(now.map((provider) => [provider.name, identity(provider)]));
  for (const provider of before) if (current.get(provider.name) !== identity(provider)) health.forget(provider.name);
}

/** Addresses and keys. Secret: never logged. */
function identity({ endpoints }: Provider): string {
  return JSON.stringify(endpoints);
}
