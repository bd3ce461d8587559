import type { ReadRequest } from '../domain/codec.ts';
import type { Conversation } from '../domain/conversation.ts';
import { isObject } from '../domain/json.ts';
import type { Endpoint, Provider } from '../domain/provider.ts';
import type { Target } from '../domain/target.ts';
import { checkRequest } from '../fit/checks/checks.ts';
import { fitContext, fitRequest } from '../fit/rules.ts';
import type { FitContext } from '../fit/rule.ts';
import type { Fitted } from '../fit/rules.ts';
import { JsonDocument } from '../wire/json-document.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { notJson } from './read-head.ts';
import type { Admitted } from './stages.ts';
import { upstreamHeaders } from './upstream-headers.ts';

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
  /** Tool names as sent, to the client's own. */
  toolNames?: ReadonlyMap<string, string>;
}

/**
 * Fits the request to one target: the received bytes with the named edits when the protocols agree, a translation
 * otherwise. `first` may edit the document that was read; later attempts start again from the received bytes. Throws the
 * GatewayError of a request that the target is sure to refuse.
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
    const fitted = fit({ document, target, provider }, admitted, dependencies);
    return {
      endpoint,
      provider,
      path: provider.quirks.isAnthropic === true ? endpoint.path + admitted.query : endpoint.path,
      headers: upstreamHeaders(admitted, { endpoint, provider, version: dependencies.version }),
      body: document.toBytes(),
      adjusted: [...fitted.applied, ...dropped],
      stripUsage,
      ...(fitted.toolNames && { toolNames: fitted.toolNames }),
    };
  } catch (error) {
    throw notJson(error);
  }
}

/** Applies the rules and then the checks that are on for this target; none for a request that says `x-atelier-fit: off`. */
function fit(
  request: Pick<FitContext, 'document' | 'target' | 'provider'>,
  { stream, headers, modelStudio }: Admitted,
  { fit: switchboard, flaggedTurns }: PipelineDependencies,
): Fitted {
  if (headers['x-atelier-fit'] === 'off') return { applied: [] };
  const context = fitContext({
    ...request,
    stream,
    wantsOwnDefaults: modelStudio,
    wasRefused: (text) => flaggedTurns.has(text),
  });
  const { rules, checks } = switchboard.selectionFor(request.target);
  const fitted = fitRequest(context, rules);
  const refused = checkRequest(context, checks);
  if (refused) throw refused;
  return fitted;
}

interface WriteOptions {
  target: Target;
  provider: Provider;
  first: boolean;
  dependencies: PipelineDependencies;
}

function writeFor(admitted: Admitted, options: WriteOptions): { document: JsonDocument; dropped: string[] } {
  const { target, provider, first, dependencies } = options;
  // An earlier attempt may have edited the document that was read.
  const document = first ? admitted.document : new JsonDocument(admitted.body);
  if (target.protocol === admitted.protocol) {
    if (target.model !== admitted.model) document.set(['model'], target.model);
    return { document, dropped: [] };
  }
  const read: ReadRequest = dependencies.codecs[admitted.protocol].readRequest(document.value);
  const written = dependencies.codecs[target.protocol].writeRequest(
    { ...withDefaults(read.conversation, admitted), model: target.model },
    { thinkingSwitch: provider.quirks.thinkingSwitch === true },
  );
  return {
    document: new JsonDocument(Buffer.from(JSON.stringify(written.body))),
    dropped: [...read.dropped, ...written.dropped],
  };
}

/** One tool call at a time where the client counts on Model Studio's default, since other platforms have another one. */
function withDefaults(conversation: Conversation, { modelStudio }: Admitted): Conversation {
  if (!modelStudio || conversation.tools.length === 0 || conversation.parallelToolCalls !== undefined)
    return conversation;
  return { ...conversation, parallelToolCalls: false };
}

/** Streams of the OpenAI protocol report usage only on demand, and every call must be accounted for. */
function askForUsage(
  document: JsonDocument,
  { target, provider, stream }: { target: Target; provider: Provider; stream: boolean },
): boolean {
  if (!stream || target.protocol !== 'openai-chat') return false;
  if (provider.quirks.noStreamOptions === true) {
    if (document.has('stream_options')) document.remove(['stream_options']);
    return false;
  }
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
