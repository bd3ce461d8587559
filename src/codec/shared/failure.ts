import type { ErrorExplanation, GatewayError, UpstreamFailure } from '../../domain/gateway-error.ts';
import { asNumber, asObject, asString, isObject, parseJson } from '../../domain/json.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { jsonText } from './json-text.ts';
import { failureStatus } from './failure-status.ts';

/** No vendor explains itself at greater length; a page of another service might. */
const longestMessage = 8_000;

/** Names of the member that holds the sentence, in the order in which they are believed. */
const messageMembers = ['message', 'error_msg', 'msg', 'detail', 'status_msg', 'reason', 'error'] as const;

const endedWithError = 'The upstream ended its answer with an error.';

/** The upstream broke off or made no sense: 502 with a code of the gateway's own. */
export function brokenStream(code: string, message: string): UpstreamFailure {
  return { status: 502, code, message };
}

/** A frame in the middle of a stream that cannot be read: what follows would be an answer with a hole. */
export function invalidFrame(): UpstreamFailure {
  return brokenStream('upstream_invalid_frame', 'The upstream sent a frame that is not valid JSON.');
}

/**
 * The failure that a JSON value describes, in any of the envelopes that compatible vendors use; undefined when it is none.
 * `status` is the HTTP status, or 200 for a frame of a stream: then the status is read from the code.
 */
export function failureFromJson(status: number, value: JsonValue | undefined): UpstreamFailure | undefined {
  // Gemini's OpenAI endpoint wraps its error object into an array.
  const body = Array.isArray(value) ? value[0] : value;
  if (!isObject(body)) return undefined;
  const inner = innermost(body);
  const message = messageOf(inner);
  if (message === undefined) return undefined;
  return toFailure(status, message, [inner, body]);
}

/** The failure of an error response: JSON envelopes, native event text, HTML, plain text or nothing. Never throws. */
export function failureFromText(status: number, text: string): UpstreamFailure {
  const trimmed = text.trim();
  const json = parseJson(trimmed) ?? parseJson(dataOfEventText(trimmed));
  const failure =
    failureFromJson(status, json) ?? failureFromJson(status, typeof json === 'string' ? { message: json } : undefined);
  return failure ?? { status: status >= 400 ? status : 502, message: describeText(status, trimmed) };
}

const failureSigns =
  /"(?:error"\s*:(?!\s*(?:null|""))|code"\s*:(?!\s*null)|(?:type|object)"\s*:\s*"error")|^event: ?error/m;

/**
 * Whether a frame or a whole answer, as text, has to be parsed to know if it tells of a failure: true for each that
 * `failureOfFrame` finds and for few others. Inside a JSON string quotes are escaped, so the text of an answer is never taken for one.
 */
export function mayBeFailure(text: string): boolean {
  return failureSigns.test(text);
}

/** The failure that a frame of a stream tells of, or a whole answer that came with 200; undefined for a part of an answer. */
export function failureOfFrame(event: string, data: JsonObject): UpstreamFailure | undefined {
  if (!isFailure(event, data)) return undefined;
  return failureFromJson(200, data) ?? brokenStream('upstream_error', endedWithError);
}

function isFailure(event: string, data: JsonObject): boolean {
  if (event === 'error' || data['type'] === 'error' || data['object'] === 'error') return true;
  const error = data['error'];
  if (error !== undefined && error !== null && error !== '') return true;
  return (
    typeof data['message'] === 'string' &&
    data['code'] !== undefined &&
    data['code'] !== null &&
    data['choices'] === undefined
  );
}

/** The object that holds the sentence: `error` in most envelopes, MiniMax's `base_resp`, else the body itself. */
function innermost(body: JsonObject): JsonObject {
  const errors = body['errors'];
  const first = Array.isArray(errors) ? errors[0] : undefined;
  return asObject(body['error']) ?? asObject(body['base_resp']) ?? asObject(first) ?? body;
}

function messageOf(error: JsonObject): string | undefined {
  for (const member of messageMembers) {
    const value = error[member];
    if (typeof value === 'string' && value !== '') return value.slice(0, longestMessage);
    // FastAPI servers: `detail: [{loc, msg}]`.
    if (Array.isArray(value)) return jsonText(value)?.slice(0, longestMessage);
    if (isObject(value) && typeof value['message'] === 'string') return value['message'].slice(0, longestMessage);
  }
  const code = codeOf(error);
  return code === undefined ? undefined : `The upstream gave the error code ${code} and no message.`;
}

function codeOf(error: JsonObject): string | undefined {
  // Gemini: `code` repeats the HTTP status, `status` is the name.
  if (typeof error['code'] === 'number' && typeof error['status'] === 'string') return error['status'];
  const code = error['code'] ?? error['error_code'] ?? error['status_code'];
  if (typeof code === 'number') return String(code);
  return typeof code === 'string' && code !== '' ? code : undefined;
}

function toFailure(status: number, message: string, [inner, body]: readonly [JsonObject, JsonObject]): UpstreamFailure {
  const failure: UpstreamFailure = { status, message };
  const code = codeOf(inner);
  if (code !== undefined) failure.code = code;
  const type = asString(inner['type']);
  if (type !== undefined && type !== code && type !== 'error') failure.type = type;
  const param = asString(inner['param']);
  if (param !== undefined && param !== '') failure.param = param;
  const requestId = asString(body['request_id']) ?? asString(body['requestId']) ?? asString(inner['request_id']);
  if (requestId !== undefined && requestId !== '') failure.requestId = requestId;
  const retryAfter = asNumber(inner['retry_after']);
  if (retryAfter !== undefined && retryAfter >= 0) failure.retryAfterSeconds = retryAfter;
  if (status < 400) failure.status = failureStatus(failure);
  return failure;
}

/** Model Studio's Anthropic path answers plain errors in event-stream text: `event:error`, `data:{...}`. */
function dataOfEventText(text: string): string {
  const lines = text.split('\n', 50).map((line) => line.trim());
  return lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
    .join('\n');
}

function describeText(status: number, text: string): string {
  if (text === '' && status < 400) return endedWithError;
  if (text === '') return `The upstream answered with status ${status} and an empty body.`;
  if (!text.startsWith('<')) return text.slice(0, longestMessage);
  const title = /<title>([^<]{1,200})<\/title>/i.exec(text.slice(0, 20_000))?.[1]?.trim();
  return `The upstream answered with status ${status} and a web page${title ? `: ${title}` : ''}.`;
}

/** The sentence for the client: what happened, then what to do about it. */
export function errorMessage(error: GatewayError): string {
  const { message, fix } = error;
  if (fix === undefined || fix === '') return message;
  // The platform's own messages often end without a full stop.
  return /[.!?:。]\s*$/.test(message) ? `${message.trimEnd()} ${fix}` : `${message}. ${fix}`;
}

/** The member that carries what is known about the error; empty when nothing is. */
export function extension(explanation: ErrorExplanation | undefined): JsonObject {
  return explanation === undefined ? {} : { atelier: { ...explanation } };
}
