import { flag } from '../kinds.ts';
import { section, setting } from '../setting.ts';

/** Adjustments that can be switched. */
export const adjustSchema = section(
  'Adjustments of requests. Each one that is made is named in the response header `x-atelier-adjusted`.',
  {
    stripBillingLine: setting(flag().default(true), {
      description:
        "Take the billing line that Claude Code puts at the head of `system` out of requests to targets that are not Anthropic's " +
        'own: it differs with every prompt and so defeats prefix caching.',
      env: 'ATELIER_STRIP_BILLING_LINE',
    }),
  },
);
