import type { ErrorBody, ErrorCodec } from '../../domain/codec.ts';
import type { ErrorExplanation, GatewayError } from '../../domain/gateway-error.ts';
import type { JsonObject } from '../../domain/json.ts';
import { errorMessage, extension } from '../shared/failure.ts';

/** What an error of DashScope's own protocol says. */
export interface NativeFailure {
  code: string;
  message: string;
  requestId: string;
}

/** `{code, message, request_id, atelier?}`: there is no member `error`, so the extension stands at the top. */
export function nativeErrorBody(
  { code, message, requestId }: NativeFailure,
  explanation?: ErrorExplanation,
): JsonObject {
  return { code, message, request_id: requestId, ...extension(explanation) };
}

/** The event that ends a native stream, in the platform's spelling: the status stands in a comment line. */
export function nativeErrorFrame(status: number, body: JsonObject): string {
  return `id:1\nevent:error\n:HTTP_STATUS/${status}\ndata:${JSON.stringify(body)}\n\n`;
}

function writeError(error: GatewayError, requestId: string, explanation?: ErrorExplanation): ErrorBody {
  const failure = { code: error.code, message: errorMessage(error), requestId };
  return { status: error.status, body: nativeErrorBody(failure, explanation) };
}

/** The errors of DashScope's own protocol, of which the gateway reads and writes nothing else yet. */
export const dashscopeErrors: ErrorCodec = {
  writeError,
  writeStreamError(error, requestId, explanation) {
    const { status, body } = writeError(error, requestId, explanation);
    return nativeErrorFrame(status, body);
  },
};
