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

/** Lets a body flow into handlers that may throw: a throw stops the upstream and rejects. */
export function feed(
  body: ResponseBody,
  sink: ClientSink,
  reject: (error: Error) => void,
  handlers: { write(chunk: Buffer): boolean; end(): void },
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
    error: stop,
  });
}
