import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { after, before, test } from 'node:test';
import { protocols } from '../../src/domain/protocol.ts';
import type { Protocol } from '../../src/domain/protocol.ts';
import type { ProviderSettings } from '../../src/domain/provider.ts';
import { modelListFetcher } from '../../src/upstream/model-list.ts';
import { resolveProvider } from '../../src/upstream/providers.ts';
import { collectBody } from '../../src/upstream/response-body.ts';
import { Transport } from '../../src/upstream/transport.ts';
import { vendors } from '../../src/upstream/vendors/index.ts';

const key = 'sk-0123456789abcdef';
const bearer = { authorization: `Bearer ${key}`, 'x-api-key': undefined };
const apiKey = { authorization: undefined, 'x-api-key': key };
const both = { authorization: `Bearer ${key}`, 'x-api-key': key };

type Auth = Record<'authorization' | 'x-api-key', string | undefined>;

interface Expected {
  /** Full default URLs; undefined for a protocol that the vendor does not speak. */
  chat?: { url: string; auth: Auth };
  messages?: { url: string; auth: Auth };
  list?: string;
  /** What is pasted as base URL; the host is replaced by the recording one. */
  base: string;
}

/** The published addresses, written out once more so that a slip in a vendor's data is noticed. */
const expected: Record<string, Expected> = {
  bailian: {
    chat: { url: 'https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions', auth: bearer },
    messages: { url: 'https://dashscope.aliyuncs.com/apps/anthropic/v1/messages', auth: bearer },
    list: 'https://dashscope.aliyuncs.com/compatible-mode/v1/models',
    base: '/compatible-mode/v1',
  },
  openai: {
    chat: { url: 'https://api.openai.com/v1/chat/completions', auth: bearer },
    list: 'https://api.openai.com/v1/models',
    base: '/v1',
  },
  anthropic: {
    messages: { url: 'https://api.anthropic.com/v1/messages', auth: apiKey },
    list: 'https://api.anthropic.com/v1/models?limit=1000',
    base: '',
  },
  deepseek: {
    chat: { url: 'https://api.deepseek.com/chat/completions', auth: bearer },
    messages: { url: 'https://api.deepseek.com/anthropic/v1/messages', auth: apiKey },
    list: 'https://api.deepseek.com/models',
    base: '',
  },
  moonshot: {
    chat: { url: 'https://api.moonshot.ai/v1/chat/completions', auth: bearer },
    messages: { url: 'https://api.moonshot.ai/anthropic/v1/messages', auth: bearer },
    list: 'https://api.moonshot.ai/v1/models',
    base: '/v1',
  },
  zai: {
    chat: { url: 'https://api.z.ai/api/paas/v4/chat/completions', auth: bearer },
    messages: { url: 'https://api.z.ai/api/anthropic/v1/messages', auth: bearer },
    list: 'https://api.z.ai/api/paas/v4/models',
    base: '/api/paas/v4',
  },
  minimax: {
    chat: { url: 'https://api.minimax.io/v1/chat/completions', auth: bearer },
    messages: { url: 'https://api.minimax.io/anthropic/v1/messages', auth: bearer },
    list: 'https://api.minimax.io/v1/models',
    base: '/v1',
  },
  openrouter: {
    chat: { url: 'https://openrouter.ai/api/v1/chat/completions', auth: bearer },
    messages: { url: 'https://openrouter.ai/api/v1/messages', auth: bearer },
    list: 'https://openrouter.ai/api/v1/models',
    base: '/api/v1',
  },
  groq: {
    chat: { url: 'https://api.groq.com/openai/v1/chat/completions', auth: bearer },
    list: 'https://api.groq.com/openai/v1/models',
    base: '/openai/v1',
  },
  xai: {
    chat: { url: 'https://api.x.ai/v1/chat/completions', auth: bearer },
    list: 'https://api.x.ai/v1/models',
    base: '/v1',
  },
  gemini: {
    chat: { url: 'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions', auth: bearer },
    list: 'https://generativelanguage.googleapis.com/v1beta/openai/models',
    base: '/v1beta/openai',
  },
  ollama: {
    chat: { url: 'http://127.0.0.1:11434/v1/chat/completions', auth: bearer },
    messages: { url: 'http://127.0.0.1:11434/v1/messages', auth: bearer },
    list: 'http://127.0.0.1:11434/api/tags',
    base: '',
  },
  vllm: {
    chat: { url: 'http://127.0.0.1:8000/v1/chat/completions', auth: bearer },
    messages: { url: 'http://127.0.0.1:8000/v1/messages', auth: bearer },
    list: 'http://127.0.0.1:8000/v1/models',
    base: '/v1',
  },
  'openai-compatible': {
    chat: { url: 'https://models.example/v1/chat/completions', auth: bearer },
    list: 'https://models.example/v1/models',
    base: '/v1',
  },
  'anthropic-compatible': {
    messages: { url: 'https://models.example/v1/messages', auth: both },
    list: 'https://models.example/v1/models?limit=1000',
    base: '/v1',
  },
  sandbox: {
    chat: { url: 'sandbox:/compatible-mode/v1/chat/completions', auth: bearer },
    messages: { url: 'sandbox:/apps/anthropic/v1/messages', auth: bearer },
    base: '/compatible-mode/v1',
  },
};

