import type { SseFrame } from '../../domain/codec.ts';
import type { ErrorExplanation, UpstreamFailure } from '../../domain/gateway-error.ts';
import { asObject, asString } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { AnswerFacts } from '../../domain/pass-through.ts';
import type { Usage } from '../../domain/usage.ts';
import { JsonDocument } from '../../wire/json-document.ts';
import { formatFrame } from '../../wire/sse.ts';

/** How a stream tap understands and rewrites error frames: its codec's own functions. */
export interface TapErrors {
  readError(status: number, text: string): UpstreamFailure;
  /** An error frame in this protocol for what the upstream said. */
  writeFailure(failure: UpstreamFailure, explanation?: ErrorExplanation): string;
}

/** A standard error frame as received, with what is known about the error added to its member `error`. */
export function explainFrame(
  raw: Buffer,
  { event, data }: SseFrame,
  explanation: ErrorExplanation | undefined,
): Buffer {
  if (explanation === undefined) return raw;
  const document = new JsonDocument(Buffer.from(data));
  document.set(['error', 'atelier'], { ...explanation });
  return Buffer.from(formatFrame(document.toBytes().toString('utf8'), event));
}

/**
 * About how many bytes of text follow the first of these JSON string members in a frame (Latin-1, so a character is a byte):
 * an estimate for answers whose upstream reports no usage.
 */
export function textLength(frame: string, member: RegExp): number {
  const match = member.exec(frame);
  if (!match) return 0;
  const start = match.index + match[0].length;
  let end = frame.indexOf('"', start);
  while (end > start && frame[end - 1] === '\\') end = frame.indexOf('"', end + 1);
  return end === -1 ? 0 : end - start;
}

/** Id and usage of a whole answer. */
export function readFacts(
  answer: JsonObject,
  readUsage: (usage: JsonObject) => Usage,
): Pick<AnswerFacts, 'id' | 'usage'> {
  const facts: Pick<AnswerFacts, 'id' | 'usage'> = {};
  const id = asString(answer['id']);
  if (id !== undefined) facts.id = id;
  const usage = asObject(answer['usage']);
  if (usage !== undefined) facts.usage = readUsage(usage);
  return facts;
}
