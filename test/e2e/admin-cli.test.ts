import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/program.ts';
import { FakeProcess } from '../unit/cli/fake.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** `atelier serve` as a process of its own in this folder; resolves with its port once it listens. */
async function serve(cwd: string): Promise<{ port: string; stop: () => Promise<void> }> {
  const { PATH = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, [main, 'serve', '--port', '0'], { cwd, env: { PATH, TMPDIR } });
  const exited = once(child, 'exit');
  let text = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text) ?? [];
    if (port === undefined) continue;
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await exited;
    };
    return { port, stop };
  }
  throw new Error(`it did not start: ${text}`);
}

it('the same commands work on the running gateway and on its data folder', async (test) => {
  const cwd = mkdtempSync(join(tmpdir(), 'atelier-cli-'));
  test.after(() => rmSync(cwd, { recursive: true, force: true }));
  const env: Record<string, string> = {};
  const atelier = async (line: string): Promise<{ code: number; output: string; errors: string }> => {
    const fake = new FakeProcess();
    fake.cwd = cwd;
    fake.env = { ...env };
    const code = await run(line.split(' '), fake);
    return { code, output: fake.output, errors: fake.errors };
  };

  const gateway = await serve(cwd);
  test.after(() => gateway.stop());
  env['PORT'] = gateway.port;
  const early = await atelier('keys create --owner kim');
  assert.match(early.errors, /Make an admin key first/);
  const first = await atelier('keys create --admin --owner lee');
  assert.doesNotMatch(first.errors, /working on what is kept/);
  const admin = /^key +(sk-admin-\S+)$/m.exec(first.output)?.[1] ?? '';
  const closed = await atelier('keys list');
  assert.equal(closed.code, 1);
  assert.match(closed.errors, /This gateway asks for a key: use --key KEY, ATELIER_KEY=KEY/);

  env['ATELIER_KEY'] = admin;
  const bought = await atelier('subscriptions create --owner kim --plan coding-plan-lite');
  const planKey = /^key +(sk-sp-\S+)$/m.exec(bought.output)?.[1] ?? '';
  const answer = await fetch(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${planKey}`, 'user-agent': 'claude-cli/2.0', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'glm-5', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  assert.equal(answer.status, 200);
  await answer.arrayBuffer();
  assert.match((await atelier(`account --line --key ${planKey}`)).output, /^5h 1\/1200 · week 1% · month 1% · resets /);

  await gateway.stop();
  const kept = await atelier('keys list');
  assert.match(kept.errors, /^no gateway answers at .*; working on what is kept in /);
  assert.match(kept.output, / plan +kim +active /);
  assert.match((await atelier(`account --line --key ${planKey}`)).output, /^5h 1\/1200 · /);
  const usage = await atelier('usage --by model');
  assert.match(usage.output, /^glm-5 +1 +█{24} /m);
  assert.match((await atelier('usage --by key')).output, /^\w{12} +kim +1 +█{24} /m);
  assert.equal((await atelier('db check')).code, 0);
});
