import type * as z from 'zod';
import type { AtelierConfig } from '../domain/settings.ts';
import { adjustSchema } from './sections/adjust.ts';
import { discoverySchema } from './sections/discovery.ts';
import { errorsSchema } from './sections/errors.ts';
import { fitSchema } from './sections/fit.ts';
import { generalSettings } from './sections/general.ts';
import { governanceSchema } from './sections/governance.ts';
import { logSchema } from './sections/log.ts';
import { planSettings } from './sections/plans.ts';
import { remindersSchema } from './sections/reminders.ts';
import { retrySchema } from './sections/retry.ts';
import { sandboxSchema } from './sections/sandbox.ts';
import { serverSchema } from './sections/server.ts';
import { storeSchema } from './sections/store.ts';
import { timeoutsSchema } from './sections/timeouts.ts';
import { usageSchema } from './sections/usage.ts';
import { section, settingsOf } from './setting.ts';

/** Everything but the providers. A new section is a file in `sections/` and a line here. */
export const settingsSchema = section('The configuration of Atelier.', {
  ...generalSettings,
  server: serverSchema,
  log: logSchema,
  timeouts: timeoutsSchema,
  discovery: discoverySchema,
  retry: retrySchema,
  errors: errorsSchema,
  adjust: adjustSchema,
  fit: fitSchema,
  sandbox: sandboxSchema,
  store: storeSchema,
  usage: usageSchema,
  governance: governanceSchema,
  reminders: remindersSchema,
  ...planSettings,
});

/** Every setting outside of the providers, in the order of the schema. */
export const settingEntries = settingsOf(settingsSchema);

/** The key below which the providers stand. */
export const providersKey = 'providers';

/** The variable that names the configuration file. */
export const configFileVariable = 'ATELIER_CONFIG';

export type Settings = z.output<typeof settingsSchema>;

/** Fails to compile when the schema and the type the other layers see drift apart. */
export function toConfig(
  settings: Settings,
  { providers, unkeyed }: { providers: AtelierConfig['providers']; unkeyed: AtelierConfig['unkeyedProviders'] },
): AtelierConfig {
  return { ...settings, providers, unkeyedProviders: unkeyed } satisfies AtelierConfig;
}
