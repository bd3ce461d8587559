import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rowsIn } from '../../../src/cli/control-list.ts';
import { asArray, asObject, asString } from '../../../src/domain/json.ts';
import { openSqliteDatabase } from '../../../src/store/sql/open-sqlite.ts';
import { StoppedGateway } from './control-folder.ts';

/** Writes down requests, as a gateway would have. */
async function useModels(gateway: StoppedGateway, keyId: string | null, models: readonly string[]): Promise<void> {
  const file = join(gateway.cwd, 'data', 'atelier.db');
  const database = await openSqliteDatabase(file, { processId: 'test', now: Date.now() });
  for (const [place, model] of models.entries()) {
    await database.usage.record({
      id: `${keyId}-${place}`,
      at: Date.now() - 1000,
      keyId,
      owner: 'kim',
      subscriptionId: null,
      agent: 'claude-code',
      route: '/v1/messages',
      protocol: 'anthropic-messages',
      provider: 'bailian',
      model,
      targetModel: model,
      status: 200,
      errorId: null,
      stream: true,
      aborted: false,
      tokens: { inputTokens: 100, outputTokens: 10 },
      estimated: false,
      cost: model === 'glm-5' ? { cny: null, usd: null } : { cny: 0.25, usd: 0.03 },
      overheadMs: 0.1,
      firstByteMs: 20,
      totalMs: 50,
      requestBytes: 100,
      responseBytes: 200,
      adjusted: [],
    });
  }
  await database.close();
}

/** Gives a key an owner that no form would take. */
async function rename(gateway: StoppedGateway, id: string, owner: string): Promise<void> {
  const file = join(gateway.cwd, 'data', 'atelier.db');
  const database = await openSqliteDatabase(file, { processId: 'test', now: Date.now() });
  const key = await database.store.keys.find(id);
  assert.ok(key);
  await database.store.keys.update({ ...key, owner });
  await database.close();
}

