import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Reminder } from '../../../src/domain/subscription.ts';
import { isMailAddress } from '../../../src/domain/mail-address.ts';
import { reminderMail } from '../../../src/governance/reminder-mail.ts';
import { planNamed } from './fixtures.ts';

const endsAt = Date.UTC(2026, 2, 21, 15, 59, 59);
const reminder: Reminder = {
  subscriptionId: 'sub-1',
  owner: 'ada@example.com',
  plan: 'coding-plan-lite',
  endsAt,
  daysBefore: 3,
};
const from = 'atelier@example.org';
const plan = planNamed('coding-plan-lite');

describe('the mail of a reminder', () => {
  it('says what ends, when it does in the time zone of the plan and in UTC, and how to renew it', () => {
    const mail = reminderMail(reminder, { from, plan });
    assert.equal(mail?.to, 'ada@example.com');
    assert.equal(mail.subject, `Your subscription to ${plan.title} ends on 2026-03-21`);
    assert.match(mail.text, /sub-1 of ada@example\.com/);
    assert.match(mail.text, /\n    2026-03-21 23:59:59 UTC\+8\n    2026-03-21 15:59:59 UTC\n/);
    assert.match(mail.text, /\n    atelier subscriptions renew sub-1\n/);
    assert.match(mail.text, /3 days before the end/);
  });

  it('names the day as it is in the time zone of the plan, and one time for a plan in UTC or a deleted one', () => {
    const west = reminderMail(reminder, { from, plan: { ...plan, timeZone: 'UTC-9' } });
    assert.match(west?.subject ?? '', /2026-03-21$/);
    const east = reminderMail(reminder, { from, plan: { ...plan, timeZone: 'Asia/Tokyo' } });
    assert.match(east?.subject ?? '', /2026-03-22$/);
    for (const other of [{ ...plan, timeZone: 'UTC' }, undefined]) {
      const { text = '' } = reminderMail({ ...reminder, daysBefore: 1 }, { from, plan: other }) ?? {};
      assert.deepEqual(text.match(/^    2026-.*$/gm), ['    2026-03-21 15:59:59 UTC']);
      assert.match(text, /of 1 day before/);
    }
  });

  it('has one id for each reminder, which is plain', () => {
    const idOf = (more: Partial<Reminder>) => reminderMail({ ...reminder, ...more }, { from, plan })?.messageId;
    assert.equal(idOf({}), `reminder.sub-1.${endsAt}.3@example.org`);
    assert.equal(idOf({}), idOf({ owner: 'kim@example.com' }));
    assert.notEqual(idOf({}), idOf({ daysBefore: 1 }));
    assert.notEqual(idOf({}), idOf({ endsAt: endsAt + 1 }));
    assert.equal(idOf({ subscriptionId: 'a>\r\nb' }), `reminder.a___b.${endsAt}.3@example.org`);
  });

  it('goes to the administrator when the owner is no mail address, or to nobody', () => {
    const team = { ...reminder, owner: 'team blue' };
    assert.equal(reminderMail(team, { from, plan, to: 'root@example.org' })?.to, 'root@example.org');
    assert.equal(reminderMail(team, { from, plan }), undefined);
    assert.equal(reminderMail(reminder, { from, plan, to: 'root@example.org' })?.to, 'ada@example.com');
  });

  it('goes to plain addresses only', () => {
    for (const text of ['ada@example.com', "o'hara+x@mail.example.co.uk", 'a@b.cn'])
      assert.ok(isMailAddress(text), text);
    for (const text of [
      'ada', 'ada@', '@example.com', 'ada@localhost', 'ada@example.com, eve@example.com', 'ada@example.com\n', '<ada@example.com>',
      'ada@example.com\r\nBcc: eve@example.com', '"a b"@example.com', 'ada@example..com', 'ada@-x.com', `${'a'.repeat(65)}@example.com`,
    ]) assert.ok(!isMailAddress(text), text); // prettier-ignore
  });
});
