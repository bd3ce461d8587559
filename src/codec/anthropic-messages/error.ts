import type { ErrorBody } from '../../domain/codec.ts';
import type { GatewayError, UpstreamFailure } from '../../domain/gateway-error.ts';
import type { JsonObject } from '../../domain/json.ts';
import { formatFrame } from '../../wire/sse.ts';
import { errorMessage } from '../shared/failure.ts';

/** Anthropic's error types by status. Its clients know only these, so a vendor's own code never becomes the type. */
const typeOfStatus: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [408, 'timeout_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

function bodyOf(status: number, message: string, requestId: string): JsonObject {
  const type = typeOfStatus.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type, message }, request_id: requestId };
}

/** `{type: 'error', error: {type, message}, request_id}`. */
export function writeError(error: GatewayError, requestId: string): ErrorBody {
  return { status: error.status, body: bodyOf(error.status, errorMessage(error), requestId) };
}

/** A failure of the upstream as the event that ends a stream. */
export function writeFailureEvent(failure: UpstreamFailure, requestId: string): string {
  return formatFrame(JSON.stringify(bodyOf(failure.status, failure.message, requestId)), 'error');
}

/** The event that ends a stream with an error; no `message_stop` follows. */
export function writeStreamError(error: GatewayError, requestId: string): string {
  return formatFrame(JSON.stringify(writeError(error, requestId).body), 'error');
}