interface Recorded {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

let server: Server;
let host = '';
let recorded: Recorded[] = [];
const transport = new Transport({ backends: new Map() });
const listBody = JSON.stringify({ data: [{ id: 'models/one' }], models: [{ name: 'models/one' }] });

before(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      recorded.push({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      response.setHeader('content-type', 'application/json');
      response.end(listBody);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  host = `http://127.0.0.1:${address.port}`;
});

after(async () => {
  await transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const timeouts = { connect: 2_000, firstByte: 2_000, idle: 2_000 };

function settingsOf(vendor: string, baseUrl?: string): ProviderSettings {
  return {
    name: vendor,
    vendor,
    apiKey: key,
    models: [],
    modelsMode: 'merge',
    headers: { 'X-Extra': 'kept' },
    timeouts,
    ...(baseUrl !== undefined && { baseUrl }),
  };
}

test('every vendor has its addresses written down here', () => {
  assert.deepEqual(vendors.map(({ id }) => id).toSorted(), Object.keys(expected).toSorted());
});

for (const vendor of vendors) {
  const facts = expected[vendor.id];
  assert.ok(facts, vendor.id);
  const wanted: Record<Protocol, Expected['chat']> = {
    'openai-chat': facts.chat,
    'anthropic-messages': facts.messages,
  };

  test(`${vendor.id}: the default addresses are the published ones`, () => {
    const { provider, warnings } = resolveProvider(
      settingsOf(vendor.id, vendor.root ? undefined : 'https://models.example'),
    );
    for (const protocol of protocols) {
      const endpoint = provider.endpoints[protocol];
      assert.equal(endpoint && endpoint.origin + endpoint.path, wanted[protocol]?.url, protocol);
    }
    const list = provider.modelList;
    assert.equal(list && list.origin + list.path, facts.list);
    // MiniMax has another call at that path.
    const embeddings =
      vendor.id === 'minimax' ? undefined : facts.chat?.url.replace('/chat/completions', '/embeddings');
    const endpoint = provider.endpoints['openai-chat'];
    assert.equal(endpoint?.embeddingsPath && endpoint.origin + endpoint.embeddingsPath, embeddings);
    assert.equal(provider.endpoints['anthropic-messages']?.embeddingsPath, undefined);
    assert.deepEqual(warnings, []);
  });

  for (const protocol of protocols) {
    const call = wanted[protocol];
    if (!call) continue;
    test(`${vendor.id}: ${protocol} reaches a server at another base URL as the vendor wants it`, async () => {
      const { provider } = resolveProvider(settingsOf(vendor.id, host + facts.base));
      const endpoint = provider.endpoints[protocol];
      assert.ok(endpoint);
      recorded = [];
      const body = JSON.stringify({ model: 'a-model', messages: [{ role: 'user', content: 'Grüße' }], max_tokens: 8 });
      const response = await transport.send({
        origin: endpoint.origin,
        method: 'POST',
        path: endpoint.path,
        headers: { 'content-type': 'application/json', ...endpoint.headers },
        body: Buffer.from(body),
        timeouts: provider.timeouts,
        signal: new AbortController().signal,
        provider: provider.name,
      });
      await collectBody(response.body, 1_000_000);
      const [request] = recorded;
      assert.ok(request);
      assert.equal(request.method, 'POST');
      assert.equal(request.url, call.url.replace(/^(https?:\/\/[^/]+|sandbox:)/, ''));
      assert.equal(request.headers.authorization, call.auth.authorization);
      assert.equal(request.headers['x-api-key'], call.auth['x-api-key']);
      assert.equal(request.headers['anthropic-version'], protocol === 'anthropic-messages' ? '2023-06-01' : undefined);
      assert.equal(request.headers['x-extra'], 'kept');
      assert.equal(request.body, body);
      assert.equal(JSON.parse(request.body).model, 'a-model');
    });
  }

  if (facts.list !== undefined) {
    const path = facts.list.replace(/^https?:\/\/[^/]+/, '');
    test(`${vendor.id}: the list of models is read with the key`, async () => {
      const { provider } = resolveProvider(settingsOf(vendor.id, host + facts.base));
      recorded = [];
      const models = await modelListFetcher(transport)(provider, new AbortController().signal);
      const [request] = recorded;
      assert.ok(request);
      assert.equal(request.method, 'GET');
      assert.equal(request.url, path);
      const auth = (facts.chat ?? facts.messages)?.auth;
      assert.equal(request.headers.authorization, auth?.authorization);
      assert.equal(request.headers['x-api-key'], auth?.['x-api-key']);
      assert.deepEqual(models, [vendor.modelList?.idPrefix === 'models/' ? 'one' : 'models/one']);
    });
  }
}
