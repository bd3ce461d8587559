import { choice } from '../kinds.ts';
import { section, setting } from '../setting.ts';

/** How plans count. */
export const governanceSchema = section(
  'How plans count. Which clients are coding agents is said with `fit.coding_agents`.',
  {
    onProviderFailure: setting(choice(['give-back', 'count']).default('give-back'), {
      description:
        'Whether a call that a provider answered with an error, or not at all, counts in the windows of a plan: ' +
        '`give-back` takes it off again, `count` leaves it.',
      env: 'ATELIER_ON_PROVIDER_FAILURE',
    }),
  },
);
