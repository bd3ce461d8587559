import { GatewayError } from '../domain/gateway-error.ts';
import type { StreamTapOptions } from '../domain/pass-through.ts';
import { collectBody } from '../upstream/response-body.ts';
import { SseSplitter } from '../wire/sse.ts';
import { answerLimit, startStream } from './answer-form.ts';
import type { AnswerForm } from './answer-form.ts';
import { reportError } from './error-report.ts';
import { feed } from './feed.ts';
import { providerError } from './send.ts';
import type { Sent } from './stages.ts';

/** Passes a stream on frame by frame; the tap reads along and mends the named few. */
export function passStream(form: AnswerForm): Promise<void> {
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

/** Passes a whole answer on as it comes, and reads id and usage from it afterwards. */
export async function passWhole(form: AnswerForm): Promise<void> {
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

async function mendWhole({ sent, sink, facts, headers, dependencies }: AnswerForm): Promise<void> {
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
