import type { Codec, StreamReader, StreamWriter, StreamWriterOptions } from '../domain/codec.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { AnswerFacts, StreamTapOptions } from '../domain/pass-through.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import { restoreToolNames } from '../fit/restore.ts';
import { mergeUsage } from '../domain/usage.ts';
import { collectBody } from '../upstream/response-body.ts';
import type { ResponseBody } from '../upstream/response-body.ts';
import { parseJson } from '../domain/json.ts';
import { parseFrame, SseSplitter } from '../wire/sse.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { reportError } from './error-report.ts';
import { isEventStream, providerError } from './send.ts';
import type { Answered, ClientSink, Sent } from './stages.ts';

/** The largest whole answer that is held to be translated or looked at. */
const answerLimit = 64 * 1024 * 1024;

/**
 * Brings the answer to the client: same protocol and same form, its bytes pass with a read-only tap; otherwise events of the
 * upstream become events of the client. Throws GatewayError; after bytes have gone out the error exit ends the stream with it.
 */
export async function answer(sent: Sent, sink: ClientSink, dependencies: AnswerDependencies): Promise<Answered> {
  const streamed = isEventStream(sent.response);
  const headers = answerHeaders(sent, dependencies);
  const facts = newFacts();
  dependencies.note({ facts });
  const form = { sent, sink, facts, headers, dependencies };
  if (sent.target.protocol === sent.protocol && streamed === sent.stream) {
    await (streamed ? passStream(form) : passWhole(form));
  } else {
    await (sent.stream ? translateStream(form) : translateWhole(form));
  }
  return { ...sent, status: 200, facts };
}

/** `note` makes the facts known from the start: an answer that breaks off is accounted for with what it brought. */
export type AnswerDependencies = PipelineDependencies & { note(change: { facts: AnswerFacts }): void };

interface Form {
  sent: Sent;
  sink: ClientSink;
  facts: AnswerFacts;
  headers: Record<string, string>;
  dependencies: PipelineDependencies;
}

function newFacts(): AnswerFacts {
  return { finished: false, adjusted: new Set(), producedBytes: 0 };
}

/** The headers of every answer; `x-atelier-overhead-ms` counts up to this moment. */
function answerHeaders(sent: Sent, dependencies: PipelineDependencies): Record<string, string> {
  const overhead = performance.now() - sent.startedAt - sent.upstreamMs;
  const headers: Record<string, string> = {
    'x-request-id': sent.requestId,
    'x-atelier-provider': sent.target.provider,
    'x-atelier-model': sent.target.model,
    'x-atelier-overhead-ms': overhead.toFixed(2),
    ...sent.quotaHeaders,
  };
  if (sent.adjusted.length > 0) headers['x-atelier-adjusted'] = sent.adjusted.join(', ');
  if (sent.attempts > 1) headers['x-atelier-attempts'] = String(sent.attempts);
  const notice = dependencies.noticeFor(sent.target);
  if (notice !== undefined) headers['x-atelier-notice'] = notice;
  const upstreamId = sent.response.headers['x-request-id'] ?? sent.response.headers['request-id'];
  if (upstreamId !== undefined) headers['x-atelier-upstream-request-id'] = upstreamId;
  for (const name in sent.response.headers) {
    if (rateLimitHeader.test(name)) headers[name] = sent.response.headers[name] ?? '';
  }
  return headers;
}

const rateLimitHeader = /^(?:x-ratelimit-|anthropic-ratelimit-)/;

