import type { ErrorBody } from '../../domain/codec.ts';
import type { ErrorExplanation, GatewayError, UpstreamFailure } from '../../domain/gateway-error.ts';
import type { JsonObject } from '../../domain/json.ts';
import { formatFrame } from '../../wire/sse.ts';
import { errorMessage, extension } from '../shared/failure.ts';

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

/** A type that was chosen on purpose counts more than the status: the platform says 403 `authentication_error` for a wrong key. */
const knownTypes: ReadonlySet<string> = new Set([...typeOfStatus.values(), 'api_error', 'invalid_request_error']);

interface Told {
  status: number;
  type?: string | undefined;
  message: string;
  requestId: string;
  explanation?: ErrorExplanation | undefined;
}

function bodyOf({ status, type: chosen, message, requestId, explanation }: Told): JsonObject {
  const meant = chosen !== undefined && chosen !== 'invalid_request_error' && knownTypes.has(chosen);
  const type = meant ? chosen : (typeOfStatus.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error'));
  return { type: 'error', error: { type, message, ...extension(explanation) }, request_id: requestId };
}

/** `{type: 'error', error: {type, message, atelier?}, request_id}`. */
export function writeError(error: GatewayError, requestId: string, explanation?: ErrorExplanation): ErrorBody {
  const { status, type } = error;
  return { status, body: bodyOf({ status, type, message: errorMessage(error), requestId, explanation }) };
}

/** A failure of the upstream as the event that ends a stream. */
export function writeFailureEvent(
  { status, type, message }: UpstreamFailure,
  requestId: string,
  explanation?: ErrorExplanation,
): string {
  return formatFrame(JSON.stringify(bodyOf({ status, type, message, requestId, explanation })), 'error');
}

/** The event that ends a stream with an error; no `message_stop` follows. */
export function writeStreamError(error: GatewayError, requestId: string, explanation?: ErrorExplanation): string {
  return formatFrame(JSON.stringify(writeError(error, requestId, explanation).body), 'error');
}
