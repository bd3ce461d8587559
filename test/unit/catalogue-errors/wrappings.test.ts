import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import type { ErrorRecord } from '../../../src/catalogue/errors/record.ts';

const { records, matchText } = createErrorCatalogue();

/** A string as Python prints it. */
function pythonString(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;
}

/** The ways in which a message reaches the person who pastes it. */
const wrappings: Readonly<Record<string, (message: string, record: ErrorRecord) => string>> = {
  'on its own': (message) => message,
  'as an OpenAI error printed by Claude Code': (message, record) =>
    `API Error: ${record.status[0] ?? 400} ${JSON.stringify({
      error: { message, type: 'invalid_request_error', param: null, code: record.compatibleCodes[0] ?? null },
      request_id: '7d9a',
    })}`,
  'as an exception of the Python SDK': (message, record) =>
    `openai.APIStatusError: Error code: ${record.status[0] ?? 400} - {'error': {'message': ${pythonString(`<400> InternalError.Algo.InvalidParameter: ${message}`)}, 'type': 'invalid_request_error', 'param': None}, 'request_id': 'x'}`,
  'as a native event': (message, record) =>
    `event:error\n:HTTP_STATUS/${record.status[0] ?? 400}\ndata:${JSON.stringify({ code: record.nativeCodes[0] ?? 'Unknown', message, request_id: '1' })}`,
  'as an Anthropic error': (message) => JSON.stringify({ type: 'error', error: { type: 'api_error', message } }),
  'in JSON inside JSON': (message) => JSON.stringify({ error: { message: JSON.stringify({ error: { message } }) } }),
  'wrapped by a terminal': (message) => message.replace(/(.{1,30}) /g, '$1\n   '),
  'with the help link of the platform': (message) =>
    `${message} For details, see: https://help.aliyun.com/zh/model-studio/error-code#any`,
};

for (const [name, wrap] of Object.entries(wrappings)) {
  test(`every message is recognised ${name}`, () => {
    const wrong: string[] = [];
    for (const record of records) {
      for (const pattern of record.patterns) {
        const message = pattern.replace(/\{\w+\}/g, '42');
        const [best] = matchText(wrap(message, record));
        if (best?.record.id !== record.id) wrong.push(`${record.id}: ${message}: ${best?.record.id ?? 'nothing'}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}