/** Headers of an event stream; nginx and its kin must not hold frames back. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

function startStream({ sink, headers }: Form): void {
  if (!sink.started) sink.start(200, { ...headers, ...eventStreamHeaders });
}

function passStream(form: Form): Promise<void> {
  const { sent, sink, facts, dependencies } = form;
  const codec = dependencies.codecs[sent.protocol];
  const tap = codec.streamTap({ ...tapOptions(sent), explain: explainer(form) }, facts);
  const splitter = new SseSplitter();
  startStream(form);
  return new Promise((resolve, reject) => {
    const forward = (raws: readonly Buffer[]): boolean => {
      let writable = true;
      for (const run of runs(raws, (raw) => tap.frame(raw))) writable = sink.write(run);
      return writable;
    };
    feed(sent.response.body, sink, reject, {
      write: (chunk) => forward(splitter.push(chunk)),
      end() {
        const rest = splitter.rest();
        if (rest.length > 0) forward([rest]);
        if (!facts.finished && !facts.failure) throw incomplete();
        sink.end();
        resolve();
      },
    });
  });
}

/** Says what is known about an error that comes inside the stream. */
function explainer({ sent, facts, dependencies }: Form): NonNullable<StreamTapOptions['explain']> {
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

async function passWhole(form: Form): Promise<void> {
  const { sent, sink, facts, headers, dependencies } = form;
  // Calls of tools may need their ids or names mended: such an answer is held.
  if (sent.toolNames || sent.document.has('tools')) return mendWhole(form);
  const contentType = sent.response.headers['content-type'] ?? 'application/json';
  const chunks: Buffer[] = [];
  let held = 0;
  sink.start(200, { ...headers, 'content-type': contentType, ...lengthHeader(sent) });
  await new Promise<void>((resolve, reject) => {
    feed(sent.response.body, sink, reject, {
      write(chunk) {
        held += chunk.length;
        if (held <= answerLimit) chunks.push(chunk);
        return sink.write(chunk);
      },
      end() {
        sink.end();
        resolve();
      },
    });
  });
  const codec = dependencies.codecs[sent.protocol];
  Object.assign(facts, codec.readFacts(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)), {
    finished: true,
  });
}

async function mendWhole({ sent, sink, facts, headers, dependencies }: Form): Promise<void> {
  const codec = dependencies.codecs[sent.protocol];
  const received = await collectBody(sent.response.body, answerLimit);
  const bytes = codec.mendResponse(received, tapOptions(sent), facts);
  Object.assign(facts, codec.readFacts(bytes), { finished: true });
  const contentType = sent.response.headers['content-type'] ?? 'application/json';
  const adjusted = [...sent.adjusted, ...facts.adjusted].join(', ');
  sink.start(200, {
    ...headers,
    ...(adjusted === '' ? {} : { 'x-atelier-adjusted': adjusted }),
    'content-type': contentType,
    'content-length': String(bytes.length),
  });
  sink.end(bytes);
}

function lengthHeader(sent: Sent): Record<string, string> {
  const length = sent.response.headers['content-length'];
  return length === undefined ? {} : { 'content-length': length };
}

function translateStream(form: Form): Promise<void> {
  const { sent, sink, facts, dependencies } = form;
  const writer = dependencies.codecs[sent.protocol].streamWriter(writerOptions(sent));
  const read = eventsOf(sent, dependencies.codecs[sent.target.protocol]);
  startStream(form);
  const write = (events: readonly StreamEvent[]): boolean => {
    const text = writeEvents(restoreToolNames(events, sent.toolNames), writer, facts);
    return text === '' || sink.write(text);
  };
  return new Promise((resolve, reject) => {
    feed(sent.response.body, sink, reject, {
      write: (chunk) => write(read.push(chunk)),
      end() {
        write(read.end());
        sink.end(writer.end());
        resolve();
      },
    });
  });
}

/** The events as the client's bytes; an error event ends the stream by throwing what it says. */
function writeEvents(events: readonly StreamEvent[], writer: StreamWriter, facts: AnswerFacts): string {
  let text = '';
  for (const event of events) {
    note(event, facts);
    if (event.type === 'error') throw new StreamFailure(text, providerError(event.failure));
    text += writer.write(event);
  }
  return text;
}

/** An error inside a stream, with the bytes that still belong before it. */
class StreamFailure extends Error {
  readonly before: string;
  readonly failure: GatewayError;

  constructor(before: string, failure: GatewayError) {
    super(failure.message);
    this.before = before;
    this.failure = failure;
  }
}

