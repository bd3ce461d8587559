import type { Target } from './load/connection.ts';

/** A server that takes the calls of the benchmark. */
export interface Server {
  name: string;
  port: number;
  /** What this server wants to see on a call. */
  headers: Record<string, string>;
}

/** Text as an agent sends it: prose, code, quotes and line ends, which JSON has to escape. */
const passage =
  'Read the file "src/app.ts" and explain what `start()` does.\n\tconst answer = await run({ "retries": 2 });\nThen list\u2014briefly\u2014what may fail. ';

/** An OpenAI chat request of about this many bytes, as a conversation of many turns. */
export function chatBody(bytes: number): string {
  const messages = [{ role: 'system', content: 'You are a careful assistant.' }];
  const turn = passage.repeat(Math.max(1, Math.min(10, Math.floor(bytes / 200))));
  const turnLength = JSON.stringify(turn).length + 40;
  const turns = Math.max(1, Math.round((bytes - 150) / turnLength)) | 1;
  for (let index = 0; index < turns; index += 1) {
    messages.push({ role: index % 2 === 0 ? 'user' : 'assistant', content: turn });
  }
  return JSON.stringify({ model: 'bench-model', temperature: 0.7, max_tokens: 500, messages });
}

/** How a streamed answer of the upstream is paced. */
export interface Pace {
  chunks: number;
  /** Milliseconds. */
  gap: number;
}

/** The whole answer at once. */
export function chatTarget(server: Server, bytes: number): Target {
  return target(server, '/v1/chat/completions', chatBody(bytes));
}

/** A streamed answer in the protocol of the upstream. */
export function streamTarget(server: Server, { chunks, gap }: Pace): Target {
  const messages = [{ role: 'user', content: `chunks=${chunks} gap=${gap}` }];
  return target(server, '/v1/chat/completions', JSON.stringify({ model: 'bench-model', stream: true, messages }));
}

/** A streamed answer that the gateway has to translate. */
export function translatedStreamTarget(server: Server, { chunks, gap }: Pace): Target {
  const messages = [{ role: 'user', content: `chunks=${chunks} gap=${gap}` }];
  return target(
    server,
    '/v1/messages',
    JSON.stringify({ model: 'bench-model', max_tokens: 500, stream: true, messages }),
  );
}

function target({ port, headers }: Server, path: string, body: string): Target {
  return { host: '127.0.0.1', port, path, headers, body };
}
