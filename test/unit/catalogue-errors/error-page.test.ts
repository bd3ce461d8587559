import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseErrorPage, sampleTexts } from './error-page.ts';

const page = [
  'Error codes',
  '',
  'This topic describes errors.',
  '',
  '400-First',
  '',
  'One message / Another message',
  '',
  'Cause: a',
  '',
  'Solution:',
  '',
  '  • b',
  '',
  'Second xxx!',
  '',
  'Error examples:',
  '',
  '  • Second 1!',
  '',
  'Cause:',
  '',
  '  1. c',
  '',
  '500/503-Third',
  '',
  'Third message',
  '',
  'Using it:',
  '',
  '  • Cause: d',
  '    Solution: e',
  '  • Cause: f',
  '',
  '200- Fourth',
  '',
  'Cause 1: g',
  '',
  'Solution: h',
  '',
  'Cause 2: i',
].join('\n');

test('the parser of the error page finds headings and every message with a cause', () => {
  assert.deepEqual(parseErrorPage(page), {
    sections: ['400-First', '500/503-Third', '200- Fourth'],
    messages: [
      { section: '400-First', message: 'One message / Another message', line: 6 },
      { section: '400-First', message: 'Second xxx!', line: 14 },
      { section: '500/503-Third', message: 'Third message', line: 26 },
      { section: '200- Fourth', line: 34 },
    ],
  });
});

test('alternatives of a message line are taken apart and open places filled', () => {
  assert.deepEqual(sampleTexts("Range of top_p should be (0.0, 1.0]/'top_p' must be Float"), [
    'Range of top_p should be (0.0, 1.0]',
    "'top_p' must be Float",
  ]);
  assert.deepEqual(sampleTexts('The input audio is longer than xxs.'), ['The input audio is longer than 60s.']);
  assert.deepEqual(sampleTexts('Timeout! / I/O error on POST request for "https://host/v1": timeout'), [
    'Timeout!',
    'I/O error on POST request for "https://host/v1": timeout',
  ]);
});
