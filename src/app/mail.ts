import { createTransport } from 'nodemailer';
import { isLoopbackHost } from '../pipeline/identify.ts';

/** A plain text for one receiver. */
export interface Mail {
  from: string;
  to: string;
  /** Without the angle brackets. */
  messageId: string;
  subject: string;
  text: string;
}

/** A server that needs longer is asked again later. */
const timeoutMs = 10_000;

const ports: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/**
 * Hands a mail to the server of an `smtp://` or `smtps://` URL; rejects when it is not taken. On `smtp://` the connection is encrypted as soon as
 * the server can; a password goes to another machine only encrypted.
 */
export async function sendMail(server: URL, { messageId, ...mail }: Mail): Promise<void> {
  const { protocol, port } = server;
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const [user, pass] = [server.username, server.password].map(decodeURIComponent);
  const transport = createTransport({
    host,
    port: port === '' ? ports[protocol] : Number(port),
    secure: protocol === 'smtps:',
    requireTLS: user !== '' && !isLoopbackHost(host),
    ...(user !== '' && { auth: { user, pass } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ ...mail, messageId: `<${messageId}>`, headers: { 'Auto-Submitted': 'auto-generated' } });
  } finally {
    transport.close();
  }
}
