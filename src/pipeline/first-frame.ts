import type { Codec } from '../domain/codec.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { UpstreamFailure } from '../domain/gateway-error.ts';
import type { ResponseBody } from '../upstream/response-body.ts';
import { parseFrame, SseSplitter } from '../wire/sse.ts';

/**
 * Waits for the first frame that carries data and gives all bytes back to the body. A stream that opens with an error is
 * a failed call with a 200 in front: it is told as `failure`, so that it can be retried or answered with its real status.
 * Rejects when the connection breaks or ends before any frame.
 */
export function awaitFirstFrame(body: ResponseBody, codec: Codec): Promise<UpstreamFailure | undefined> {
  return new Promise((resolve, reject) => {
    const seen: Buffer[] = [];
    const splitter = new SseSplitter();
    const decide = (raws: readonly Buffer[]): boolean => {
      for (const raw of raws) {
        const frame = parseFrame(raw);
        if (!frame || frame.data === '') continue;
        const [first] = codec.streamReader().read(frame);
        body.detach(seen);
        resolve(first?.type === 'error' ? first.failure : undefined);
        return true;
      }
      return false;
    };
    body.attach({
      write(chunk) {
        seen.push(chunk);
        try {
          decide(splitter.push(chunk));
        } catch (error) {
          const reason = error instanceof Error ? error : new Error(String(error));
          body.abort(reason);
          reject(reason);
        }
        return true;
      },
      end() {
        const rest = splitter.rest();
        // The end has been delivered to this sink: only an error frame can still be told, never an answer.
        const failure = rest.length > 0 ? readFailure(rest, codec) : undefined;
        if (failure) resolve(failure);
        else reject(emptyStream());
      },
      error: reject,
    });
  });
}

function readFailure(raw: Buffer, codec: Codec): UpstreamFailure | undefined {
  const frame = parseFrame(raw);
  const [first] = frame ? codec.streamReader().read(frame) : [];
  return first?.type === 'error' ? first.failure : undefined;
}

function emptyStream(): GatewayError {
  return new GatewayError({
    status: 502,
    code: 'upstream_empty_stream',
    message: 'The provider ended the stream before it sent anything.',
    origin: 'network',
    retryable: true,
    fix: 'Run the request again.',
  });
}
