import { GatewayError } from '../domain/gateway-error.ts';
import { asArray, asObject, asString, parseJson } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { ModelList, Provider } from '../domain/provider.ts';
import { BodyTooLargeError, collectBody } from './response-body.ts';
import type { Transport } from './transport.ts';

/** Bytes of a list; the longest in the field (OpenRouter) is under 2 MB. */
const bodyLimit = 8 * 1024 * 1024;
/** Models of one provider that are kept. */
const modelLimit = 10_000;
/** Characters of one id. */
const idLimit = 256;

/** The list could not be read; the message says why and holds nothing that the provider sent. */
export class ModelListError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ModelListError';
  }
}

const readers: Record<ModelList['shape'], (body: JsonValue) => JsonValue[]> = {
  // Some OpenAI-compatible servers answer with the bare array.
  openai: (body) => (Array.isArray(body) ? body : asArray(asObject(body)?.['data'])),
  anthropic: (body) => asArray(asObject(body)?.['data']),
  ollama: (body) => asArray(asObject(body)?.['models']),
};

/** The ids of a list as its vendor answers, in order, without repetition. Throws ModelListError when it is none. */
export function readModelList(list: Pick<ModelList, 'shape' | 'idPrefix'>, text: string): string[] {
  const body = parseJson(text);
  if (body === undefined) throw new ModelListError('The answer to the model list is not JSON.');
  const rows = readers[list.shape](body);
  if (rows.length === 0 && !isEmptyList(body)) throw new ModelListError('The answer to the model list holds no list.');
  const ids = new Set<string>();
  for (const row of rows) {
    const id = readId(asObject(row), list.idPrefix);
    if (id !== undefined) ids.add(id);
    if (ids.size >= modelLimit) break;
  }
  return [...ids];
}

function isEmptyList(body: JsonValue): boolean {
  const object = asObject(body);
  return Array.isArray(body) || Array.isArray(object?.['data']) || Array.isArray(object?.['models']);
}

function readId(row: JsonObject | undefined, prefix: string | undefined): string | undefined {
  const id = asString(row?.['id']) ?? asString(row?.['name']);
  if (id === undefined || id === '' || id.length > idLimit || /\p{Cc}/u.test(id)) return undefined;
  return prefix !== undefined && id.startsWith(prefix) ? id.slice(prefix.length) : id;
}

/** What an HTTP status on the list means, for the person who has to act. */
const statusReasons: Record<number, string> = {
  401: 'the key was refused',
  403: 'the key may not read the list',
  404: 'there is no model list at this address',
  405: 'there is no model list at this address',
  429: 'the provider limits requests',
};

/** Asks a provider for its models. Rejects with an error whose message is fit for logs and people. */
export type FetchModelList = (provider: Provider, signal: AbortSignal) => Promise<string[]>;

/** A FetchModelList over the transport. */
export function modelListFetcher(transport: Pick<Transport, 'send'>): FetchModelList {
  return async (provider, signal) => {
    const list = provider.modelList;
    if (!list) return [...provider.staticModels];
    const response = await transport.send({
      origin: list.origin,
      method: 'GET',
      path: list.path,
      headers: { accept: 'application/json', ...list.headers },
      body: null,
      timeouts: provider.timeouts,
      signal,
      provider: provider.name,
    });
    if (response.status !== 200) {
      response.body.abort(new Error('The answer is not needed.'));
      const reason = statusReasons[response.status] ?? 'the list was not given';
      throw new ModelListError(`HTTP ${response.status}: ${reason}.`);
    }
    const bytes = await collectBody(response.body, bodyLimit);
    return readModelList(list, bytes.toString('utf8'));
  };
}

/** The reason of a failed reading in one line, from errors that are known to hold no secret. */
export function failureReason(error: unknown): string {
  const isOurs = error instanceof ModelListError || error instanceof GatewayError || error instanceof BodyTooLargeError;
  return isOurs ? error.message : 'The model list could not be read.';
}
