import { GatewayError } from '../domain/gateway-error.ts';
import { isObject, parseJson } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import type { StreamTapOptions } from '../domain/pass-through.ts';
import { collectBody, joined } from '../upstream/response-body.ts';
import { readMembers } from '../wire/json-members.ts';
import { parseFrame, SseSplitter } from '../wire/sse.ts';
import { answerLimit, startStream } from './answer-form.ts';
import type { AnswerForm } from './answer-form.ts';
import { reportError } from './error-report.ts';
import { feed } from './feed.ts';
import { providerError } from './send.ts';
import { badAnswer } from './translate.ts';
import type { Sent } from './stages.ts';

/** Passes a stream on frame by frame; the tap reads along and mends the named few. */
export function passStream(form: AnswerForm): Promise<void> {
  const { sent, sink, facts, dependencies } = form;
  const codec = dependencies.codecs[sent.protocol];
  const tap = codec.streamTap({ ...tapOptions(sent), explain: explainer(form) }, facts);
  const splitter = new SseSplitter();
  startStream(form);
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      sink.end();
      resolve();
    };
    const forward = (raws: readonly Buffer[]): boolean => {
      let writable = true;
      for (const run of runs(raws, (raw) => tap.frame(raw))) writable = sink.write(run);
      return writable;
    };
    feed(sent.response.body, sink, reject, {
      write(chunk) {
        const writable = forward(splitter.push(chunk));
        if (facts.failure) {
          // Nothing that follows an error is part of the answer, not even another error.
          sent.response.body.abort(new Error('The stream ended with an error.'));
          finish();
        }
        return writable;
      },
      end() {
        forward(lastFrame(splitter.rest()));
        if (!facts.finished && !facts.failure) throw incomplete();
        finish();
      },
      endedBefore() {
        if (facts.finished) finish();
        return facts.finished;
      },
    });
  });
}

/** What the stream ended with: a frame that only lacks its blank line gets it, one that was cut is left out. */
function lastFrame(rest: Buffer): Buffer[] {
  const frame = parseFrame(rest);
  if (!frame || (frame.data !== '[DONE]' && parseJson(frame.data) === undefined)) return [];
  return [Buffer.concat([rest, Buffer.from(rest.at(-1) === lineFeed ? '\n' : '\n\n')])];
}

const lineFeed = 10;

/** Says what is known about an error that comes inside the stream. */
function explainer({ sent, facts, dependencies }: AnswerForm): NonNullable<StreamTapOptions['explain']> {
  const { target, headers } = sent;
  return (failure) => {
    const destination = { target, provider: dependencies.provider(target.provider) };
    const report = reportError(providerError(failure), dependencies.errors, { headers, destination, now: Date.now() });
    if (report.id !== undefined) facts.errorId = report.id;
    return report.explanation;
  };
}

function tapOptions({ stripUsage, requestId, toolNames }: Sent): StreamTapOptions {
  return toolNames ? { stripUsage, requestId, toolNames } : { stripUsage, requestId };
}

/** Neighbouring frames that pass unchanged are sent as the one run of bytes they came in. */
function* runs(raws: readonly Buffer[], filter: (raw: Buffer) => Buffer | undefined): Generator<Buffer> {
  let run: Buffer | undefined;
  for (const raw of raws) {
    const kept = filter(raw);
    if (kept === raw && run && run.buffer === raw.buffer && run.byteOffset + run.length === raw.byteOffset) {
      run = Buffer.from(run.buffer, run.byteOffset, run.length + raw.length);
      continue;
    }
    if (run) yield run;
    run = kept;
  }
  if (run) yield run;
}

/** So many bytes of a whole answer are held back: one that breaks off before can still be told as what it is. */
const holdLimit = 1024 * 1024;

/** Passes a whole answer on, a large one as it comes, and reads id and usage from it. */
export async function passWhole(form: AnswerForm): Promise<void> {
  const { sent } = form;
  const { whole } = sent.response.body;
  if (whole !== undefined) sendWhole(whole, form);
  // Calls of tools may need their ids or names mended: such an answer is held, however large.
  else await (sent.toolNames || sent.document.has('tools') ? holdWhole(form) : forwardWhole(form));
}

async function holdWhole(form: AnswerForm): Promise<void> {
  sendWhole(await collectBody(form.sent.response.body, answerLimit), form);
}

function forwardWhole(form: AnswerForm): Promise<void> {
  const { sent, sink, headers } = form;
  const chunks: Buffer[] = [];
  let received = 0;
  return new Promise<void>((resolve, reject) => {
    feed(sent.response.body, sink, reject, {
      write(chunk) {
        received += chunk.length;
        if (received <= answerLimit) chunks.push(chunk);
        if (sink.started) return sink.write(chunk);
        if (received <= holdLimit) return true;
        if (!/^\s*\{/.test(chunks[0]?.toString('latin1', 0, 64) ?? '')) throw badAnswer();
        sink.start(200, { ...headers, 'content-type': contentTypeOf(sent), ...lengthHeader(sent) });
        return sink.write(Buffer.concat(chunks));
      },
      end() {
        const bytes = joined(chunks);
        if (sink.started) {
          sink.end();
          noteFacts(readMembers(bytes, factMembers), form);
        } else sendWhole(bytes, form);
        resolve();
      },
    });
  });
}

/** Sends a whole answer, with what has to be mended in it. Throws for what is no answer, or an error that came with status 200. */
function sendWhole(received: Buffer, form: AnswerForm): void {
  const { sent, sink, facts, headers, dependencies } = form;
  const answer = parseJson(received.toString('utf8'));
  if (!isObject(answer)) throw badAnswer();
  const codec = dependencies.codecs[sent.protocol];
  const failure = codec.failureIn(answer);
  if (failure) {
    Object.assign(facts, codec.readFacts(answer), { failure });
    throw providerError(failure);
  }
  const bytes = codec.mendResponse({ bytes: received, answer }, tapOptions(sent), facts);
  headers['content-type'] = contentTypeOf(sent);
  headers['content-length'] = String(bytes.length);
  if (facts.adjusted.size > 0) headers['x-atelier-adjusted'] = [...sent.adjusted, ...facts.adjusted].join(', ');
  sink.start(200, headers);
  sink.end(bytes);
  noteFacts(answer, form);
}

/** What `Codec.readFacts` looks at. */
const factMembers = ['id', 'usage'];

function noteFacts(answer: JsonObject, { sent, facts, dependencies }: AnswerForm): void {
  Object.assign(facts, dependencies.codecs[sent.protocol].readFacts(answer));
  facts.finished = true;
}

function contentTypeOf({ response }: Sent): string {
  return response.headers['content-type'] ?? 'application/json';
}

function lengthHeader(sent: Sent): Record<string, string> {
  const length = sent.response.headers['content-length'];
  return length === undefined ? {} : { 'content-length': length };
}

/** A clean end without a finish reason makes some agents ask again for ever: it is an error (OpenCode: 4,340 requests in 12 minutes). */
function incomplete(): GatewayError {
  return new GatewayError({
    status: 502,
    code: 'upstream_stream_incomplete',
    message: 'The provider ended the stream before the answer was complete.',
    origin: 'network',
    retryable: true,
    fix: 'Run the request again.',
  });
}
