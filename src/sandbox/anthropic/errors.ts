import { nativeErrorBody } from '../../codec/dashscope/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Plan } from '../../domain/provider.ts';
import type { AnthropicErrorStyle } from '../options.ts';
import type { Refusal } from '../refusal.ts';
import type { SurfaceContext, WrittenError } from '../surface.ts';

/** Types by status, as the endpoint's table of 2026-03 has them. */
const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'authentication_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'invalid_request_error',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
};

/**
 * The status that this endpoint gives: an overloaded service is a 529; a bad key is a 403, but on the hosts of the plans
 * the 401 that their FAQ and the reports of clients name.
 */
function statusOf({ status }: Refusal, plan: Plan | undefined): number {
  if (status === 503) return 529;
  return status === 401 && plan !== 'coding' && plan !== 'token' ? 403 : status;
}

/** A refusal on the Anthropic path, in the documented shape or in the observed one. */
export function writeMessagesError(
  refusal: Refusal,
  { errorStyle: style, identity: { uuid }, plan }: SurfaceContext,
): WrittenError {
  if (refusal.envelope === 'text') {
    return {
      status: refusal.status,
      contentType: 'application/json',
      body: JSON.stringify({ error: refusal.message }),
    };
  }
  if (style === 'native') {
    const status = refusal.nativeCode === 'error' ? 500 : refusal.status;
    return { status, contentType: 'text/event-stream;charset=UTF-8', body: messagesErrorFrame(refusal, style, uuid) };
  }
  const body = JSON.stringify(documented(refusal));
  return { status: statusOf(refusal, plan), contentType: 'application/json', body };
}

/** The frame that ends a stream with an error; also the whole body of an error in the observed style. */
export function messagesErrorFrame(refusal: Refusal, style: AnthropicErrorStyle, uuid: string): string {
  const native = nativeErrorBody({ code: refusal.nativeCode, message: refusal.message, requestId: uuid });
  return `event:error\ndata:${JSON.stringify(style === 'native' ? native : documented(refusal))}\n\n`;
}

function documented({ status, nativeCode, message }: Refusal): JsonObject {
  const type =
    nativeCode === 'Arrearage' ? nativeCode : (types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'));
  return { type: 'error', error: { type, message } };
}
