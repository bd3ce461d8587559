import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { sandbox } from '../../../src/cli/sandbox.ts';
import type { SandboxParts } from '../../../src/cli/sandbox.ts';
import { FakeProcess } from './fake.ts';

const options = { port: '8090', host: '127.0.0.1' };

describe('atelier sandbox', () => {
  it('listens, prints the addresses of both protocols, and ends with 0 when asked to stop', async () => {
    const fake = new FakeProcess();
    const calls: string[] = [];
    const parts: SandboxParts = {
      listen: (address) => {
        calls.push(`listen ${address.host} ${address.port}`);
        const close = (graceMs: number) => Promise.resolve(void calls.push(`close ${graceMs}`));
        return Promise.resolve({ address: { ...address, port: 12_345 }, close });
      },
    };
    const ended = sandbox(fake, { ...options, port: '0' }, parts);
    await setImmediate();
    assert.match(fake.output, /^openai {5}http:\/\/127\.0\.0\.1:12345\/compatible-mode\/v1, and .*\/v1 /m);
    assert.match(fake.output, /^anthropic {2}http:\/\/127\.0\.0\.1:12345\/apps\/anthropic$/m);
    fake.signals.emit('SIGTERM');
    assert.equal(await ended, 0);
    assert.deepEqual(calls, ['listen 127.0.0.1 0', 'close 2000']);
    assert.deepEqual(fake.signals.eventNames(), []);
  });

  it('says what to do when the port is taken', async () => {
    const fake = new FakeProcess();
    const taken = Object.assign(new Error('taken'), { code: 'EADDRINUSE', syscall: 'listen' });
    assert.equal(await sandbox(fake, options, { listen: () => Promise.reject(taken) }), 1);
    assert.match(fake.errors, /^Port 8090 .* already in use.*\n.*atelier sandbox --port 8091\n$/);
  });

  it('prints the one address that a product has, and no key', async () => {
    const fake = new FakeProcess();
    const listen: SandboxParts['listen'] = (address) => Promise.resolve({ address, close: () => Promise.resolve() });
    const ended = sandbox(fake, { ...options, plan: 'coding', key: ['sk-sp-1', 'sk-sp-2'] }, { listen });
    await setImmediate();
    assert.match(fake.output, /^openai {5}http:\/\/127\.0\.0\.1:8090\/v1$/m);
    assert.match(fake.output, /^keys {7}2 accepted$/m);
    fake.signals.emit('SIGINT');
    await ended;
  });

  it('refuses a port that is none, before anything is started', async () => {
    const fake = new FakeProcess();
    const listen = () => Promise.reject(new Error('not reached'));
    assert.equal(await sandbox(fake, { ...options, port: '80x' }, { listen }), 1);
    assert.match(fake.errors, /^--port: server\.port: must be a whole number from 0 to 65535, not "80x"\n/);
  });
});
