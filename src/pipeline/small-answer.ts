import { mayBeFailure } from '../codec/shared/failure.ts';
import type { Codec } from '../domain/codec.ts';
import type { UpstreamFailure } from '../domain/gateway-error.ts';
import { asObject, parseJson } from '../domain/json.ts';
import { joined, receivedBody } from '../upstream/response-body.ts';
import type { ResponseBody } from '../upstream/response-body.ts';
import type { UpstreamResponse } from '../upstream/transport.ts';

/** Bytes. An error is not larger, and what is larger need not wait. */
const smallLimit = 64 * 1024;

/** The failure that an answer was, or the body with all its bytes. */
export type SmallAnswer = { failure: UpstreamFailure } | { body: ResponseBody };

/**
 * Waits for a whole answer as long as it is small, for some providers tell of errors with status 200: such an answer is a failed
 * call, so that it can be sent again or answered with its real status. One that breaks off is left to its reader.
 */
export function awaitSmallAnswer({ headers, body }: UpstreamResponse, codec: Codec): Promise<SmallAnswer> {
  if (Number(headers['content-length']) > smallLimit) return Promise.resolve({ body });
  return new Promise((resolve) => {
    const seen: Buffer[] = [];
    let size = 0;
    body.attach({
      write(chunk) {
        seen.push(chunk);
        size += chunk.length;
        if (size <= smallLimit) return true;
        body.detach(seen);
        resolve({ body });
        return true;
      },
      end() {
        const bytes = joined(seen);
        const failure = readFailure(bytes, codec);
        resolve(failure ? { failure } : { body: receivedBody(bytes) });
      },
      error: (error) => resolve({ body: receivedBody(joined(seen), error) }),
    });
  });
}

/** Nearly every answer has none of the two words, and need not become a text to be looked at. */
function readFailure(bytes: Buffer, codec: Codec): UpstreamFailure | undefined {
  if (!bytes.includes('"error"') && !bytes.includes('"code"')) return undefined;
  if (!mayBeFailure(bytes.toString('latin1'))) return undefined;
  const answer = asObject(parseJson(bytes.toString('utf8')));
  return answer && codec.failureIn(answer);
}
