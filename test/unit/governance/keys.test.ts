import assert from 'node:assert/strict';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { FailedAttempts } from '../../../src/governance/failed-attempts.ts';
import { ipFilter, isIpRange } from '../../../src/governance/ip-range.ts';
import { generateKey, hashKey, matchesHash, parseKey } from '../../../src/governance/key-format.ts';
import { seal, unseal } from '../../../src/governance/sealed-secret.ts';
import { serverSecret as readServerSecret } from '../../../src/store/files/server-secret.ts';
import { temporaryFolder } from '../../contract/store-temp-folder.ts';
import { serverSecret } from './fixtures.ts';

suite('key format', () => {
  test('each kind has its form, with a public id and a secret part', () => {
    assert.match(generateKey('general').text, /^sk-at-[0-9A-Za-z]{12}-[0-9A-Za-z]{48}$/);
    assert.match(generateKey('plan').text, /^sk-sp-[0-9A-Za-z]{12}-[0-9A-Za-z]{48}$/);
    assert.match(generateKey('admin').text, /^sk-admin-[0-9A-Za-z]{12}-[0-9A-Za-z]{48}$/);
    assert.notEqual(generateKey('plan').text, generateKey('plan').text);
  });

  test('a key is read back by length and alphabet alone', () => {
    for (const kind of ['admin', 'general', 'plan'] as const) {
      const key = generateKey(kind);
      assert.deepEqual(parseKey(key.text), key);
    }
    const { text } = generateKey('plan');
    const others = [
      '',
      'sk-',
      text.slice(0, -1),
      `${text}a`,
      ` ${text}`,
      `${text}\n`,
      text.replace('sk-sp', 'sk-xx'),
      `${text.slice(0, -1)}'`,
    ];
    for (const other of [...others, 'sk-ant-api03-x', 'ms-1234', 'x'.repeat(1e6), `sk-sp-${'é'.repeat(61)}`]) {
      assert.equal(parseKey(other), undefined, other.slice(0, 40));
    }
  });

  test('only the key itself matches its hash, and only with the same server secret', () => {
    const { text } = generateKey('plan');
    const hash = hashKey(text, serverSecret);
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.equal(matchesHash(text, hash, serverSecret), true);
    assert.equal(matchesHash(generateKey('plan').text, hash, serverSecret), false);
    assert.equal(matchesHash(text, hash, Buffer.alloc(32, 8)), false);
    assert.equal(matchesHash(text, '', serverSecret), false);
  });
});

suite('sealed secret', () => {
  test('opens for its own name and server secret only', () => {
    const sealed = seal('sk-provider', 'bailian', serverSecret);
    assert.equal(unseal(sealed, 'bailian', serverSecret), 'sk-provider');
    assert.throws(() => unseal(sealed, 'other', serverSecret));
    assert.throws(() => unseal(sealed, 'bailian', Buffer.alloc(32, 8)));
    assert.throws(() => unseal('v1.AAAA', 'bailian', serverSecret));
    assert.throws(() => unseal(`${sealed.slice(0, -2)}AA`, 'bailian', serverSecret));
  });

  test('does not show the secret, and never looks the same', () => {
    const [first, second] = [
      seal('sk-provider', 'bailian', serverSecret),
      seal('sk-provider', 'bailian', serverSecret),
    ];
    assert.notEqual(first, second);
    assert.equal(Buffer.from(first, 'base64url').includes('sk-provider'), false);
  });
});

suite('server secret', () => {
  test('is made once, readable by the owner only, and read again', () => {
    using folder = temporaryFolder();
    const made = readServerSecret(join(folder.path, 'data'));
    assert.equal(made.length, 32);
    const path = join(folder.path, 'data', 'server.secret');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readServerSecret(join(folder.path, 'data')), made);
  });

  test('a file that others may read is closed to them', () => {
    using folder = temporaryFolder();
    const made = readServerSecret(folder.path);
    const path = join(folder.path, 'server.secret');
    chmodSync(path, 0o644);
    assert.deepEqual(readServerSecret(folder.path), made);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('a file that holds something else is an error, not a new secret', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'server.secret'), 'short\n', { mode: 0o600 });
    assert.throws(() => readServerSecret(folder.path), /does not hold a server secret/);
  });
});

suite('address ranges', () => {
  test('addresses and CIDR ranges of both families', () => {
    const allows = ipFilter(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);
    for (const address of ['10.255.0.1', '192.0.2.7', '2001:db8:5::1', '::ffff:10.1.2.3'])
      assert.equal(allows(address), true, address);
    for (const address of ['11.0.0.1', '192.0.2.8', '2001:db9::1', '::ffff:11.0.0.1', '', 'localhost'])
      assert.equal(allows(address), false, address);
  });

  test('without ranges every address passes', () => {
    assert.equal(ipFilter([])('203.0.113.9'), true);
  });

  test('what is no range is recognised', () => {
    for (const good of ['10.0.0.1', '10.0.0.0/0', '::1', 'fe80::/10']) assert.equal(isIpRange(good), true, good);
    for (const bad of ['10.0.0.0/33', '10.0.0', '::1/129', 'a', '', '10.0.0.0/8/8', '10.0.0.0/'])
      assert.equal(isIpRange(bad), false, bad);
  });
});

suite('failed attempts', () => {
  test('an address is blocked after its limit, until the period is over', () => {
    const attempts = new FailedAttempts({ limit: 3, periodMs: 1000 });
    for (let failure = 0; failure < 3; failure += 1) {
      assert.equal(attempts.blockedFor('192.0.2.1', 100), 0);
      attempts.add('192.0.2.1', 100);
    }
    assert.equal(attempts.blockedFor('192.0.2.1', 400), 700);
    assert.equal(attempts.blockedFor('192.0.2.2', 400), 0);
    assert.equal(attempts.blockedFor('192.0.2.1', 1100), 0);
  });

  test('addresses of one IPv6 network count together', () => {
    const attempts = new FailedAttempts({ limit: 1 });
    attempts.add('2001:db8:1:2:3:4:5:6', 0);
    assert.ok(attempts.blockedFor('2001:db8:1:2::9', 0) > 0);
    assert.equal(attempts.blockedFor('2001:db8:1:3::9', 0), 0);
    attempts.add('2001:db8::1', 0);
    assert.ok(attempts.blockedFor('2001:db8:0:0:ffff::', 0) > 0);
  });

  test('many addresses do not take more memory', () => {
    const attempts = new FailedAttempts({ limit: 1, addresses: 2 });
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) attempts.add(address, 0);
    assert.equal(attempts.blockedFor('192.0.2.1', 0), 0);
    assert.ok(attempts.blockedFor('192.0.2.3', 0) > 0);
  });
});
