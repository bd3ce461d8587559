import { tokensPerImage } from '../catalogue/estimate.ts';
import type { BackendResponse } from '../domain/backend.ts';
import type { Directives } from './directives.ts';
import { answerPrompt } from './model/answer.ts';
import type { Answer } from './model/prompt.ts';
import { cutBody, paceFrames, pause } from './pace.ts';
import type { PromptCache } from './prompt-cache.ts';
import type { Refusal } from './refusal.ts';
import { responseHeaders } from './response-headers.ts';
import type { PreparedCall, Surface, SurfaceContext } from './surface.ts';
import { countAnswer, countInput, countMedia, type CallUsage } from './usage.ts';

export interface AnswerCallOptions {
  surface: Surface;
  context: SurfaceContext;
  directives: Directives;
  /** Absent: nothing is cached. */
  cache: PromptCache | undefined;
  /** Keeps the cache of one key apart from another's. */
  cacheScope: string;
  nowMs: number;
  signal: AbortSignal;
  /** The error that the directives want inside the stream. */
  streamError: Refusal | undefined;
}

/** Answers a checked call: the whole answer is made first, then sent at the pace and with the faults asked for. */
export async function answerCall(call: PreparedCall, options: AnswerCallOptions): Promise<BackendResponse> {
  const { identity } = options.context;
  const answers = Array.from({ length: call.prompt.choices }, (_, choice) =>
    answerPrompt({
      prompt: call.prompt,
      directives: options.directives,
      choice,
      callId: (index) => `call_${identity.hex(choice * 100 + index)}`,
    }),
  );
  const usage = usageOf(call, answers, options);
  await pause(options.directives.delay, options.signal);
  return call.stream ? streamed(call, { answers, usage }, options) : whole(call, { answers, usage }, options);
}

interface Made {
  answers: Answer[];
  usage: CallUsage;
}

function streamed(call: PreparedCall, { answers, usage }: Made, options: AnswerCallOptions): BackendResponse {
  const { directives, streamError, surface, context, signal } = options;
  const failure =
    streamError === undefined
      ? {}
      : { failure: { after: directives.after, text: surface.errorFrame(streamError, context) } };
  const faults = {
    ...(directives.cut === undefined ? {} : { cut: directives.cut }),
    ...(directives.stall === undefined ? {} : { stall: directives.stall }),
    ...(directives.eof === undefined ? {} : { eof: directives.eof }),
  };
  const body = paceFrames(call.frames(answers, usage), { tps: directives.tps, signal, ...faults, ...failure });
  return { status: 200, headers: responseHeaders(context.identity, 'text/event-stream;charset=UTF-8'), body };
}

async function whole(
  call: PreparedCall,
  { answers, usage }: Made,
  options: AnswerCallOptions,
): Promise<BackendResponse> {
  const { directives, context, signal } = options;
  if (directives.tps > 0) await pause((usage.output * 1_000) / directives.tps, signal);
  const body = Buffer.from(JSON.stringify(call.write(answers, usage)));
  const headers = responseHeaders(context.identity, 'application/json');
  return { status: 200, headers, body: directives.cut === undefined ? body : cutBody(body, directives.cut) };
}

function usageOf(call: PreparedCall, answers: readonly Answer[], options: AnswerCallOptions): CallUsage {
  const counted = answers.map(countAnswer);
  const use = cacheUse(call, options);
  return {
    input: countInput(call.segments),
    output: counted.reduce((sum, { total }) => sum + total, 0),
    reasoning: counted.reduce((sum, { reasoning }) => sum + reasoning, 0),
    cachedRead: use.read,
    cachedWrite: use.write,
    explicitCache: use.explicit,
    imageTokens: countMedia(call.prompt) * tokensPerImage,
  };
}

function cacheUse(
  { prompt, segments }: PreparedCall,
  { cache, cacheScope, nowMs }: AnswerCallOptions,
): ReturnType<PromptCache['use']> {
  if (cache === undefined || prompt.model.contextCache !== true) return { read: 0, write: 0, explicit: false };
  return cache.use(`${cacheScope} ${prompt.model.id}`, segments, nowMs);
}