describe('atelier keys', () => {
  it('makes, lists, shows, disables, enables, resets and revokes keys', async () => {
    using gateway = new StoppedGateway();
    const made = await gateway.atelier(
      'keys create --owner kim --label team=red --models qwen3-max glm-5 --ip 10.0.0.0/8 --expires 2099-01-01',
    );
    assert.equal(made.code, 0);
    assert.match(made.output, /^key +sk-at-\w{12}-\w{48}$/m);
    assert.match(made.output, /^expires +2098-12-31 16:00Z$/m);
    assert.match(made.errors, /working on what is kept in .*data\nThe key is shown only now/);
    const [key] = await gateway.json('keys list');
    const id = asString(key?.['id']) ?? '';
    assert.deepEqual(
      [key?.['owner'], key?.['labels'], key?.['models'], key?.['ip_ranges']],
      ['kim', { team: 'red' }, ['qwen3-max', 'glm-5'], ['10.0.0.0/8']],
    );
    assert.equal((await gateway.atelier(`keys disable ${id}`)).output, `Key ${id} of kim is disabled.\n`);
    assert.equal((await gateway.object(`keys enable ${id}`))['state'], 'active');
    const next = asString((await gateway.object(`keys reset ${id}`))['id']) ?? '';
    assert.notEqual(next, id);
    assert.equal((await gateway.atelier(`keys revoke ${next}`)).output, `Key ${next} of kim is revoked.\n`);
    assert.match((await gateway.atelier(`keys show ${id}`)).output, /^state +revoked$/m);
    const list = await gateway.atelier('keys list');
    assert.match(list.output, /^id +kind +owner +state/);
    assert.equal(list.output.split('\n').length, 4);
  });

  it('are written down as changes of the command line', async () => {
    using gateway = new StoppedGateway();
    await gateway.atelier('keys create --owner kim --admin');
    const database = await openSqliteDatabase(join(gateway.cwd, 'data', 'atelier.db'), { processId: 't', now: 0 });
    const [entry] = await database.store.audit.newest({ limit: 5 });
    await database.close();
    assert.deepEqual([entry?.actor, entry?.action, entry?.kind], ['cli', 'create', 'key']);
  });

  it('are printed as CSV that quotes what needs it', async () => {
    using gateway = new StoppedGateway();
    await gateway.atelier('keys create --owner a,"b"');
    const { output } = await gateway.atelier('keys list --csv');
    const [head, row] = output.split('\r\n');
    assert.equal(head, 'id,kind,owner,state,expires_at,subscription_id,models,providers,labels,created_at');
    assert.match(row ?? '', /^\w{12},general,"a,""b""",active,,,,,,2/);
  });

  it('say when there are more than were asked for', async () => {
    using gateway = new StoppedGateway();
    for (const owner of ['a', 'b', 'c']) await gateway.atelier(`keys create --owner ${owner}`);
    const { output, errors } = await gateway.atelier('keys list --limit 2');
    assert.equal(output.trim().split('\n').length, 3);
    assert.match(errors, /There are more than these 2; --limit shows more\./);
    assert.doesNotMatch((await gateway.atelier('keys list --limit 3')).errors, /more/);
  });

  const mistakes: { what: string; line: string; says: RegExp }[] = [
    { what: 'a key that is not there', line: 'keys show nobody', says: /atelier: There is no key 'nobody'/ },
    { what: 'a wrong label', line: 'keys create --owner k --label red', says: /--label must be NAME=VALUE, not "red"/ },
    { what: 'a wrong time', line: 'keys create --owner k --expires soon', says: /--expires must be a span such as 7d/ },
    {
      what: 'an expiry in the past',
      line: 'keys create --owner k --expires 2020-01-01',
      says: /atelier: The expiry 2019-12-31T16:00:00Z is in the past: the key would not work\./,
    },
    {
      what: 'a label that would be lost',
      line: 'keys create --owner k --label __proto__=x',
      says: /atelier: Nothing in the body may have the name '__proto__'\./,
    },
    { what: 'a wrong address', line: 'keys create --owner k --ip here', says: /'ip_ranges.0' must be an address/ },
    {
      what: 'a wrong limit',
      line: 'keys list --limit 0',
      says: /--limit must be a whole number from 1 to 999999, not "0"/,
    },
    { what: 'a wrong setting', line: 'keys list --port x', says: /--port: server.port: must be a whole number/ },
    { what: 'two formats', line: 'keys list --json --csv', says: /cannot be used with option '--csv'/ },
    { what: 'no owner', line: 'keys create', says: /required option '--owner <name>' not specified/ },
  ];
  for (const { what, line, says } of mistakes) {
    it(`end with 1 and say what is wrong for ${what}`, async () => {
      using gateway = new StoppedGateway();
      await gateway.atelier('keys create --owner first');
      const { code, output, errors } = await gateway.atelier(line);
      assert.deepEqual([code, output], [1, '']);
      assert.match(errors, says);
    });
  }
});

