import { GatewayError } from '../../domain/gateway-error.ts';
import { invalid } from '../../governance/administration.ts';

/** A megabyte: more than the largest plan. */
const maxBodyBytes = 2 ** 20;

/** The JSON of a request, at most a megabyte. Throws GatewayError (400, 413, 415). */
export async function readJsonBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  // A form of a foreign web page cannot have this type without asking first.
  if (!/^application\/json *(?:;|$)/i.test(type) || encoding !== 'identity') {
    const message = 'The body must be JSON, uncompressed, with the content type application/json.';
    throw new GatewayError({ status: 415, code: 'unsupported_media_type', message, origin: 'client' });
  }
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge();
  const bytes = await collect(request.body);
  const { value, lostName } = parse(bytes);
  if (lostName) throw invalid('__proto__', "Nothing in the body may have the name '__proto__'.");
  return value;
}

/** `lostName`: something is named `__proto__`, which the schemas would leave out without a word. */
function parse(bytes: Buffer): { value: unknown; lostName: boolean } {
  let lostName = false;
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      (name, member: unknown) => {
        lostName ||= name === '__proto__';
        return member;
      },
    );
    return { value, lostName };
  } catch (cause) {
    const message = 'The body is not JSON.';
    throw new GatewayError({ status: 400, code: 'invalid_json', message, origin: 'client', cause });
  }
}

async function collect(body: ReadableStream<Uint8Array> | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(): GatewayError {
  const message = `The request body is larger than ${maxBodyBytes} bytes.`;
  return new GatewayError({ status: 413, code: 'request_too_large', message, origin: 'client' });
}
