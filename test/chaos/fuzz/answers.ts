import assert from 'node:assert/strict';
import { isObject, parseJson } from '../../../src/domain/json.ts';
import type { Protocol } from '../../../src/domain/protocol.ts';

/** An answer as a client has it. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

/** An error body of the protocol: what each SDK looks for. */
export function assertErrorBody(text: string, protocol: Protocol): void {
  const body = parseJson(text);
  assert.ok(isObject(body), `no JSON: ${text.slice(0, 200)}`);
  const { error } = body;
  assert.ok(isObject(error), `no error: ${text.slice(0, 200)}`);
  assert.ok(typeof error['message'] === 'string' && error['message'] !== '', text.slice(0, 200));
  assert.ok(typeof error['type'] === 'string' && error['type'] !== '', text.slice(0, 200));
  if (protocol === 'anthropic-messages') assert.equal(body['type'], 'error');
  else for (const name of ['code', 'param']) assert.ok(name in error, `no ${name}: ${text.slice(0, 200)}`);
}

/** A stream whose client knows how it ended: a closing frame of the protocol, or an error frame, as the very last. */
export function assertEndedStream(text: string, protocol: Protocol): void {
  assert.ok(text.endsWith('\n\n'), `cut off: ${text.slice(-200)}`);
  const last = text.trimEnd().split(/\n\n/).at(-1) ?? '';
  const data = /^data: ?(.*)$/m.exec(last)?.[1] ?? '';
  if (protocol === 'openai-chat' && data === '[DONE]') return;
  const frame = parseJson(data);
  assert.ok(isObject(frame), `no end: ${last.slice(0, 200)}`);
  if (protocol === 'anthropic-messages' && frame['type'] === 'message_stop') return;
  assertErrorBody(data, protocol);
}

/**
 * A stream of a provider that passed through: its frames are the provider's own, in whatever order, but somewhere there is
 * an end, and every frame is whole.
 */
export function assertPassedStream(text: string, protocol: Protocol): void {
  const plain = text.replaceAll('\r\n', '\n');
  assert.ok(plain.endsWith('\n\n'), `cut off: ${text.slice(-200)}`);
  const frames = plain.split('\n\n');
  assert.ok(
    frames.some((frame) => isTerminal(frame, protocol)),
    `no end: ${text.slice(-300)}`,
  );
}

function isTerminal(frame: string, protocol: Protocol): boolean {
  return frame.split(/[\r\n]+/).some((line) => isTerminalLine(line, protocol));
}

function isTerminalLine(line: string, protocol: Protocol): boolean {
  if (/^event: ?(?:error|message_stop)$/.test(line)) return true;
  // Frames whose JSON is broken pass as well; the gateway only looks whether an answer was finished.
  if (protocol === 'openai-chat' && /^data: ?\[DONE\]$|"finish_reason": ?"/.test(line)) return true;
  const data = /^data: ?(.*)$/.exec(line)?.[1] ?? '';
  const body = parseJson(data);
  return isObject(body) && (body['type'] === 'message_stop' || 'error' in body);
}

/** Where an error may come from when it is a 5xx: never from the gateway itself. */
const foreignOrigins = new Set<unknown>(['provider', 'network']);
const origins = new Set<unknown>(['client', 'gateway', ...foreignOrigins]);

/** What must hold for every answer to a request on a route of this protocol, however wrong the request was. */
export function assertAnswer({ status, headers, text }: Answer, protocol: Protocol): void {
  assert.ok(headers['x-request-id'], 'no request id');
  const type = String(headers['content-type']);
  if (status === 200) {
    if (type.startsWith('text/event-stream')) assertEndedStream(text, protocol);
    else assert.ok(isObject(parseJson(text)), `no JSON: ${text.slice(0, 200)}`);
    return;
  }
  assert.ok(status >= 400 && status < 600, `status ${status}`);
  assert.equal(type, 'application/json');
  assertErrorBody(text, protocol);
  const origin = headers['x-atelier-error-origin'];
  assert.ok(origins.has(origin), `origin ${String(origin)}`);
  if (status >= 500) assert.ok(foreignOrigins.has(origin), `${status} of origin ${String(origin)}: ${text}`);
}
