import { GatewayError } from '../domain/gateway-error.ts';

interface NetworkFailure {
  status: number;
  code: string;
  /** `{provider}` stands for the provider's name. */
  message: string;
  fix: string;
  retryable: boolean;
}

const unreachable: NetworkFailure = {
  status: 502,
  code: 'upstream_unreachable',
  message: 'The provider {provider} could not be reached',
  fix: "Check the base URL of the provider and this machine's network, then run the request again.",
  retryable: true,
};

const tlsFailure: NetworkFailure = {
  status: 502,
  code: 'upstream_tls_error',
  message: 'The secure connection to the provider {provider} was refused',
  fix: 'Check that the base URL names the right host and that its certificate is trusted here (NODE_EXTRA_CA_CERTS for a private one).',
  retryable: false,
};

const disconnected: NetworkFailure = {
  status: 502,
  code: 'upstream_disconnected',
  message: 'The provider {provider} closed the connection before the answer was complete',
  fix: "Run the request again; when it happens often, look at the provider's status page or at proxies on the way.",
  retryable: true,
};

/** By the code that Node or undici puts on the error. */
const failures: Record<string, NetworkFailure> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: { ...unreachable, message: 'The host of the provider {provider} does not exist in DNS' },
  EAI_AGAIN: {
    ...unreachable,
    message: 'The host of the provider {provider} could not be looked up (DNS did not answer)',
  },
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  UND_ERR_CONNECT_TIMEOUT: {
    ...unreachable,
    status: 504,
    code: 'upstream_connect_timeout',
    message: 'The provider {provider} did not accept a connection in time',
  },
  UND_ERR_HEADERS_TIMEOUT: {
    status: 504,
    code: 'upstream_first_byte_timeout',
    message: 'The provider {provider} sent no answer in time',
    fix: 'Ask for a streamed answer, or raise timeouts.first_byte of the provider.',
    retryable: false,
  },
  UND_ERR_BODY_TIMEOUT: {
    status: 504,
    code: 'upstream_idle_timeout',
    message: 'The provider {provider} stopped sending in the middle of the answer',
    fix: 'Run the request again, or raise timeouts.idle of the provider.',
    retryable: true,
  },
  ECONNRESET: disconnected,
  EPIPE: disconnected,
  UND_ERR_SOCKET: disconnected,
};

/** An error of the connection as a GatewayError of origin `network`; a GatewayError passes as it is. */
export function toNetworkError(error: Error, provider: string): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = errorCode(error);
  const failure = failures[code] ?? (isTlsCode(code) ? tlsFailure : disconnected);
  return new GatewayError({
    status: failure.status,
    code: failure.code,
    message: `${failure.message.replace('{provider}', provider)}${code ? ` (${code})` : ''}.`,
    origin: 'network',
    retryable: failure.retryable,
    fix: failure.fix,
    cause: error,
  });
}

/** The codes of calls for which no connection came about. */
const neverSent: ReadonlySet<string> = new Set([unreachable.code, tlsFailure.code, 'upstream_connect_timeout']);

/** Whether the provider may have got the call that failed so, as far as can be told from here. */
export function mayHaveArrived(error: unknown): boolean {
  return !(error instanceof GatewayError) || !neverSent.has(error.code);
}

function errorCode(error: Error): string {
  if (error instanceof AggregateError) {
    const [first] = error.errors;
    if (first instanceof Error) return errorCode(first);
  }
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isTlsCode(code: string): boolean {
  return code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT') || code === 'EPROTO';
}
