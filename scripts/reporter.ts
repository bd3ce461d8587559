/** A reporter for node:test that prints what failed, with what it wrote, and the closing summary; nothing for what passed. */
import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';

type Failure = Extract<TestEvent, { type: 'test:fail' }>['data'];

/** A parent fails because of its child; the child has been shown. */
const consequences = new Set(['subtestsFailed']);

export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = [];
  const written = new Map<string, string[]>();
  const summary: string[] = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') path.splice(data.nesting, Infinity, data.name);
    else if (type === 'test:stdout' || type === 'test:stderr') note(written, data);
    else if (type === 'test:fail') yield failure(data, [...path.slice(0, data.nesting), data.name], written);
    else if (type === 'test:diagnostic' && data.nesting === 0 && data.file === undefined)
      summary.push(`ℹ ${data.message}\n`);
  }
  yield summary.join('');
}

function note(written: Map<string, string[]>, { file, message }: { file: string; message: string }): void {
  const lines = written.get(file);
  if (lines === undefined) written.set(file, [message]);
  else lines.push(message);
}

function failure(data: Failure, path: readonly string[], written: Map<string, string[]>): string {
  const { error } = data.details;
  if ('failureType' in error && consequences.has(String(error.failureType))) return '';
  const place = data.file === undefined ? '' : `  ${data.file}:${data.line ?? 0}\n`;
  const output = data.file === undefined ? '' : (written.get(data.file) ?? []).join('');
  if (data.file !== undefined) written.delete(data.file);
  return `✖ ${path.join(' > ')}\n${place}${indent(inspect(error.cause ?? error))}\n${indent(output)}\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
