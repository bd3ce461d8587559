/**
 * A reporter for node:test that prints what failed, with what it wrote, what was skipped, with its reason, and the closing
 * summary; nothing for what passed.
 */
import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';

type Failure = Extract<TestEvent, { type: 'test:fail' }>['data'];

/** A parent fails because of its child; the child has been shown. */
const consequences = new Set(['subtestsFailed']);

export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = [];
  const written = new Map<string, string[]>();
  const summary: string[] = [];
  let failed = false;
  for await (const { type, data } of source) {
    if (type === 'test:start') path.splice(data.nesting, Infinity, data.name);
    else if (type === 'test:stdout' || type === 'test:stderr') note(written, data);
    else if (type === 'test:fail') {
      failed = true;
      yield failure(data, [...path.slice(0, data.nesting), data.name]);
    } else if (type === 'test:pass' && data.skip !== undefined)
      yield `﹣ ${data.name}: skipped, ${reason(data.skip)}\n`;
    else if (type === 'test:diagnostic' && data.nesting === 0 && data.file === undefined) summary.push(data.message);
  }
  if (failed) yield* [...written].map(([file, texts]) => `output of ${file}\n${indent(texts.join(''))}\n`);
  yield summary.map((line) => `ℹ ${line}\n`).join('');
}

function reason(skip: string | boolean): string {
  return typeof skip === 'string' ? skip : 'no reason given';
}

function note(written: Map<string, string[]>, { file, message }: { file: string; message: string }): void {
  const lines = written.get(file);
  if (lines === undefined) written.set(file, [message]);
  else lines.push(message);
}

function failure(data: Failure, path: readonly string[]): string {
  const { error } = data.details;
  if ('failureType' in error && consequences.has(String(error.failureType))) return '';
  const place = data.file === undefined ? '' : `  ${data.file}:${data.line ?? 0}\n`;
  return `✖ ${path.join(' > ')}\n${place}${indent(inspect(error.cause ?? error))}\n\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
