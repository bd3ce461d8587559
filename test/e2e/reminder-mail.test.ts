import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { openSqliteDatabase } from '../../src/store/sql/open-sqlite.ts';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';

const day = 86_400_000;
const password = 'p@ss/word-of-the-mailbox';

interface ReceivedMail {
  from: string;
  to: string[];
  user: string | undefined;
  /** Headers and text as they came. */
  source: string;
}

/** A mail server on a free port; it refuses the first so many mails. */
async function startMailServer(refuse = 0) {
  const mails: ReceivedMail[] = [];
  let attempts = 0;
  const server = new SMTPServer({
    // Its certificate would be its own; on loopback a password may go unencrypted.
    disabledCommands: ['STARTTLS'],
    logger: false,
    onAuth({ username, password: given }, _session, callback) {
      if (given === password && username !== undefined) callback(null, { user: username });
      else callback(new Error('wrong password'));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        attempts += 1;
        if (attempts <= refuse) {
          callback(new Error('the mailbox is full'));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user,
          source: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://atelier:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    mails,
    attempts: () => attempts,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** A data folder with subscriptions that end in two and a half days: two reminders are due for each. */
async function folderWith(owners: readonly string[]) {
  const path = mkdtempSync(join(tmpdir(), 'atelier-mail-'));
  const now = Date.now();
  const database = await openSqliteDatabase(join(path, 'atelier.db'), { processId: 'earlier', now });
  const dates = { activatedAt: now - 28 * day, endsAt: now + 2.5 * day, cancelledAt: null };
  for (const [place, owner] of owners.entries()) {
    await database.store.subscriptions.insert({
      id: `s${place}`,
      owner,
      plan: 'unlimited',
      keyId: `k${place}`,
      ...dates,
    });
  }
  await database.close();
  return { path, endsAt: dates.endsAt, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

function headersOf({ source }: ReceivedMail): Map<string, string> {
  const [head = ''] = source.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n\s+/g, ' ').split('\r\n');
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
}

function eventsOf(gateway: TestGateway, message: RegExp): number {
  return gateway.log.filter(({ msg }) => typeof msg === 'string' && message.test(msg)).length;
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(condition());
}

describe('reminders by mail', () => {
  it('go to the owner or the administrator, each once, with an id of their own', async () => {
    await using server = await startMailServer();
    using folder = await folderWith(['ada@example.com', 'team blue']);
    const env = {
      ATELIER_DATA_DIR: folder.path,
      ATELIER_REMINDER_SMTP_URL: server.url,
      ATELIER_REMINDER_MAIL_FROM: 'atelier@example.org',
      ATELIER_REMINDER_MAIL_TO: 'root@example.org',
    };
    // The second start has nothing to send.
    for (const expected of [4, 0]) {
      await using gateway = await startGateway(env);
      await eventually(() => server.mails.length === 4 && eventsOf(gateway, /ends soon/) === expected);
      const log = JSON.stringify(gateway.log);
      assert.ok(!log.includes(password) && !log.includes(encodeURIComponent(password)));
    }
    assert.deepEqual(server.mails.map(({ to }) => to.join()).toSorted(), [
      'ada@example.com', 'ada@example.com', 'root@example.org', 'root@example.org',
    ]); // prettier-ignore
    const ids = server.mails.map((mail) => headersOf(mail).get('message-id'));
    assert.deepEqual(
      new Set(ids),
      new Set(
        ['s0', 's1'].flatMap((id) => [7, 3].map((days) => `<reminder.${id}.${folder.endsAt}.${days}@example.org>`)),
      ),
    );
    const first = server.mails.find(({ to }) => to.includes('ada@example.com'));
    assert.ok(first);
    assert.deepEqual([first.from, first.user], ['atelier@example.org', 'atelier']);
    const headers = headersOf(first);
    assert.equal(headers.get('from'), 'atelier@example.org');
    assert.equal(headers.get('to'), 'ada@example.com');
    assert.match(headers.get('subject') ?? '', /^Your subscription to .* ends on \d{4}-\d\d-\d\d$/);
    assert.equal(headers.get('auto-submitted'), 'auto-generated');
    assert.ok(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now()) < 3_600_000);
    assert.match(first.source, /\r\n {4}atelier subscriptions renew s0\r\n/);
  });

  it('that the server refuses are due again, and the log has them once all the same', async () => {
    await using server = await startMailServer(1);
    using folder = await folderWith(['ada@example.com']);
    const env = {
      ATELIER_DATA_DIR: folder.path,
      ATELIER_REMINDER_SMTP_URL: server.url,
      ATELIER_REMINDER_MAIL_FROM: 'atelier@example.org',
    };
    {
      await using gateway = await startGateway(env);
      await eventually(() => server.attempts() === 2 && eventsOf(gateway, /ends soon/) === 2);
      await eventually(() => eventsOf(gateway, /could not be delivered/) === 1);
      const [failure] = gateway.log.filter(({ channel }) => channel === 'mail');
      assert.match(JSON.stringify(failure), /the mailbox is full/);
      assert.equal(failure?.['daysBefore'], 7);
    }
    assert.equal(server.mails.length, 1);
    await withoutClaims(folder.path);
    {
      await using gateway = await startGateway(env);
      await eventually(() => server.mails.length === 2);
      assert.equal(eventsOf(gateway, /ends soon/), 0);
    }
    assert.match(headersOf(server.mails[1] ?? assert.fail()).get('message-id') ?? '', /\.7@example\.org>$/);
    assert.equal(server.attempts(), 3);
  });

  it('are not sent when nobody could get them, which is said once', async () => {
    await using server = await startMailServer();
    using folder = await folderWith(['team blue', 'team red']);
    await using gateway = await startGateway({
      ATELIER_DATA_DIR: folder.path,
      ATELIER_REMINDER_SMTP_URL: server.url,
      ATELIER_REMINDER_MAIL_FROM: 'atelier@example.org',
    });
    await eventually(() => eventsOf(gateway, /ends soon/) === 4);
    assert.equal(eventsOf(gateway, /no mail is sent/), 1);
    assert.equal(server.attempts(), 0);
  });
});

/** As if the claims of what was not delivered had run out. */
async function withoutClaims(path: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(path, 'atelier.db'));
  database.exec('update reminder set claimed_at = 0 where confirmed_at is null');
  database.close();
}
