import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** Stands between clients and a server of this machine, and makes the server hang or go away. */
export interface Relay extends AsyncDisposable {
  /** The server's address with the relay's port. */
  url: string;
  /** Nothing is passed on in either direction; connections stay. */
  hang(): void;
  /** Connections break, and new ones too. */
  leave(): void;
  /** All is well from here on. */
  comeBack(): void;
}

export async function startRelay(serverUrl: string): Promise<Relay> {
  const url = new URL(serverUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const sockets = new Set<Socket>();
  let state: 'well' | 'hanging' | 'away' = 'well';
  const server = createServer((client) => {
    if (state === 'away') {
      client.destroy();
      return;
    }
    const upstream = connect(target);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (state === 'hanging') from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    hang() {
      state = 'hanging';
      for (const socket of sockets) socket.pause();
    },
    leave() {
      state = 'away';
      breakAll();
    },
    comeBack() {
      state = 'well';
      for (const socket of sockets) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
