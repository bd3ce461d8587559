import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import { fillParameters } from '../../../src/catalogue/errors/fill.ts';
import { lazyErrorCatalogue } from '../../../src/catalogue/errors/load.ts';
import { createErrorMatcher } from '../../../src/catalogue/errors/matcher.ts';
import type { ErrorMatch } from '../../../src/catalogue/errors/matcher.ts';

const { matchError, matchText, byId } = createErrorCatalogue();

function best(matches: readonly ErrorMatch[]): ErrorMatch {
  const [first] = matches;
  assert.ok(first, 'nothing was found');
  return first;
}

test('a message gives its record, the parameters and a filled-in fix', () => {
  const match = best(
    matchError({
      status: 400,
      code: 'invalid_parameter_error',
      message:
        '<400> InternalError.Algo.InvalidParameter: The thinking_budget parameter must be a positive integer and not greater than 38912',
    }),
  );
  assert.equal(match.record.id, 'thinking-budget-range');
  assert.equal(match.by, 'message');
  assert.ok(match.confidence > 0.9);
  assert.deepEqual(match.params, { max: '38912' });
  const [cause] = match.record.causes;
  assert.ok(fillParameters(cause?.fix.en ?? '', match.params).includes('at most 38912'));
  assert.ok(!fillParameters(cause?.fix.en ?? '', {}).includes('{'));
});

test('case, quotation marks, white space and final punctuation do not matter', () => {
  const expected = 'thinking-needs-incremental-output';
  for (const message of [
    'The incremental_output parameter must be "true" when enable_thinking is true',
    "the INCREMENTAL_OUTPUT parameter\n  must be 'true' when enable_thinking is true.",
    'The incremental_output parameter must be \u201ctrue\u201d when enable_thinking is true\u3002',
    'The incremental_output parameter must be \\"true\\" when enable_thinking is true',
    'The incremental_output parameter must be &quot;true&quot; when enable_thinking is true',
    '\u001b[31mThe incremental_output parameter must be "true" when enable_thinking is true\u001b[0m',
  ]) {
    assert.equal(best(matchError({ message })).record.id, expected, message);
  }
});

test('a special message beats a general one that it contains', () => {
  assert.equal(best(matchError({ message: 'Field required: image_url' })).record.id, 'video-emoji-image-missing');
  assert.equal(best(matchError({ message: 'Field required: input.prompt' })).record.id, 'request-field-required');
  const account = 'Access denied, please make sure your account is in good standing.';
  assert.deepEqual(
    matchError({ message: account }).map(({ record }) => record.id),
    ['account-arrearage'],
  );
});

test('a range without a record of its own is explained by the catch-all', () => {
  const match = best(matchError({ message: 'Range of top_logprobs should be [0, 5]' }));
  assert.equal(match.record.id, 'request-parameter-range');
  assert.deepEqual(match.params, { name: 'top_logprobs', min: '0', max: '5' });
  assert.equal(best(matchError({ message: 'Range of n should be [1, 4]' })).record.id, 'chat-n-range');
});

test('code and status that agree raise the confidence, others lower it', () => {
  const message = 'Not found!';
  const bare = best(matchError({ message })).confidence;
  assert.ok(best(matchError({ message, status: 404, code: 'NotFound' })).confidence > bare);
  assert.ok(best(matchError({ message, status: 500 })).confidence < bare);
  assert.ok(best(matchError({ message, code: 'InvalidApiKey' })).confidence < bare);
});

test('without a telling message the code decides, with less confidence', () => {
  const match = best(matchError({ status: 429, code: 'insufficient_quota', message: 'quota' }));
  assert.deepEqual([match.record.id, match.by], ['rate-limit-tokens', 'code']);
  assert.ok(match.confidence <= 0.6);
  assert.equal(best(matchError({ code: 'Arrearage' })).record.id, 'account-arrearage');
  assert.equal(best(matchError({ code: 'INVALIDAPIKEY' })).record.id, 'auth-invalid-api-key');
});

test('a code is recognised with the prefix of the algorithm services and with a part too many', () => {
  assert.equal(
    best(matchError({ message: '<400> InternalError.Algo.DataInspectionFailed: x' })).record.id,
    'moderation-data-inspection',
  );
  assert.equal(best(matchError({ code: 'InvalidParameter.Brightness' })).record.id, 'request-invalid-parameter');
});

test('without message and code the status decides, with little confidence', () => {
  const match = best(matchError({ status: 429 }));
  assert.deepEqual([match.record.id, match.by], ['rate-limit-throttled', 'status']);
  assert.ok(match.confidence <= 0.3);
  assert.equal(best(matchError({ status: 500, code: 'null', message: '' })).by, 'status');
  assert.equal(best(matchError({ status: 401, code: '401' })).by, 'status');
});

