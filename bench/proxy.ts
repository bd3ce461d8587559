/** The least that a gateway on this runtime can cost: receives a request whole, sends it on, answers whole. Looks at nothing. */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

const [port = '', upstream = ''] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstream}`);
const headers = { 'content-type': 'application/json', authorization: 'Bearer bench' };

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    pool.dispatch({ path: request.url ?? '/', method: request.method ?? 'GET', headers, body }, handler(response));
  });
});

function handler(response: ServerResponse): Dispatcher.DispatchHandler {
  const parts: Buffer[] = [];
  let status = 502;
  return {
    onRequestStart() {},
    onResponseStart(_controller, answered) {
      status = answered;
    },
    onResponseData(_controller, part) {
      parts.push(part);
    },
    onResponseEnd() {
      const body = Buffer.concat(parts);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    },
    onResponseError() {
      response.destroy();
    },
  };
}

server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 }, () => process.stdout.write('listening\n'));
