import { logLevels } from '../../domain/settings.ts';
import { choice } from '../kinds.ts';
import { section, setting } from '../setting.ts';

/** The log of requests and events. */
export const logSchema = section(
  'The log: one JSON line per request and event. It never holds keys or message bodies.',
  {
    level: setting(choice(logLevels).default('info'), {
      description: 'The least important level that is still written. Requests are logged at `info`.',
      env: 'ATELIER_LOG_LEVEL',
    }),
    destination: setting(choice(['stdout', 'stderr']).default('stdout'), {
      description: 'Where the lines go.',
      env: 'ATELIER_LOG_DESTINATION',
      restart: true,
    }),
  },
);