async function translateWhole({ sent, sink, facts, headers, dependencies }: Form): Promise<void> {
  const codec = dependencies.codecs[sent.target.protocol];
  const bytes = await collectBody(sent.response.body, answerLimit);
  const read = eventsOf(sent, codec);
  const upstream = isEventStream(sent.response) ? [...read.push(bytes), ...read.end()] : readWhole(bytes, codec);
  const events = restoreToolNames(upstream, sent.toolNames);
  for (const event of events) {
    note(event, facts);
    if (event.type === 'error') throw providerError(event.failure);
  }
  const body = dependencies.codecs[sent.protocol].writeResponse(events, writerOptions(sent));
  const text = Buffer.from(JSON.stringify(body));
  sink.start(200, { ...headers, 'content-type': 'application/json', 'content-length': String(text.length) });
  sink.end(text);
}

function readWhole(bytes: Buffer, codec: Codec): StreamEvent[] {
  const body = parseJson(bytes.toString('utf8'));
  if (body === undefined) {
    throw new GatewayError({
      status: 502,
      code: 'upstream_bad_answer',
      message: 'The provider answered with something that is not JSON.',
      origin: 'provider',
      retryable: true,
      fix: "Check that the provider's base URL leads to its API and not to a web page.",
    });
  }
  return codec.readResponse(body);
}

interface EventSource {
  push(chunk: Buffer): StreamEvent[];
  end(): StreamEvent[];
}

/** The upstream's bytes as events, whether it streams or answers in one piece. */
function eventsOf(sent: Sent, codec: Codec): EventSource {
  if (!isEventStream(sent.response)) {
    const chunks: Buffer[] = [];
    return {
      push(chunk) {
        chunks.push(chunk);
        return [];
      },
      end: () => readWhole(Buffer.concat(chunks), codec),
    };
  }
  const splitter = new SseSplitter();
  const reader = codec.streamReader();
  return {
    push: (chunk) => readFrames(splitter.push(chunk), reader),
    end: () => [...readFrames([splitter.rest()], reader), ...reader.end()],
  };
}

function readFrames(raws: readonly Buffer[], reader: StreamReader): StreamEvent[] {
  const events: StreamEvent[] = [];
  for (const raw of raws) {
    const frame = parseFrame(raw);
    if (frame) events.push(...reader.read(frame));
  }
  return events;
}

function note(event: StreamEvent, facts: AnswerFacts): void {
  facts.producedBytes += producedBytes(event);
  if (event.type === 'usage') facts.usage = mergeUsage(facts.usage, event.usage);
  else if (event.type === 'start') facts.id = event.id;
  else if (event.type === 'finish') facts.finished = true;
  else if (event.type === 'error') facts.failure = event.failure;
}

function producedBytes(event: StreamEvent): number {
  if (event.type === 'text-delta' || event.type === 'thinking-delta') return Buffer.byteLength(event.text);
  return event.type === 'tool-call-delta' ? Buffer.byteLength(event.argumentsJson) : 0;
}

function writerOptions(sent: Sent): StreamWriterOptions {
  const options = sent.document.get('stream_options');
  return {
    model: sent.model,
    includeUsage:
      typeof options === 'object' &&
      options !== null &&
      'include_usage' in options &&
      options['include_usage'] === true,
    now: Math.floor(sent.receivedAt / 1000),
    requestId: sent.requestId,
  };
}

/** Lets a body flow into handlers that may throw: a throw stops the upstream and rejects. */
function feed(
  body: ResponseBody,
  sink: ClientSink,
  reject: (error: Error) => void,
  handlers: { write(chunk: Buffer): boolean; end(): void },
): void {
  const stop = (error: unknown): void => {
    const failure = error instanceof StreamFailure ? error.failure : error;
    if (error instanceof StreamFailure && error.before !== '') sink.write(error.before);
    body.abort(failure instanceof Error ? failure : new Error(String(failure)));
    reject(failure instanceof Error ? failure : new Error(String(failure)));
  };
  body.attach({
    write(chunk) {
      try {
        const writable = handlers.write(chunk);
        if (!writable) sink.onDrain(() => body.resume());
        return writable;
      } catch (error) {
        stop(error);
        return true;
      }
    },
    end() {
      try {
        handlers.end();
      } catch (error) {
        stop(error);
      }
    },
    error: stop,
  });
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
