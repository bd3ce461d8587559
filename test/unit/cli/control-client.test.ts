import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandError, withControl } from '../../../src/cli/control-client.ts';
import type { ControlClient, ControlOptions, ControlParts, ControlWork } from '../../../src/cli/control-client.ts';
import { inFolder } from '../config/sample.ts';
import { FakeProcess } from './fake.ts';

type Answer = (request: Request) => Response | Promise<Response>;

const refused = (): Response => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
};
const gateway =
  (answer: Answer): Answer =>
  (request) =>
    request.url.endsWith('/version') ? Response.json({ name: 'atelier' }) : answer(request);

interface Trial {
  fetch: Answer;
  options?: ControlOptions;
  env?: Record<string, string>;
  kind?: ControlWork;
  /** Whether the data folder is there. */
  exists?: boolean;
  folder?: Answer;
}

interface Outcome {
  code: number;
  errors: string;
  /** `METHOD url key` of each request but the first look. */
  requests: string[];
  /** How often the folder was opened and closed. */
  opened: number;
  closed: number;
}

async function trial(
  { fetch, options = {}, env = {}, kind = {}, exists = true, folder = refused }: Trial,
  work: (client: ControlClient) => Promise<unknown> = (client) =>
    client.ask({ method: 'GET', path: '/admin/api/keys' }),
): Promise<Outcome> {
  const fake = new FakeProcess();
  const outcome: Outcome = { code: -1, errors: '', requests: [], opened: 0, closed: 0 };
  const noted =
    (answer: Answer): ControlParts['fetch'] =>
    async (request) => {
      const url = request.url;
      if (!url.endsWith('/version')) {
        outcome.requests.push(`${request.method} ${url} ${request.headers.get('authorization') ?? 'no key'}`);
      }
      return answer(request);
    };
  const parts: ControlParts = {
    fetch: noted(fetch),
    exists: () => exists,
    openFolder: () => {
      outcome.opened += 1;
      const close = (): Promise<void> => Promise.resolve(void (outcome.closed += 1));
      return Promise.resolve({ fetch: noted(folder), close });
    },
  };
  fake.env = env;
  await inFolder({}, async (cwd) => {
    fake.cwd = cwd;
    outcome.code = await withControl(fake, { options, parts, ...kind }, async (client) => void (await work(client)));
  });
  return { ...outcome, errors: fake.errors };
}

const nothing: Answer = () => Response.json({ object: 'list', data: [], next: null });

