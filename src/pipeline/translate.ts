import type { Codec, StreamReader, StreamWriter, StreamWriterOptions } from '../domain/codec.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { parseJson } from '../domain/json.ts';
import type { AnswerFacts } from '../domain/pass-through.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import { mergeUsage } from '../domain/usage.ts';
import { restoreToolNames } from '../fit/restore.ts';
import { collectBody } from '../upstream/response-body.ts';
import { parseFrame, SseSplitter } from '../wire/sse.ts';
import { answerLimit, startStream } from './answer-form.ts';
import type { AnswerForm } from './answer-form.ts';
import { feed, StreamFailure } from './feed.ts';
import { isEventStream, providerError } from './send.ts';
import type { Sent } from './stages.ts';

/** Events of the upstream become events of the client while they come. */
export function translateStream(form: AnswerForm): Promise<void> {
  const { sent, sink, facts, dependencies } = form;
  const writer = dependencies.codecs[sent.protocol].streamWriter(writerOptions(sent));
  const read = eventsOf(sent, dependencies.codecs[sent.target.protocol]);
  startStream(form);
  const write = (events: readonly StreamEvent[]): boolean => {
    const text = writeEvents(restoreToolNames(events, sent.toolNames), writer, facts);
    return text === '' || sink.write(text);
  };
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      sink.end(writer.end());
      resolve();
    };
    feed(sent.response.body, sink, reject, {
      write: (chunk) => write(read.push(chunk)),
      end() {
        write(read.end());
        finish();
      },
      endedBefore() {
        if (facts.finished) finish();
        return facts.finished;
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

/** The whole answer of the upstream, or its stream folded, as one answer of the client's protocol. */
export async function translateWhole({ sent, sink, facts, headers, dependencies }: AnswerForm): Promise<void> {
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
  if (body === undefined) throw badAnswer();
  return codec.readResponse(body);
}

/** An answer that makes no sense. */
export function badAnswer(): GatewayError {
  return new GatewayError({
    status: 502,
    code: 'upstream_bad_answer',
    message: 'The provider answered with something that is not JSON.',
    origin: 'provider',
    retryable: true,
    fix: "Check that the provider's base URL leads to its API and not to a web page.",
  });
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
