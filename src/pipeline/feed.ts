import type { GatewayError } from '../domain/gateway-error.ts';
import type { ResponseBody } from '../upstream/response-body.ts';
import type { ClientSink } from './stages.ts';

/** An error inside a stream, with the bytes that still belong before it. */
export class StreamFailure extends Error {
  readonly before: string;
  readonly failure: GatewayError;

  constructor(before: string, failure: GatewayError) {
    super(failure.message);
    this.before = before;
    this.failure = failure;
  }
}

/** What becomes of the bytes of a body. Any of them may throw. */
export interface FeedHandlers {
  /** False asks to wait until the client has room again. */
  write(chunk: Buffer): boolean;
  end(): void;
  /**
   * The connection broke. True when the answer was complete before that and has been ended: some providers close theirs
   * carelessly after the last event, and an error behind it would contradict it.
   */
  endedBefore?(): boolean;
}

/** Lets a body flow into handlers that may throw: a throw stops the upstream and rejects. */
export function feed(
  body: ResponseBody,
  sink: ClientSink,
  reject: (error: Error) => void,
  handlers: FeedHandlers,
): void {
  const stop = (error: unknown): void => {
    const failure = error instanceof StreamFailure ? error.failure : error;
    if (error instanceof StreamFailure && error.before !== '') sink.write(error.before);
    body.abort(failure instanceof Error ? failure : new Error(String(failure)));
    reject(failure instanceof Error ? failure : new Error(String(failure)));
  };
  body.attach({
    write(chunk) {
      try {
        const writable = handlers.write(chunk);
        if (!writable) sink.onDrain(() => body.resume());
        return writable;
      } catch (error) {
        stop(error);
        return true;
      }
    },
    end() {
      try {
        handlers.end();
      } catch (error) {
        stop(error);
      }
    },
    error(error) {
      if (handlers.endedBefore?.() !== true) stop(error);
    },
  });
}