describe('the way to a gateway', () => {
  it('is over HTTP while it runs, with the key that is known', async () => {
    const request = 'GET http://127.0.0.1:8080/admin/api/keys';
    const open = await trial({ fetch: gateway(nothing) });
    assert.deepEqual([open.code, open.errors, open.requests, open.opened], [0, '', [`${request} no key`], 0]);
    const env = { ATELIER_MASTER_KEY: 'master-0123456789' };
    const master = await trial({ fetch: gateway(nothing), env });
    assert.deepEqual(master.requests, [`${request} Bearer master-0123456789`]);
    const own = await trial({ fetch: gateway(nothing), env: { ...env, ATELIER_KEY: 'sk-env' } });
    assert.deepEqual(own.requests, [`${request} Bearer sk-env`]);
    const given = await trial({ fetch: gateway(nothing), env, options: { key: 'sk-given' } });
    assert.deepEqual(given.requests, [`${request} Bearer sk-given`]);
  });

  it('finds a gateway on its configured address, and one that listens everywhere on this machine', async () => {
    const here = await trial({ fetch: gateway(nothing), env: { PORT: '9', HOST: '::1' } });
    assert.match(here.requests[0] ?? '', /^GET http:\/\/\[::1\]:9\//);
    const env = { HOST: '0.0.0.0', ATELIER_MASTER_KEY: 'master-0123456789' };
    assert.match(
      (await trial({ fetch: gateway(nothing), env })).requests[0] ?? '',
      /^GET http:\/\/127\.0\.0\.1:8080\//,
    );
  });

  it('goes to another gateway when it is named, without looking here', async () => {
    const outcome = await trial({ fetch: nothing, options: { url: 'https://gateway.test/base/' } });
    assert.deepEqual(outcome.requests, ['GET https://gateway.test/base/admin/api/keys no key']);
    const wrong = await trial({ fetch: nothing, options: { url: 'gateway.test' } });
    assert.deepEqual([wrong.code, wrong.requests], [1, []]);
    assert.match(wrong.errors, /--url must be a URL, not "gateway.test"/);
    const away = await trial({ fetch: refused, options: { url: 'https://gateway.test' } });
    assert.match(away.errors, /https:\/\/gateway\.test does not answer: connect ECONNREFUSED/);
  });

  it('is the data folder while nobody answers, without a key, and says so', async () => {
    const outcome = await trial({ fetch: refused, folder: nothing, env: { ATELIER_MASTER_KEY: 'master-0123456789' } });
    assert.deepEqual([outcome.code, outcome.opened, outcome.closed], [0, 1, 1]);
    assert.deepEqual(outcome.requests, ['GET http://localhost/admin/api/keys no key']);
    assert.match(
      outcome.errors,
      /^no gateway answers at http:\/\/127\.0\.0\.1:8080; working on what is kept in .*data\n$/,
    );
  });

  it('takes another program on the port for no gateway', async () => {
    const page: Answer = () => new Response('<html>');
    for (const fetch of [page, () => Response.json({ name: 'other' }), () => Response.json([])]) {
      const outcome = await trial({ fetch, folder: nothing });
      assert.equal(outcome.opened, 1);
      assert.match(outcome.errors, /^another program answers at http/);
    }
  });

  it('closes the folder also when the command fails', async () => {
    const outcome = await trial({ fetch: refused, folder: nothing }, () => Promise.reject(new CommandError('no')));
    assert.deepEqual([outcome.code, outcome.closed], [1, 1]);
    const broken = await trial({ fetch: refused });
    assert.match(broken.errors, /what is kept in .*data does not answer: connect ECONNREFUSED\n$/);
    assert.equal(broken.closed, 1);
  });

  it('begins no folder for who only looks, and asks a holder whose account is meant', async () => {
    const looking = await trial({ fetch: refused, exists: false });
    assert.deepEqual([looking.code, looking.opened], [1, 0]);
    const making = await trial({ fetch: refused, exists: false, folder: nothing, kind: { creates: true } });
    assert.deepEqual([making.code, making.opened], [0, 1]);
    const whose = await trial({ fetch: refused, kind: { holder: true } });
    assert.match(whose.errors, /say whose account/);
    const holder = await trial({ fetch: refused, folder: nothing, kind: { holder: true }, options: { key: 'sk-1' } });
    assert.deepEqual(holder.requests, ['GET http://localhost/admin/api/keys Bearer sk-1']);
  });
});

describe('what a gateway refuses', () => {
  const error = (status: number, message: string): Answer =>
    gateway(() => Response.json({ error: { message } }, { status }));

  it('is told in its own words', async () => {
    const outcome = await trial({ fetch: error(409, 'The key is revoked.') });
    assert.deepEqual([outcome.code, outcome.errors], [1, 'atelier: The key is revoked.\n']);
  });

  it('is told with what to do about the key', async () => {
    assert.match((await trial({ fetch: error(401, 'No') })).errors, /asks for a key: use --key KEY, ATELIER_KEY=KEY/);
    const wrong = await trial({ fetch: error(401, 'No'), options: { key: 'sk-1' } });
    assert.match(wrong.errors, /does not know this key: use --key KEY/);
  });

  it('is told by its status where there are no words', async () => {
    const outcome = await trial({ fetch: gateway(() => new Response('oops', { status: 502 })) });
    assert.equal(outcome.errors, 'atelier: the gateway answered with status 502\n');
  });
});
