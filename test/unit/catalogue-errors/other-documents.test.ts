import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';

const catalogue = createErrorCatalogue();

/** What the Coding Plan FAQ lists as errors of the plan and of coding tools, and the record that explains each. */
const planFaq: readonly (readonly [message: string, id: string])[] = [
  ['400 InvalidParameter: Range of input length should be [1, 202752]', 'chat-input-length'],
  ['401 invalid access token or token expired', 'auth-access-token-invalid'],
  ["model 'Qwen3.5-Plus' is not supported", 'plan-model-unsupported'],
  ['403 invalid api-key', 'auth-invalid-api-key-forbidden'],
  ['404 status code (no body)', 'request-path-not-found'],
  ['Connection error', 'network-connection-error'],
  ['hour allocated quota exceeded', 'plan-window-5h'],
  ['week allocated quota exceeded', 'plan-window-week'],
  ['month allocated quota exceeded', 'plan-window-month'],
  ['Claude Code has switched from npm to native installer.', 'client-tool-claude-code-native-installer'],
  [
    'Unable to connect to Anthropic services. Failed to connect to api.anthropic.com: ERR_BAD_REQUEST.',
    'client-tool-claude-code-onboarding',
  ],
  ['Request Entity Too Large', 'request-too-large'],
  ['The thinking_budget parameter must be a positive integer and not greater than 38912.', 'thinking-budget-range'],
  ['InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 65536].', 'chat-max-tokens-range'],
  ['Agent failed before reply: OAuth token refresh failed.', 'client-tool-openclaw-oauth'],
  ['Agent failed before reply: Unknown model.', 'client-tool-openclaw-unknown-model'],
  ["No API key found for provider 'bailian'.", 'client-tool-openclaw-no-key'],
  ['API rate limit reached.', 'client-tool-openclaw-rate-limit'],
  ['Failed to discover Alibaba Cloud models: 404 Not Found', 'client-tool-openclaw-model-discovery'],
  ['auth.profiles.qwen-portal:default.mode: Invalid input', 'client-tool-openclaw-auth-profiles'],
  ['auth.profiles.qwen-portal:default: Unrecognized key: "apiKey"', 'client-tool-openclaw-auth-profiles'],
  ['HTTP 401: Incorrect API key provided.', 'auth-invalid-api-key'],
  [
    'Authentication failed, please make sure that a valid ModelScope token is supplied.',
    'client-tool-modelscope-token',
  ],
  ['Coding Plan is currently only available for Coding Agents', 'plan-agents-only'],
];

test('every error of the Coding Plan FAQ is recognised by its message', () => {
  for (const [message, id] of planFaq) {
    const [best] = catalogue.matchText(message);
    assert.equal(best?.record.id, id, message);
    assert.equal(best.by, 'message', message);
  }
});

/** Error types of the Anthropic-compatible interface, with the statuses of its reference. */
const anthropicTypes: readonly (readonly [status: number, code: string, id: string])[] = [
  [400, 'invalid_request_error', 'request-invalid'],
  [400, 'Arrearage', 'account-arrearage'],
  [403, 'authentication_error', 'auth-invalid-api-key-forbidden'],
  [404, 'not_found_error', 'model-not-found'],
  [429, 'rate_limit_error', 'rate-limit-throttled'],
  [500, 'api_error', 'server-internal-error'],
  [529, 'overloaded_error', 'server-overloaded'],
];

test('every error type of the Anthropic-compatible interface has a record', () => {
  for (const [status, code, id] of anthropicTypes) {
    assert.equal(catalogue.matchError({ status, code })[0]?.record.id, id, code);
  }
});

/** The table of the OpenAI-compatible interface. */
const openaiRows: readonly (readonly [status: number, message: string, id: string])[] = [
  [400, 'Invalid Request Error', 'request-invalid'],
  [401, 'Incorrect API key provided', 'auth-invalid-api-key'],
  [429, 'Rate limit reached for requests', 'rate-limit-throttled'],
  [500, 'You exceeded your current quota, please check your plan and billing details', 'rate-limit-tokens'],
  [503, 'The engine is currently overloaded, please try again later', 'server-overloaded'],
];

test('every row of the OpenAI-compatible interface is recognised by its message', () => {
  for (const [status, message, id] of openaiRows) {
    const [best] = catalogue.matchError({ status, message });
    assert.deepEqual([best?.record.id, best?.by], [id, 'message'], message);
  }
});

