import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { GatewayError } from '../domain/gateway-error.ts';
import { errorHeaders } from '../pipeline/error-exit.ts';
import type { Lingering } from './lingering.ts';

const malformed: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The request headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request was not received in time.'],
};

/** What cannot be parsed as HTTP has no protocol to answer in: a plain status and a JSON body that every client can show. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex, lingering: Lingering): void {
  // It has an answer already; what is wrong with the rest does not matter.
  if (lingering.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = malformed[error.code ?? ''] ?? [400, 'The request is not valid HTTP.'];
  const gatewayError = new GatewayError({ status, code: 'bad_http_request', message, origin: 'client' });
  const body = JSON.stringify({
    error: { message, type: 'invalid_request_error', param: null, code: gatewayError.code },
  });
  const headers = Object.entries(errorHeaders(gatewayError, randomUUID())).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n${headers.join('')}\r\n${body}`,
  );
  // The parser sees nothing of the rest: it would find a fault in each piece, or a request that has been refused.
  socket.removeAllListeners('data');
  void lingering.throwAway(socket, socket).then(() => socket.destroy());
}
