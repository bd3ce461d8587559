import type { ErrorBody } from '../../domain/codec.ts';
import type { ErrorExplanation, GatewayError, UpstreamFailure } from '../../domain/gateway-error.ts';
import { formatFrame } from '../../wire/sse.ts';
import { errorMessage, extension } from '../shared/failure.ts';

/** OpenAI's `type` by status; others in the 400s are the request's fault. */
const typeOfStatus: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [429, 'rate_limit_error'],
]);

function typeFor(status: number): string {
  return typeOfStatus.get(status) ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
}

/** `{error: {message, type, param, code, atelier?}, request_id}`. */
export function writeError(error: GatewayError, requestId: string, explanation?: ErrorExplanation): ErrorBody {
  const { status, code, param = null } = error;
  const type = error.type ?? typeFor(status);
  const told = { message: errorMessage(error), type, param, code, ...extension(explanation) };
  return { status, body: { error: told, request_id: requestId } };
}

/** A failure of the upstream in the same form, as the frame that ends a stream. */
export function writeFailureFrame(failure: UpstreamFailure, requestId: string, explanation?: ErrorExplanation): string {
  const { message, status, param = null, code = null } = failure;
  const error = { message, type: failure.type ?? typeFor(status), param, code, ...extension(explanation) };
  return formatFrame(JSON.stringify({ error, request_id: requestId }));
}

/** An error ends a stream without `[DONE]`, so that no client takes the answer for whole. */
export function writeStreamError(error: GatewayError, requestId: string, explanation?: ErrorExplanation): string {
  return formatFrame(JSON.stringify(writeError(error, requestId, explanation).body));
}
