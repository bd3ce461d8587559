import { baseUrl, secretText } from '../kinds.ts';
import { section, setting } from '../setting.ts';
import { reminderMailSchema } from './reminder-mail.ts';

/** A secret that signs must not be guessable. */
const secretMinLength = 16;

/** Before a subscription ends. */
export const remindersSchema = section(
  'Reminders 7, 3 and 1 days before a subscription ends. Each goes to the log, to a webhook and by mail where these are set.',
  {
    webhookUrl: setting(baseUrl().exactOptional(), {
      description: 'Gets a POST with JSON for each reminder; any answer but 2xx is tried again later.',
      env: 'ATELIER_REMINDER_WEBHOOK_URL',
    }),
    webhookSecret: setting(
      secretText()
        .min(secretMinLength, { error: `must have at least ${secretMinLength} characters` })
        .exactOptional(),
      {
        description:
          'Signs the calls: `x-atelier-signature` is `t=SECONDS,v1=HEX`, the HMAC-SHA-256 of `SECONDS.BODY`. Needed with `webhook_url`.',
        env: 'ATELIER_REMINDER_WEBHOOK_SECRET',
        secret: true,
      },
    ),
    mail: reminderMailSchema,
  },
);