test('a wrong key is explained by the host that refused it', () => {
  const message = 'Incorrect API key provided.';
  const [best] = catalogue.matchError({
    status: 401,
    code: 'invalid_api_key',
    message,
    host: 'coding-intl.dashscope.aliyuncs.com',
  });
  const cause = best?.record.causes[best.causeIndex ?? -1];
  assert.match(cause?.cause.en ?? '', /Coding Plan key/);
});

test('the windows of a plan are waited for, and its rules are not retried', () => {
  const kinds = Object.fromEntries(
    catalogue.records.filter(({ area }) => area === 'plan').map(({ id, retryable }) => [id, retryable]),
  );
  assert.deepEqual(kinds['plan-window-5h'], { kind: 'after', until: 'window-5h' });
  assert.deepEqual(kinds['plan-window-week'], { kind: 'after', until: 'window-week' });
  assert.deepEqual(kinds['plan-window-month'], { kind: 'after', until: 'window-month' });
  assert.deepEqual(kinds['plan-concurrency'], { kind: 'backoff' });
  assert.deepEqual(kinds['plan-agents-only'], { kind: 'never' });
});

const folder = new URL('../../../../shared/seeds/', import.meta.url);
const skip = existsSync(folder) ? false : 'the source documents are not beside the project';
const files: Readonly<Record<string, string>> = {
  'coding-plan-faq': '000',
  'openai-chat': '003',
  'anthropic-messages': '004',
};

function readDocument(document: string): string {
  const name = readdirSync(folder).find((file) => file.startsWith(files[document] ?? document));
  assert.ok(name, `${document} is missing`);
  return readFileSync(new URL(name, folder), 'utf8').replaceAll('\u00a0', ' ');
}

/** The questions of the FAQ that are about an error, whether it has a message or not. */
const errorQuestion =
  /^(?:(?:Claude Code|OpenCode|OpenClaw) (?:shows|error)|Why (?:do I (?:get|see)|am I still charged|does .+ fail)|What should I do when my quota|How do I handle the .+ error).*\?$/;

test('every question of the FAQ about an error has a record', { skip }, () => {
  const questions = readDocument('coding-plan-faq')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => errorQuestion.test(line));
  assert.ok(questions.length >= 20, `only ${questions.length} questions were read`);
  const quoted = new Set(catalogue.records.flatMap(({ sources }) => sources.map(({ section }) => section)));
  assert.deepEqual(
    questions.filter((question) => !quoted.has(question)),
    [],
  );
});

test('every section and message that is quoted from the FAQ and the references stands there', { skip }, () => {
  for (const document of Object.keys(files)) {
    const text = readDocument(document);
    const lines = new Set(text.split('\n').map((line) => line.trim()));
    for (const record of catalogue.records) {
      for (const source of record.sources.filter((each) => each.document === document)) {
        assert.ok(lines.has(source.section), `${record.id}: ${source.section}`);
        assert.ok(text.includes(source.message ?? ''), `${record.id}: ${source.message ?? ''}`);
      }
    }
  }
});

const contract = new URL('../../../../shared/contract/model-studio.md', import.meta.url);
const skipContract = existsSync(contract) ? false : 'the contract is not beside the project';

test('every code and every whole message of the table of the contract has a record', { skip: skipContract }, () => {
  const text = readFileSync(contract, 'utf8');
  const table = text.slice(text.indexOf('### 3.1'), text.indexOf('### 3.2'));
  const rows = table.split('\n').flatMap((line) => {
    const [status = '', codes = '', message = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return /^\d{3}/.test(status) ? [{ status: Number(status.slice(0, 3)), codes, message }] : [];
  });
  assert.ok(rows.length >= 30, `only ${rows.length} rows were read`);
  const unknown = rows.flatMap(({ status, codes, message }) => {
    const names = codes.split(/[,/]/).map((code) => code.trim());
    const messages = [...message.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted ?? '');
    return [
      ...names
        .filter((code) => code !== 'same' && /^[A-Za-z][\w.]+$/.test(code))
        .filter((code) => catalogue.matchError({ status, code })[0]?.by !== 'code'),
      ...messages
        .filter((quoted) => / /.test(quoted) && !quoted.includes('...'))
        .filter(
          (quoted) => catalogue.matchError({ status, message: quoted.replace('xxx', '8192') })[0]?.by !== 'message',
        ),
    ];
  });
  assert.deepEqual(unknown, []);
});
