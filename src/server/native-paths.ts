import { GatewayError } from '../domain/gateway-error.ts';

/** True for the paths of DashScope's own protocol, HTTP and WebSocket. */
export function isNativePath(path: string): boolean {
  return /^\/api(?:-ws)?\/v1(?:\/|$)/.test(path);
}

/** What every native path answers as long as the gateway does not serve that protocol. */
export function nativeNotServed(path: string): GatewayError {
  return new GatewayError({
    status: 404,
    code: 'dashscope_not_served',
    message: `This gateway does not serve DashScope's own protocol, to which ${path.slice(0, 200)} belongs.`,
    origin: 'client',
    fix: 'For chat and embeddings use an OpenAI client with the base URL http://HOST:PORT/v1, for chat also an Anthropic client with http://HOST:PORT; for images, speech, video, files and tasks call Model Studio itself.',
  });
}
