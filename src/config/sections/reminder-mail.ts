import { isMailAddress } from '../../domain/mail-address.ts';
import { text } from '../kinds.ts';
import { section, setting } from '../setting.ts';

// Does not repeat the value: it may hold a password.
const urlError =
  'has to be smtp://HOST:PORT, or smtps:// for TLS from the start, with USER:PASSWORD@ before the host if needed';

/** Mail for reminders. */
export const reminderMailSchema = section('Mail for each reminder, to the owner when that is a mail address.', {
  smtpUrl: setting(text().refine(isSmtpUrl, { error: urlError }).exactOptional(), {
    description:
      'The mail server: `smtp://USER:PASSWORD@HOST:PORT` (port 587 when left out) or `smtps://` (465). In user and password ' +
      '`@` is written `%40`, `/` is `%2F`, `%` is `%25`. A password goes to another machine only encrypted. Needs `from`.',
    env: 'ATELIER_REMINDER_SMTP_URL',
    secret: true,
  }),
  from: setting(mailAddress().exactOptional(), {
    description: 'The sender. Needs `smtp_url`.',
    env: 'ATELIER_REMINDER_MAIL_FROM',
  }),
  to: setting(mailAddress().exactOptional(), {
    description: 'Gets the reminders of owners that are no mail addresses; without it they get none by mail.',
    env: 'ATELIER_REMINDER_MAIL_TO',
  }),
});

function mailAddress() {
  return text().refine(isMailAddress, { error: 'must be a mail address such as ada@example.com' });
}

function isSmtpUrl(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return false;
  const { username, password, pathname, search, hash } = url;
  return (pathname === '' || pathname === '/') && search === '' && hash === '' && isDecodable(username + password);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
