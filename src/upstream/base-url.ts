import type { Protocol } from '../domain/protocol.ts';
import { ProviderConfigError } from './provider-config-error.ts';

/** A base URL as a person pasted it, taken apart. */
export interface BaseUrl {
  origin: string;
  /** Lower-case, without the port. */
  hostname: string;
  /** Without a trailing slash and without the call (`/chat/completions`); '' for the bare host. */
  path: string;
  /** With its `?`, or ''. */
  query: string;
  /** Set when the URL named a whole call: the protocol it belongs to. */
  called?: Protocol;
}

/** Ends of a path that name a call rather than a base; longer ones first. */
const callPaths: readonly { end: string; protocol?: Protocol }[] = [
  { end: '/chat/completions', protocol: 'openai-chat' },
  { end: '/messages/count_tokens', protocol: 'anthropic-messages' },
  { end: '/messages', protocol: 'anthropic-messages' },
  { end: '/completions' },
  { end: '/embeddings' },
  { end: '/responses' },
  { end: '/models' },
];

/**
 * Reads a base URL in any form that people paste: without a scheme, with trailing or doubled slashes, with the path of a call.
 * Throws ProviderConfigError for what is not an HTTP address or carries credentials.
 */
export function parseBaseUrl(text: string, provider: string): BaseUrl {
  const url = toUrl(text.trim(), provider);
  if (url.username || url.password) {
    throw new ProviderConfigError({
      provider,
      message: 'The base URL carries a user name or password.',
      fix: 'Leave them out of the URL; a key goes into api_key, anything else into headers.',
      settings: ['base_url'],
    });
  }
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/\/+$/, '');
  const call = callPaths.find(({ end }) => path.endsWith(end));
  return {
    origin: url.origin,
    hostname: url.hostname.toLowerCase(),
    path: call ? path.slice(0, -call.end.length) : path,
    query: url.search,
    ...(call?.protocol && { called: call.protocol }),
  };
}

function toUrl(text: string, provider: string): URL {
  if (/[{}<>]/.test(text)) {
    throw new ProviderConfigError({
      provider,
      message: 'The base URL has a placeholder in it.',
      fix: 'Put the real value in its place, for example the workspace id of the console for {workspace-id}.',
      settings: ['base_url'],
    });
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const full = scheme ? text : `${isLocal(text.replace(/[:/?#].*$/s, '')) ? 'http' : 'https'}://${text}`;
  const isHttp = scheme === undefined || scheme === 'http' || scheme === 'https';
  if (!isHttp || !URL.canParse(full)) {
    throw new ProviderConfigError({
      provider,
      message: 'The base URL is not an http or https address.',
      fix: 'Give it as https://host/path, for example https://dashscope.aliyuncs.com/compatible-mode/v1.',
      settings: ['base_url'],
    });
  }
  return new URL(full);
}

/** True for this machine and private networks, where plain HTTP is usual. */
export function isLocal(hostname: string): boolean {
  if (!hostname.includes('.') || /\.(local|localhost|internal|lan)$/i.test(hostname)) return true;
  return /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(hostname);
}