describe('atelier plans and subscriptions', () => {
  it('shows built-in and configured plans', async () => {
    using gateway = new StoppedGateway({
      'config.yaml': 'plans: [{name: team, windows: [{period: day, limit: 5, unit: money}]}]\n',
    });
    const { output } = await gateway.atelier('plans list');
    assert.match(
      output,
      /^coding-plan-lite +Coding Plan Lite +1200 calls in 5h, 9000 calls in week, 18000 calls in month/m,
    );
    assert.match(output, /^team +team +5 CNY in day +all +- +no +-$/m);
    assert.match((await gateway.atelier('plans show coding-plan-pro')).output, /^models +qwen.*qwen3-coder-plus/m);
    assert.match(
      (await gateway.atelier('plans show nix')).errors,
      /There is no plan 'nix'\. There are: coding-plan-lite, coding-plan-pro, team, unlimited\./,
    );
  });

  it('does not make a new server secret for keys that belong to another', async () => {
    using gateway = new StoppedGateway();
    await gateway.atelier('keys create --admin --owner ada');
    const secret = join(gateway.cwd, 'data', 'server.secret');
    rmSync(secret);
    const { code, errors } = await gateway.atelier('keys list');
    assert.equal(code, 1);
    assert.match(errors, /the database has keys, and .*server\.secret, to which they belong, is missing/);
    assert.equal(existsSync(secret), false);
  });

  it('does not start with another server secret than the one that the keys belong to, until it is adopted', async () => {
    using gateway = new StoppedGateway();
    const { id } = await gateway.object('keys create --admin --owner ada');
    const secret = join(gateway.cwd, 'data', 'server.secret');
    const own = readFileSync(secret, 'utf8');
    writeFileSync(secret, `${'ab'.repeat(32)}\n`);
    const { code, errors } = await gateway.atelier('keys list');
    assert.equal(code, 1);
    assert.match(errors, /server\.secret is not the one that the database's keys belong to/);
    assert.match(errors, /atelier db adopt-secret/);
    writeFileSync(secret, own);
    assert.equal((await gateway.atelier('keys list')).code, 0);
    writeFileSync(secret, `${'ab'.repeat(32)}\n`);
    const adopted = await gateway.atelier('db adopt-secret');
    assert.match(adopted.output, /^sqlite .* belongs to .*server\.secret now/);
    assert.equal((await gateway.atelier(`keys reset ${asString(id)}`)).code, 0);
  });

  it('makes the server secret anew when the lost one is given up', async () => {
    using gateway = new StoppedGateway();
    await gateway.atelier('keys create --admin --owner ada');
    rmSync(join(gateway.cwd, 'data', 'server.secret'));
    assert.equal((await gateway.atelier('db adopt-secret')).code, 0);
    assert.equal((await gateway.atelier('keys list')).code, 0);
  });

  it('sells, shows, upgrades, renews and cancels a subscription', async () => {
    using gateway = new StoppedGateway();
    const made = await gateway.object('subscriptions create --owner lee --plan coding-plan-lite');
    const id = asString(made['id']) ?? '';
    assert.match(asString(asObject(made['key'])?.['secret']) ?? '', /^sk-sp-/);
    const shown = await gateway.atelier(`subscriptions show ${id}`);
    assert.match(shown.output, /^window +used +limit +left +unit/m);
    assert.match(shown.output, /^5h +0 +1200 +1200 +calls +·{20} +-$/m);
    const upgraded = await gateway.atelier(`subscriptions upgrade ${id} --plan coding-plan-pro`);
    assert.match(upgraded.output, /^The subscription of lee to coding-plan-pro ends \d{4}-\d\d-\d\d 15:59Z\.\n$/);
    const renewed = await gateway.object(`subscriptions renew ${id}`);
    assert.ok((asString(renewed['ends_at']) ?? '') > (asString(made['ends_at']) ?? 'x'));
    const downgraded = await gateway.atelier(`subscriptions upgrade ${id} --plan coding-plan-lite`);
    assert.deepEqual([downgraded.code, downgraded.output], [1, '']);
    assert.match(
      (await gateway.atelier(`subscriptions cancel ${id}`)).output,
      /is cancelled, and its key with it\.\n$/,
    );
    assert.match((await gateway.atelier('subscriptions list --csv')).output, /lee,coding-plan-pro,cancelled,/);
  });
});

describe('atelier account', () => {
  it('shows a key its plan, its windows and its use, in full and in a line', async () => {
    using gateway = new StoppedGateway();
    const made = await gateway.object('subscriptions create --owner lee --plan coding-plan-lite');
    const key = asString(asObject(made['key'])?.['secret']) ?? '';
    await useModels(gateway, asString(made['key_id']) ?? '', ['glm-5', 'glm-5', 'kimi-k2.5']);
    const { output } = await gateway.atelier(`account --key ${key}`);
    assert.match(output, /^Coding Plan Lite of lee, key \w{12}, ends \d{4}-\d\d-\d\d 15:59Z\n/);
    assert.match(output, /^week +0 +9000/m);
    assert.match(output, /^Used in 30 days\nmodel +requests .*\nglm-5 +2 .*\nkimi-k2.5 +1 /m);
    const line = await gateway.atelier('account --line', { env: { ATELIER_KEY: key } });
    assert.equal(line.output, '5h 0/1200 · week 0% · month 0%\n');
    const csv = await gateway.atelier(`account --csv --key ${key}`);
    assert.match(csv.output, /^name,used,limit,remaining,unit,resets_at\r\n5h,0,1200,1200,calls,\r\n/);
    const found = await gateway.object(`account --key ${key}`);
    assert.equal(asArray(found['windows']).length, 3);
  });

  it('needs to know whose, and refuses a key that it does not know', async () => {
    using gateway = new StoppedGateway();
    await gateway.atelier('keys create --owner kim');
    assert.match((await gateway.atelier('account')).errors, /say whose account: --key KEY, or ATELIER_KEY=KEY/);
    const wrong = await gateway.atelier('account --key sk-wrong');
    assert.equal(wrong.code, 1);
    assert.match(wrong.errors, /does not know this key/);
  });
});

describe('atelier usage', () => {
  it('draws what was used, most first, with unknown costs marked', async () => {
    using gateway = new StoppedGateway();
    const key = await gateway.object('keys create --owner kim');
    await useModels(gateway, asString(key['id']) ?? '', ['qwen3-max', 'glm-5', 'qwen3-max', 'qwen3-max', 'glm-5']);
    const { output } = await gateway.atelier('usage --by model --since 2d');
    const [head, first, second, , total] = output.split('\n');
    assert.match(head ?? '', /^model +requests +errors +input +cached +output +CNY +USD$/);
    assert.match(first ?? '', /^qwen3-max +3 +█{24} +0 +300 +0 +30 +0\.75 +0\.09$/);
    assert.match(second ?? '', /^glm-5 +2 +█{16} +0 +200 +0 +20 +\+\? +\+\?$/);
    assert.match(total ?? '', /: 5 requests, 550 tokens, CNY 0\.75, and 2 of unknown cost \(\+\?\)\.$/);
    const csv = await gateway.atelier('usage --by agent --csv');
    assert.match(
      csv.output,
      /^group,requests,errors,.*,unknown_cost_cny,unknown_cost_usd\r\nclaude-code,5,0,500,0,50,0\.75,0\.09,2,2\r\n$/,
    );
    const report = await gateway.object('usage --by key');
    assert.deepEqual([report['object'], asObject(report['total'])?.['requests']], ['usage_report', 5]);
    assert.match((await gateway.atelier('usage --by day')).output, /\n\d{4}-\d\d-\d\d +5 +█{24} /);
    assert.match((await gateway.atelier('usage --by hour')).output, /\n\d\d-\d\d \d\d:00 +5 +█{24} /);
  });

  it('tells the owner beside each key, in every form', async () => {
    using gateway = new StoppedGateway();
    const kim = asString((await gateway.object('keys create --owner kim,"k"'))['id']) ?? '';
    const wei = asString((await gateway.object('keys create --owner 魏'))['id']) ?? '';
    await useModels(gateway, kim, ['glm-5', 'glm-5', 'glm-5', 'glm-5']);
    await useModels(gateway, wei, ['glm-5', 'glm-5', 'glm-5']);
    await useModels(gateway, 'gone', ['glm-5', 'glm-5']);
    await useModels(gateway, null, ['glm-5']);
    const [head, ...lines] = (await gateway.atelier('usage --by key')).output.split('\n');
    assert.match(head ?? '', /^key {11}owner {4}requests {28}errors /);
    const [first = '', second = '', third = '', fourth = ''] = lines;
    assert.ok(first.startsWith(`${kim}  kim,"k"         4  ${'█'.repeat(24)}  `), first);
    // A character that is two columns wide.
    assert.ok(second.startsWith(`${wei}  魏              3  ${'█'.repeat(18)}        `), second);
    assert.match(third, /^gone {10}- {15}2 {2}█{12} /);
    assert.match(fourth, /^\(none\) {8}- {15}1 {2}█{6} /);
    const [titles, ...cells] = (await gateway.atelier('usage --by key --csv')).output.split('\r\n');
    assert.match(titles ?? '', /^group,owner,requests,errors,/);
    assert.deepEqual(
      cells.map((line) => line.replace(/,0,.*$/, '')),
      [`${kim},"kim,""k""",4`, `${wei},魏,3`, 'gone,,2', ',,1', ''],
    );
    const rows = rowsIn((await gateway.object('usage --by key'))['data']);
    const owners = Object.fromEntries(rows.map(({ group, owner }) => [asString(group), owner]));
    assert.deepEqual(owners, { [kim]: 'kim,"k"', [wei]: '魏', gone: null, '': null });
    assert.doesNotMatch((await gateway.atelier('usage --by model')).output, /owner/);
  });

  it('shows of an owner neither what steers a terminal nor more than has room beside the bars', async () => {
    using gateway = new StoppedGateway();
    const id = asString((await gateway.object('keys create --owner kim'))['id']) ?? '';
    await useModels(gateway, id, ['glm-5']);
    await rename(gateway, id, '\u001b[2J\u009b31m\nx\u202ey');
    assert.match((await gateway.atelier('usage --by key')).output, /\n\w{12} {2}\[2J 31m x y +1 {2}█{24} /);
    await rename(gateway, id, '长'.repeat(200));
    assert.match((await gateway.atelier('usage --by key')).output, /\n\w{12} {2}长{11}… +1 {2}█{24} /);
  });

  it('says when there was none, or the question is wrong', async () => {
    using gateway = new StoppedGateway();
    await gateway.atelier('keys create --owner kim');
    const none = await gateway.atelier('usage');
    assert.deepEqual([none.code, none.output], [0, '']);
    assert.match(none.errors, /Nothing was used in this time\.\n$/);
    assert.match(
      (await gateway.atelier('usage --by mood')).errors,
      /Allowed choices are day, hour, model, key, provider, agent/,
    );
  });

  it('tells about the plans of provider keys', async () => {
    using gateway = new StoppedGateway();
    await gateway.atelier('keys create --owner kim');
    assert.match((await gateway.atelier('meters')).errors, /No provider has a key of a Coding or Token Plan\.\n$/);
    const key = { BAILIAN_API_KEY: `sk-sp-${'a1'.repeat(16)}` };
    // Which plan it belongs to cannot be seen; saying so is left to those who start the gateway.
    assert.equal((await gateway.atelier('meters', { env: key })).code, 0);
    const env = { ...key, BAILIAN_PLAN: 'coding' };
    assert.match(
      (await gateway.atelier('meters', { env })).output,
      /^bailian +coding-plan-pro +5h +0 +6000 +6000 +calls /m,
    );
    const lite = await gateway.atelier('meters', { env: { ...env, BAILIAN_PLAN_EDITION: 'lite' } });
    assert.match(lite.output, /^bailian +coding-plan-lite +week +0 +9000 +9000 +calls /m);
  });

  it('tells what the plans of provider keys were used for, and since when', async () => {
    using gateway = new StoppedGateway();
    const key = await gateway.object('keys create --owner kim');
    await useModels(gateway, asString(key['id']) ?? '', ['qwen3-max', 'glm-5', 'qwen3-max', 'qwen3-max']);
    const env = { BAILIAN_API_KEY: `sk-sp-${'a1'.repeat(16)}`, BAILIAN_PLAN: 'coding' };
    const { output } = await gateway.atelier('meters', { env });
    const [, since, table] = /\nbailian, requests since (.+) \(5h\)\n([^]*?)(?:\n\n|$)/.exec(output) ?? [];
    assert.match(since ?? '', /^\d{4}-\d\d-\d\d \d\d:00Z$/);
    assert.deepEqual(
      table?.trim().split('\n').map((line) => line.replaceAll(/ +/g, ' ')),
      [
        'by name requests errors input cached output',
        'model qwen3-max 3 ████████████ 0 300 0 30',
        'model glm-5 1 ████ 0 100 0 10',
        'agent claude-code 4 ████████████████ 0 400 0 40',
      ],
    ); // prettier-ignore
    const csv = await gateway.atelier('meters --csv', { env });
    assert.match(csv.output, /^provider,plan,name,.*,runs_out_at,by,group,since,requests,errors,input_tokens,/);
    assert.match(
      csv.output,
      /\r\nbailian,coding-plan-pro,week,,,,,,,model,qwen3-max,\d{4}-.*T16:00:00.000Z,3,0,300,0,30\r\n/,
    );
    const [meter] = JSON.parse((await gateway.atelier('meters --json', { env })).output);
    assert.deepEqual([meter.windows.length, meter.windows[2].use.by_agent[0].agent], [3, 'claude-code']);
  });

  it('says why nothing is known of what is left in a Token Plan', async () => {
    using gateway = new StoppedGateway();
    await gateway.atelier('keys create --owner kim');
    const env = { BAILIAN_API_KEY: `sk-sp-${'a1'.repeat(16)}`, BAILIAN_PLAN: 'token' };
    const { output } = await gateway.atelier('meters', { env });
    assert.match(output, /^bailian +token-plan +month-tokens +0 +- +- +tokens +\d{4}-\S+ 16:00Z +-$/m);
    assert.match(output, /\nbailian: A Token Plan is limited in credits, /);
  });
});

describe('atelier secrets', () => {
  it('takes a key from standard input and never shows it', async () => {
    using gateway = new StoppedGateway();
    const set = await gateway.atelier('secrets set bailian', { piped: ['sk-hun', 'ter2\n'] });
    assert.deepEqual([set.code, set.output], [0, 'The key of bailian is stored, encrypted.\n']);
    const list = await gateway.atelier('secrets list --json');
    assert.deepEqual(JSON.parse(list.output), [{ object: 'provider_secret', provider: 'bailian' }]);
    assert.equal((await gateway.atelier('secrets delete bailian')).output, 'The stored key of bailian is deleted.\n');
    assert.match(
      (await gateway.atelier('secrets delete bailian')).errors,
      /There is no secret of the provider 'bailian'/,
    );
  });

  it('refuses to wait at a terminal, and what is no key', async () => {
    using gateway = new StoppedGateway();
    assert.match((await gateway.atelier('secrets set bailian')).errors, /is read from standard input/);
    const long = await gateway.atelier('secrets set bailian', { piped: ['x'.repeat(20_000)] });
    assert.match(long.errors, /too long to be a key/);
    const spaces = await gateway.atelier('secrets set bailian', { piped: ['two words'] });
    assert.match(spaces.errors, /'secret' must consist of ASCII/);
  });
});

describe('atelier db', () => {
  it('migrates, checks, copies, exports and imports', async () => {
    using gateway = new StoppedGateway();
    const fresh = await gateway.atelier('db migrate');
    assert.match(fresh.output, /^sqlite .*atelier\.db was brought up to date: /);
    assert.match((await gateway.atelier('db migrate')).output, /is up to date\.\n$/);
    await gateway.atelier('keys create --owner kim');
    const check = await gateway.object('db check');
    assert.deepEqual([check['problems'], check['api_key'], check['audit']], [0, 1, 1]);
    const [copy, rows] = [join(gateway.cwd, 'copy.db'), join(gateway.cwd, 'rows.jsonl')];
    assert.match((await gateway.atelier(`db backup ${copy}`)).output, /is copied to .*copy\.db\. Keep it safe/);
    assert.equal(statSync(copy).mode & 0o077, 0);
    assert.match((await gateway.atelier(`db export ${rows}`)).output, /^3 rows of sqlite /);
    const again = await gateway.atelier(`db import ${rows}`);
    assert.deepEqual([again.code, again.output], [1, '']);
    assert.match(again.errors, /the database is not empty/);
    const moved = await gateway.atelier(`db import ${rows} --data-dir elsewhere`);
    assert.match(moved.output, /^3 rows of .*rows\.jsonl are in sqlite .*elsewhere.*Copy the server\.secret/);
    cpSync(join(gateway.cwd, 'data', 'server.secret'), join(gateway.cwd, 'elsewhere', 'server.secret'));
    const [key] = await gateway.json('keys list --data-dir elsewhere');
    assert.equal(key?.['owner'], 'kim');
  });

  it('ends with 1 where there is nothing to read', async () => {
    using gateway = new StoppedGateway();
    const { code, errors } = await gateway.atelier('db import missing.jsonl');
    assert.equal(code, 1);
    assert.match(errors, /^atelier: .*missing\.jsonl/);
  });
});

describe('a folder where nothing is kept', () => {
  it('stays empty when somebody only looks', async () => {
    using gateway = new StoppedGateway();
    for (const line of ['keys list', 'subscriptions list', 'usage', 'secrets list', 'keys revoke x']) {
      const { code, errors } = await gateway.atelier(line);
      assert.equal(code, 1, line);
      assert.match(errors, /no gateway answers at http:\/\/127\.0\.0\.1:1, and nothing is kept in .*data yet/, line);
    }
    assert.ok(!existsSync(join(gateway.cwd, 'data')));
  });
});