test('nothing is made up for texts without an error', () => {
  for (const text of [
    '',
    'ok',
    'GET /v1/models 200 12ms',
    'The user asked what access denied means and why the file was not found.',
    "Error: ENOENT: no such file or directory, open '/home/ada/settings.json'",
    "fatal: Authentication failed for 'https://example.com/repository'",
  ]) {
    assert.deepEqual(matchText(text), [], text);
  }
  assert.deepEqual(matchError({}), []);
  assert.deepEqual(matchError({ status: 200, code: 'no_such_code' }), []);
});

test('several errors in one text are all reported', () => {
  const ids = matchText(`10:01 ERROR 400 Range of max_tokens should be [1, 8192]
10:02 ERROR 401 Incorrect API key provided.
10:03 ERROR 429 hour allocated quota exceeded`).map(({ record }) => record.id);
  assert.deepEqual(ids.toSorted(), ['auth-invalid-api-key', 'chat-max-tokens-range', 'plan-window-5h']);
});

test('a parameter, the host or the status singles out one of several causes', () => {
  const required = 'Required parameter(data_sources) missing or invalid, please check the request parameters.';
  assert.equal(best(matchError({ message: required })).causeIndex, 1);
  assert.equal(best(matchError({ message: required.replace('data_sources', 'model') })).causeIndex, undefined);
  const connection = best(
    matchText('Connection error. POST https://coding-intl.dashscope.aliyuncs.com/v1/chat/completions'),
  );
  assert.deepEqual([connection.record.id, connection.causeIndex], ['network-connection-error', 1]);
  const media = 'Unable to download the media resource during the data inspection process.';
  assert.equal(best(matchError({ message: media, code: 'InvalidParameter.DataInspection' })).causeIndex, 1);
});

test('retry headers are read in seconds and milliseconds', () => {
  const wait = (headers: Record<string, string | string[]>): number | undefined =>
    best(matchError({ status: 429, headers })).retryAfterSeconds;
  assert.equal(wait({ 'retry-after': '7' }), 7);
  assert.equal(wait({ 'retry-after': ['9', '10'] }), 9);
  assert.equal(wait({ 'retry-after-ms': '1500', 'retry-after': '7' }), 1.5);
  assert.equal(wait({ 'retry-after': 'soon', 'retry-after-ms': '' }), undefined);
});

test('a text that breaks off or was worded anew is recognised with less confidence', () => {
  const cut = best(matchText('API Error: 400 Range of input length should be [1, 30'));
  assert.deepEqual([cut.record.id, cut.by], ['chat-input-length', 'wording']);
  assert.ok(cut.confidence < 0.9);
  const corrected = best(
    matchText('An internal error has occurred, please try again later or contact service support'),
  );
  assert.deepEqual([corrected.record.id, corrected.by], ['server-internal-error', 'wording']);
});

test('a text that was wrapped inside words still gives the parameters', () => {
  const match = best(matchText('Range of max_tok\n   ens should be [1,\n 819\n2]'));
  assert.deepEqual([match.record.id, match.params], ['chat-max-tokens-range', { max: '8192' }]);
});

test('hostile texts are read in bounds', () => {
  const repeated = [
    'The model '.repeat(20_000),
    '.'.repeat(200_000),
    `${'\\'.repeat(100_000)}"`,
    '<400> '.repeat(30_000),
    'a.'.repeat(60_000),
    '{"code":"'.repeat(20_000),
    'Range of max_tokens should be [1, '.repeat(5_000),
    '\u0130'.repeat(1_000),
  ];
  for (const text of repeated) {
    assert.ok(matchText(text).length <= 10);
    assert.ok(matchError({ message: text }).length <= 10);
  }
  const late = `${'x '.repeat(100_000)}Range of max_tokens should be [1, 8192]`;
  assert.deepEqual(matchText(late), []);
});

test('a value longer than any parameter is not taken for one', () => {
  const value = 'v'.repeat(400);
  assert.notEqual(matchError({ message: `The model ${value} does not support enable_thinking.` })[0]?.by, 'message');
});

test('the matcher works on any records, and refuses a pattern without a word', () => {
  const record = byId('chat-n-range');
  assert.ok(record);
  const { matchError: match } = createErrorMatcher([
    { ...record, id: 'own-record', patterns: ['{count} apples are too many'] },
  ]);
  assert.deepEqual(best(match({ message: 'Error: "12 apples are too many"' })).params, { count: '12' });
  assert.throws(() => createErrorMatcher([{ ...record, patterns: ['{count}'] }]), RangeError);
});

test('the catalogue is read once, on first use', async () => {
  const load = lazyErrorCatalogue();
  const [first, second] = await Promise.all([load(), load()]);
  assert.equal(first, second);
  assert.equal(first.byId('chat-n-range')?.area, 'chat');
  assert.equal(first.byId('no-such-id'), undefined);
});
