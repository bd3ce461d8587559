import type { IncomingHttpHeaders } from 'node:http';
import { explain } from '../catalogue/errors/explanation.ts';
import { secondsUntilRetry } from '../catalogue/errors/retry-time.ts';
import type { ErrorExplanation, GatewayError } from '../domain/gateway-error.ts';
import { readerLanguage } from '../wire/accept-language.ts';
import type { Destination, Diagnostics } from './diagnosis.ts';
import { isLoopbackHost } from './identify.ts';

/** What is known about an error beyond itself. */
export interface ErrorReport {
  /** Of its record in the catalogue. */
  id?: string;
  /** From the upstream, or computed from the record. */
  retryAfterSeconds?: number;
  /** For the body of the answer; absent when that is switched off. */
  explanation?: ErrorExplanation;
}

/** The catalogue as the pipeline uses it. */
export interface ErrorKnowledge {
  /** Finds nothing for the moment after the start in which the catalogue is read. */
  diagnostics: Pick<Diagnostics, 'diagnose'>;
  /** Answers carry cause and fix. */
  explain: boolean;
}

export interface ReportOptions {
  /** Of the client's request: language, and the address that it knows the gateway by. */
  headers: IncomingHttpHeaders;
  destination?: Destination | undefined;
  /** Epoch milliseconds. */
  now: number;
}

/** Looks an error up and says it in the client's language. */
export function reportError(error: GatewayError, knowledge: ErrorKnowledge, options: ReportOptions): ErrorReport {
  const diagnosis = knowledge.diagnostics.diagnose(error, options.destination);
  const { retryAfterSeconds = diagnosis && secondsUntilRetry(diagnosis.record.retryable, options.now) } = error;
  const report: ErrorReport = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (!diagnosis) return report;
  const { record } = diagnosis;
  report.id = record.id;
  if (!knowledge.explain) return report;
  const language = readerLanguage(options.headers['accept-language']);
  const text = explain(diagnosis, language);
  // The gateway's own errors know more about this very case than their record; what they say is English.
  const fix = language === 'en' ? (error.fix ?? text.fix) : text.fix;
  report.explanation = {
    id: record.id,
    origin: error.origin === 'provider' ? record.origin : error.origin,
    cause: text.cause,
    fix,
    // Of an unknown error only the status speaks, and the provider's own word counts before both.
    retryable: error.noRetry
      ? 'never'
      : diagnosis.certain
        ? record.retryable.kind
        : error.retryable
          ? 'backoff'
          : 'never',
    retry_after: retryAfterSeconds === undefined ? null : Math.ceil(retryAfterSeconds),
    doc: docLink(record.id, options.headers),
  };
  return report;
}

/**
 * Where the record can be read. The whole address only when the request shows it beyond doubt: it came straight to a name of
 * this machine, or through a proxy that says how. Otherwise the path, which holds below every address of the gateway.
 */
export function docLink(id: string, headers: IncomingHttpHeaders): string {
  const path = `/errors/${id}`;
  const { host } = headers;
  if (host === undefined || !/^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)) return path;
  const scheme = headers['x-forwarded-proto'];
  if (scheme === 'https' || scheme === 'http') return `${scheme}://${host}${path}`;
  const direct = headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
  return direct && isLoopbackHost(URL.parse(`http://${host}`)?.hostname ?? '') ? `http://${host}${path}` : path;
}
