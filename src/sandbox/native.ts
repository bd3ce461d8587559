import { nativeErrorBody, nativeErrorFrame } from '../codec/dashscope/error.ts';
import { asArray, asString, isObject, type JsonObject } from '../domain/json.ts';
import type { Refusal } from './refusal.ts';
import type { Surface } from './surface.ts';

/*
 * DashScope's own protocol, as far as errors go: the services behind `/api/v1/services/` are not simulated, but every
 * error of theirs can be had in their envelope.
 */

/** What these paths answer without a directive. */
export const notSimulated: Refusal = {
  status: 501,
  envelope: 'plain',
  message:
    'The sandbox does not simulate this service. Its errors can be had with a directive such as [[sandbox: error=InvalidParameter]].',
  type: 'invalid_request_error',
  code: 'sandbox_not_simulated',
  param: null,
  nativeCode: 'SandboxNotSimulated',
};

/** The native services: `{code, message, request_id}`, in a stream as an event named `error`. */
export const nativeSurface: Surface = {
  allowsXApiKey: false,
  prepare: () => notSimulated,
  writeError: (refusal, { identity }) => ({
    status: refusal.status,
    contentType: 'application/json',
    body: JSON.stringify(nativeError(refusal, identity.uuid)),
  }),
  errorFrame: (refusal, { identity }) => nativeErrorFrame(refusal.status, nativeError(refusal, identity.uuid)),
};

function nativeError({ nativeCode: code, message }: Refusal, requestId: string): JsonObject {
  return nativeErrorBody({ code, message, requestId });
}

/** The input of a native call in the form the directives are looked for in: messages, or one message with its text. */
export function nativeInput(body: JsonObject): JsonObject {
  const input = isObject(body.input) ? body.input : {};
  const messages = asArray(input.messages);
  const text = asString(input.text) ?? asString(input.prompt) ?? '';
  return { model: body.model, messages: messages.length > 0 ? messages : [{ role: 'user', content: text }] };
}

/** A native call asks for a stream by header. */
export function wantsNativeStream(headers: Readonly<Record<string, string>>): boolean {
  return headers['x-dashscope-sse'] === 'enable' || headers.accept?.includes('text/event-stream') === true;
}
