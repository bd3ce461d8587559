import type { ReadRequest } from '../domain/codec.ts';
import { isObject } from '../domain/json.ts';
import type { Endpoint, Provider } from '../domain/provider.ts';
import type { Target } from '../domain/target.ts';
import { fitRequest } from '../fit/rules.ts';
import { JsonDocument } from '../wire/json-document.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { notJson } from './read-head.ts';
import type { Admitted } from './stages.ts';

/** A request in the form one target takes. */
export interface Prepared {
  endpoint: Endpoint;
  provider: Provider;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  adjusted: string[];
  /** The gateway asked for the usage frame; the client did not. */
  stripUsage: boolean;
}

/**
 * Fits the request to one target: the received bytes with the named edits when the protocols agree, a translation
 * otherwise. `first` may edit the document that was read; later attempts start again from the received bytes.
 */
export function prepare(
  admitted: Admitted,
  target: Target,
  options: { first: boolean; dependencies: PipelineDependencies },
): Prepared {
  const { dependencies } = options;
  const provider = dependencies.provider(target.provider);
  const endpoint = provider?.endpoints[target.protocol];
  if (!provider || !endpoint) throw new Error(`No endpoint for ${target.provider} ${target.protocol}`);
  try {
    const { document, dropped } = writeFor(admitted, { target, provider, ...options });
    const stripUsage = askForUsage(document, { target, provider, stream: admitted.stream });
    const context = { document, target, provider, stream: admitted.stream };
    const rules = fitRequest(context, (rule) => dependencies.isRuleEnabled(rule, target));
    return {
      endpoint,
      provider,
      path: provider.quirks.isAnthropic === true ? endpoint.path + admitted.query : endpoint.path,
      headers: {
        ...forwardedHeaders(admitted, provider, dependencies.version),
        ...endpoint.headers,
        ...(provider.quirks.isAnthropic === true ? pick(admitted, anthropicOnly) : {}),
        'content-type': 'application/json',
      },
      body: document.toBytes(),
      adjusted: [...rules, ...dropped],
      stripUsage,
    };
  } catch (error) {
    throw notJson(error);
  }
}

interface WriteOptions {
  target: Target;
  provider: Provider;
  first: boolean;
  dependencies: PipelineDependencies;
}

function writeFor(admitted: Admitted, options: WriteOptions): { document: JsonDocument; dropped: string[] } {
  const { target, provider, first, dependencies } = options;
  if (target.protocol === admitted.protocol) {
    const document = first ? admitted.document : new JsonDocument(admitted.body);
    if (target.model !== admitted.model) document.set(['model'], target.model);
    return { document, dropped: [] };
  }
  const read: ReadRequest = dependencies.codecs[admitted.protocol].readRequest(admitted.document.value);
  const written = dependencies.codecs[target.protocol].writeRequest(
    { ...read.conversation, model: target.model },
    { thinkingSwitch: provider.quirks.thinkingSwitch === true },
  );
  return {
    document: new JsonDocument(Buffer.from(JSON.stringify(written.body))),
    dropped: [...read.dropped, ...written.dropped],
  };
}

/** Streams of the OpenAI protocol report usage only on demand, and every call must be accounted for. */
function askForUsage(
  document: JsonDocument,
  { target, provider, stream }: { target: Target; provider: Provider; stream: boolean },
): boolean {
  if (!stream || target.protocol !== 'openai-chat' || provider.quirks.noStreamOptions === true) return false;
  const options = document.get('stream_options');
  if (isObject(options)) {
    if (options['include_usage'] === true) return false;
    document.set(['stream_options', 'include_usage'], true);
    return true;
  }
  // A value of a wrong type is the upstream's to refuse.
  if (options !== undefined && options !== null) return false;
  document.set(['stream_options'], { include_usage: true });
  return true;
}

/** Headers of the client that mean something upstream. The user agent is passed on as it is: no client is disguised. */
const forwarded = ['traceparent', 'tracestate', 'idempotency-key'] as const;
/** The client's own version and betas count more than the vendor's default. */
const anthropicOnly = ['anthropic-version', 'anthropic-beta'] as const;

function forwardedHeaders(admitted: Admitted, provider: Provider, version: string): Record<string, string> {
  const { headers } = admitted;
  const result: Record<string, string> = {
    'user-agent': headers['user-agent'] ?? `atelier/${version}`,
    ...pick(admitted, forwarded),
  };
  if (provider.quirks.dashscopeHeaders !== true) return result;
  for (const name in headers) {
    const value = headers[name];
    if (name.startsWith('x-dashscope-') && typeof value === 'string') result[name] = value;
  }
  return result;
}

function pick({ headers }: Admitted, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string') picked[name] = value;
  }
  return picked;
}
