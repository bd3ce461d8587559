import type { ErrorCatalogue } from '../catalogue/errors/catalogue.ts';
import type { Explained } from '../catalogue/errors/explanation.ts';
import type { ErrorMatch } from '../catalogue/errors/matcher.ts';
import type { ErrorProtocol } from '../catalogue/errors/record.ts';
import { errorMessage } from '../codec/shared/failure.ts';
import type { GatewayError } from '../domain/gateway-error.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { Provider } from '../domain/provider.ts';
import type { Target } from '../domain/target.ts';

/** What the catalogue knows about a failure. */
export interface Diagnosis extends Explained {
  /** The message or the code was recognised, not only the status: decisions may rest on it. */
  certain: boolean;
}

/** Where a failed request had been sent. */
export interface Destination {
  target: Target;
  provider: Provider | undefined;
}

const errorProtocols: Readonly<Record<Protocol, ErrorProtocol>> = {
  'openai-chat': 'openai',
  'anthropic-messages': 'anthropic',
};

/** What a provider's refusal is called when it brings no code of its own. */
export const unnamedCode = 'upstream_error';

/** Looks errors up, each once however many ask. */
export class Diagnostics {
  readonly #catalogue: () => ErrorCatalogue | undefined;
  readonly #known = new WeakMap<GatewayError, Diagnosis>();

  /** `catalogue` gives undefined while it is being read. */
  constructor(catalogue: () => ErrorCatalogue | undefined) {
    this.#catalogue = catalogue;
  }

  diagnose(error: GatewayError, destination?: Destination): Diagnosis | undefined {
    const known = this.#known.get(error);
    if (known) return known;
    const catalogue = this.#catalogue();
    const diagnosis = catalogue && diagnose(error, catalogue, destination);
    if (diagnosis) this.#known.set(error, diagnosis);
    return diagnosis;
  }
}

/** Finds the record of an error: the gateway's own by its code, a provider's by message, code or status. */
export function diagnose(
  error: GatewayError,
  catalogue: ErrorCatalogue,
  destination?: Destination,
): Diagnosis | undefined {
  const own = ownRecord(error, catalogue);
  if (own) return own;
  const { status, message, type } = error;
  const code = error.code === unnamedCode ? undefined : error.code;
  const given = { status, ...(code === undefined ? {} : { code }) };
  // Words that only resemble others must not hide a code that is clear. A type says less than a code, so it is asked last.
  const looks = [
    { ...given, message, ...(destination && placeOf(destination)) },
    code === undefined && type !== undefined ? { status, code: type } : given,
  ];
  const best = looks
    .map((observation) => catalogue.matchError(observation)[0])
    .find((match) => match && isCertain(match));
  if (best) return { ...best, certain: true };
  const byStatus = isPlatform(destination) ? catalogue.matchError({ status })[0] : undefined;
  return byStatus ? { ...byStatus, certain: false } : fallback(error, catalogue);
}

/** A message that was recognised, or a code that one record stands for. */
function isCertain({ by, confidence }: ErrorMatch): boolean {
  if (by === 'message') return confidence >= 0.75;
  return by === 'code' && confidence >= 0.6;
}

/** The record of an error that did not come from a provider, or of an answer that made no sense. */
function ownRecord(error: GatewayError, catalogue: ErrorCatalogue): Diagnosis | undefined {
  const isOwn = error.origin !== 'provider' || (error.code.startsWith('upstream_') && error.code !== unnamedCode);
  const own = isOwn ? byCode(error.code, catalogue) : undefined;
  if (!own) return undefined;
  const match = catalogue.matchError({ message: errorMessage(error) }).find(({ record }) => record === own.record);
  return { ...own, params: match?.params ?? {} };
}

/** The gateway's records are named after their codes. */
function byCode(code: string, { byId }: ErrorCatalogue): Diagnosis | undefined {
  const record = byId(`gateway-${code.replaceAll('_', '-')}`);
  return record && { record, params: {}, certain: true };
}

/** A status means on other vendors' servers what it means everywhere, and no more. */
function isPlatform(destination: Destination | undefined): boolean {
  return destination?.provider?.catalogued === true;
}

function fallback(error: GatewayError, catalogue: ErrorCatalogue): Diagnosis | undefined {
  const unknown = error.origin === 'provider' ? byCode(unnamedCode, catalogue) : undefined;
  return unknown && { ...unknown, certain: false };
}

function placeOf({ target, provider }: Destination): { protocol: ErrorProtocol; host?: string } {
  const host = provider?.endpoints[target.protocol]?.origin;
  return { protocol: errorProtocols[target.protocol], ...(host === undefined ? {} : { host }) };
}
