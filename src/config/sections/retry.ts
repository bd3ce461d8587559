import { flag, integer } from '../kinds.ts';
import { section, setting } from '../setting.ts';

/** Sending again. */
export const retrySchema = section(
  'Sending a request again after a connection error or an error that passes. Never once a byte has reached the client.',
  {
    maxRetries: setting(integer(0, 10).default(2), {
      description: 'How many times after the first attempt; 0 turns it off.',
      env: 'ATELIER_MAX_RETRIES',
    }),
    baseDelayMs: setting(integer(0, 60_000).default(250), {
      description: 'The wait before the first retry. It doubles for each further one and is varied at random.',
      env: 'ATELIER_RETRY_BASE_DELAY_MS',
      unit: 'ms',
    }),
    maxDelayMs: setting(integer(0, 600_000).default(8000), {
      description: 'The longest wait. A provider that asks for a longer one with `retry-after` is not retried.',
      env: 'ATELIER_RETRY_MAX_DELAY_MS',
      unit: 'ms',
    }),
    breaker: setting(flag().default(true), {
      description:
        'Ask a provider that is known to be unwell (a limit that has not passed, a refused key, failures in a row) after the others ' +
        'that have the model, until it answers again. It is never left out: when all are unwell, or there is one only, nothing changes.',
      env: 'ATELIER_BREAKER',
    }),
  },
);
