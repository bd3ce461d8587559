import { isObject, parseJson, type JsonObject } from '../../../src/domain/json.ts';
import type { SandboxOptions } from '../../../src/sandbox/options.ts';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';

/** A whole answer of the sandbox. */
export interface Answered {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The body as an object; empty when it is none. */
  json: JsonObject;
}

export interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
}

export interface Asker {
  ask(path: string, body: unknown, options?: AskOptions): Promise<Answered>;
  chat(body: object, options?: AskOptions): Promise<Answered>;
  messages(body: object, options?: AskOptions): Promise<Answered>;
}

export const chatPath = '/compatible-mode/v1/chat/completions';
export const messagesPath = '/apps/anthropic/v1/messages';

/** A sandbox of its own for one test, asked without sockets. */
export function sandbox(options: SandboxOptions = {}): Asker {
  const backend = createSandbox(options);
  const ask: Asker['ask'] = async (path, body, { method = 'POST', headers = {} } = {}) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const answer = await backend({ method, path, headers, body: bytes, signal: new AbortController().signal });
    const text = Buffer.isBuffer(answer.body) ? answer.body.toString() : await collect(answer.body);
    const json = parseJson(text);
    return { status: answer.status, headers: answer.headers, text, json: isObject(json) ? json : {} };
  };
  return {
    ask,
    chat: (body, settings) => ask(chatPath, body, settings),
    messages: (body, settings) => ask(messagesPath, body, settings),
  };
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

/** The data of every frame of a stream, parsed; `[DONE]` stays out. */
export function frames(text: string): JsonObject[] {
  return text.split('\n').flatMap((line) => {
    const data = line.startsWith('data:') ? parseJson(line.slice(5).trim()) : undefined;
    return isObject(data) ? [data] : [];
  });
}

/** A value inside JSON by a path of keys and indexes. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (Array.isArray(current)) current = current[Number(key)];
    else current = isObject(current) ? current[key] : undefined;
  }
  return current;
}

export const user = (content: unknown): object => ({ role: 'user', content });

/** A chat body with one user message. */
export function ask(text: string, more: object = {}): object {
  return { model: 'qwen-plus', messages: [user(text)], ...more };
}

/** A messages body with one user message. */
export function tell(text: string, more: object = {}): object {
  return { model: 'qwen-plus', max_tokens: 1024, messages: [user(text)], ...more };
}

export const weatherTool = {
  type: 'function',
  function: {
    name: 'get_current_weather',
    description: 'Useful for querying the weather in a specific city.',
    parameters: {
      type: 'object',
      properties: { location: { type: 'string', description: 'A city or county, such as Beijing or Hangzhou.' } },
      required: ['location'],
    },
  },
};

export const timeTool = {
  type: 'function',
  function: {
    name: 'get_current_time',
    description: 'Useful for when you want to know the current time.',
    parameters: {},
  },
};
