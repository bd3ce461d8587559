import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from '../domain/provider.ts';
import { meteredProvider } from '../governance/metered-plans.ts';
import type { MeteredProvider } from '../governance/metered-plans.ts';
import type { ErrorKnowledge } from '../pipeline/error-report.ts';
import { authenticate } from '../pipeline/identify.ts';
import type { Control } from '../server/admin/control.ts';
import type { ControlDependencies, ProviderMeter } from '../server/admin/dependencies.ts';
import type { Logger } from '../telemetry/log.ts';
import { version } from '../version.ts';
import type { GovernanceOffice } from './governance.ts';

export interface ControlParts {
  office: GovernanceOffice;
  providers(): readonly Provider[];
  errors: ErrorKnowledge;
  log: Logger;
}

/** What administration and accounts work with, of one configuration. */
export function controlDependencies({ office, providers, errors, log }: ControlParts): ControlDependencies {
  const { books, meter } = office;
  return {
    identify: (headers, presentation) => authenticate(headers, { ...presentation, protocol: 'openai-chat' }, office),
    keys: office.keyAdmin,
    plans: office.planAdmin,
    subscriptions: office.subscriptionAdmin,
    secrets: office.secretAdmin,
    desk: office.desk,
    usage: books.database.usage,
    audit: books.database.store.audit,
    changed: () => books.catchUp(),
    meters: (now) => Promise.all(providers().flatMap((provider) => meterOf(provider, now) ?? [])),
    errors,
    unexpected: (error, requestId) => log.error({ event: 'control', requestId, err: error }, 'a request failed'),
    now: Date.now,
    version,
  };

  function meterOf(provider: Provider, now: number): Promise<ProviderMeter> | undefined {
    const metered = meteredProvider(provider);
    return metered && standingOf(metered, now);
  }

  async function standingOf(metered: MeteredProvider, now: number): Promise<ProviderMeter> {
    const { name, plan } = metered;
    const note = plan.unlimitedBecause ?? null;
    return { provider: name, plan: plan.name, note, windows: await meter.standing(metered, now) };
  }
}

/** The control plane's handler; it is loaded with the first request to it, which most nodes seldom get. */
export function lazyControl(current: () => ControlDependencies) {
  let control: Promise<Control> | undefined;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    control ??= import('../server/admin/control.ts').then(({ createControl }) => createControl(current));
    await (await control).handle(request, response);
  };
}
