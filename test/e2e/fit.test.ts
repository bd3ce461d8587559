import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fitRuleIds } from '../../src/domain/fit-rule-ids.ts';
import { asString, isObject } from '../../src/domain/json.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { fitRules } from '../../src/fit/rules.ts';
import { checkCases, fitCases } from './support/fit-cases.ts';
import type { FitCase } from './support/fit-cases.ts';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';

const paths = { 'openai-chat': '/v1/chat/completions', 'anthropic-messages': '/v1/messages' } as const;

const optIn = fitRules.filter(({ enabledByDefault }) => !enabledByDefault).map(({ id }) => id);

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: JsonObject;
}

let gateway: TestGateway;

before(async () => {
  const rules = Object.fromEntries(optIn.map((id) => [id, true]));
  gateway = await startGateway({ ATELIER_FIT_RULES: JSON.stringify(rules) });
});

after(() => gateway.close());

type FitRequest = Pick<FitCase, 'protocol' | 'path' | 'body'>;

async function send({ protocol, path = paths[protocol], body }: FitRequest, fit: 'on' | 'off'): Promise<Answer> {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(fit === 'off' && { 'x-atelier-fit': 'off' }) },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, body: isObject(parsed) ? parsed : {} };
}

/** The log line of a request, which is written once it is over. */
async function logged({ headers }: Answer): Promise<JsonObject> {
  for (;;) {
    const line = gateway.requests().find(({ requestId }) => requestId === headers.get('x-request-id'));
    if (line) return line;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function messageOf({ body }: Answer): unknown {
  return isObject(body['error']) ? body['error']['message'] : undefined;
}

function adjusted({ headers }: Answer): string[] {
  return headers.get('x-atelier-adjusted')?.split(', ') ?? [];
}

function title({ rule, protocol, body }: FitCase): string {
  const members = Object.keys(body).filter((name) => !['model', 'messages'].includes(name));
  return `${rule} on ${protocol} (${[asString(body['model']) ?? '', ...members].join(', ')})`;
}

describe('a request that Model Studio refuses', () => {
  for (const fitCase of fitCases) {
    it(`${title(fitCase)}: goes through unmended with x-atelier-fit: off`, async () => {
      const answer = await send(fitCase, 'off');
      if ('answered' in fitCase.without) assert.equal(answer.status, 200, answer.text);
      else assert.deepEqual([answer.status, messageOf(answer)], [fitCase.without.status, fitCase.without.message]);
      assert.deepEqual(adjusted(answer), []);
    });

    it(`${title(fitCase)}: is answered with the rule on, and reported`, async () => {
      if (fitCase.first) await send({ ...fitCase, body: fitCase.first }, 'on');
      const answer = await send(fitCase, 'on');
      assert.equal(answer.status, 200, answer.text);
      assert.ok(
        adjusted(answer).includes(fitCase.rule),
        answer.headers.get('x-atelier-adjusted') ?? 'nothing adjusted',
      );
      assert.ok(
        asString((await logged(answer))['adjusted'])
          ?.split(',')
          .includes(fitCase.rule),
      );
    });
  }

  it('is in the table for every rule and check', () => {
    const covered = new Set([...fitCases, ...checkCases].map(({ rule }) => rule));
    assert.deepEqual(
      fitRuleIds.filter((id) => !covered.has(id)),
      [],
    );
  });
});

describe('a request that is sure to be refused', () => {
  for (const checkCase of checkCases) {
    it(`${title(checkCase)}: is refused at once in the words of the platform`, async () => {
      const fromPlatform = await send(checkCase, 'off');
      const here = await send(checkCase, 'on');
      assert.ok('message' in checkCase.without);
      assert.equal(messageOf(fromPlatform), checkCase.without.message);
      assert.equal(fromPlatform.headers.get('x-atelier-error-origin'), 'provider');
      assert.deepEqual([here.status, here.headers.get('x-atelier-error-origin')], [400, 'gateway']);
      const words = checkCase.without.message.replace(/^<400> [\w.]+: /, '');
      assert.ok(asString(messageOf(here))?.startsWith(words), here.text);
      assert.equal((await logged(here))['attempts'], 0);
    });
  }
});
