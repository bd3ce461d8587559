import type { ErrorProtocol } from './record.ts';

/** What a program knows about a failed call; every field may be missing. */
export interface ErrorObservation {
  /** HTTP status, or the status that an error inside a stream names. */
  status?: number;
  /** Native, compatible or gRPC-like code, as sent. */
  code?: string;
  /** The message as sent, with any prefix and appended link. */
  message?: string;
  protocol?: ErrorProtocol;
  /** Host name, or the whole address, that was called. */
  host?: string;
  /** Response headers, names in lower case. */
  headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const statusSigns: readonly RegExp[] = [
  /:HTTP_STATUS\/(\d{3})/,
  /\b(?:error[ _-]?code|api error|status(?:[ _-]?code)?|http(?:[ _-]?(?:status|error|code))?|error)["'\]]{0,2} ?[:=(]{0,2} ?["']?(\d{3})\b/gi,
  /\bHTTP\/[\d.]{1,3} (\d{3})\b/g,
  /<(\d{3})>/g,
  /\b(\d{3}) (?:bad request|unauthorized|forbidden|not found|method not allowed|too many requests|internal server error|service unavailable)/gi,
  /["']code["'] ?: ?["']?(\d{3})\b/gi,
  /^\W{0,3}(\d{3})\b/g,
];
const namedCode = /["'](?:code|error_?code|Code)["'] ?: ?["']([A-Za-z][\w.-]{2,80})["']/g;
const assignedCode = /\b(?:error_?code|code)[=:] ?["']?([A-Za-z][\w.-]{2,80})/gi;
const prefixedCode = /(?:^|[\s>'":])([A-Z][A-Za-z]{2,40}(?:\.[A-Z][A-Za-z]{1,40}){1,3})\b/g;
const codeLike = /\b[A-Za-z][A-Za-z0-9]{1,40}(?:[._][A-Za-z0-9]{1,40}){1,5}\b|\b[A-Z][a-z]+[A-Z][A-Za-z]{2,40}\b/g;
const address = /\b(?:https?|wss?):\/\/([a-z0-9.-]{4,200})/gi;
const modelHost = /dashscope|\.maas\.|bailian/i;
const protocolSigns: readonly (readonly [RegExp, ErrorProtocol])[] = [
  [/\/apps\/anthropic|anthropic\.\w*error|"type" ?: ?"error"/i, 'anthropic'],
  [/\bwss:\/\/|task-failed/i, 'websocket'],
  [/\/compatible-mode\/|\bopenai\.\w*error|chatcmpl-/i, 'openai'],
  [/\/api\/v1\/services\//i, 'dashscope'],
];

/** Which codes the catalogue has. */
export interface KnownCodes {
  /** Whether a text in a field for codes is one. */
  asCode: (code: string) => boolean;
  /** Whether a word in prose is one; stricter, since most words are not. */
  inProse: (word: string) => boolean;
}

/**
 * Reads status, code, protocol and host out of anything a person pastes: JSON, a Python traceback, an HTTP dump, log lines.
 * `text` is normalised.
 */
export function readEvidence(text: string, known: KnownCodes): ErrorObservation {
  const status = findStatus(text);
  const code = findCode(text, known);
  const protocol = protocolSigns.find(([sign]) => sign.test(text))?.[1];
  const host = [...text.matchAll(address)].map((found) => found[1] ?? '').find((name) => modelHost.test(name));
  return {
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(host === undefined ? {} : { host }),
  };
}

/** The first status that is an error, or else the first one at all. */
function findStatus(text: string): number | undefined {
  const seen = statusSigns
    .flatMap((sign) => captures(text, sign))
    .map(Number)
    .filter((status) => status >= 100 && status < 600);
  return seen.find((status) => status >= 400) ?? seen[0];
}

/** A code in a field of its own beats one in the prose. Codes that the catalogue does not know are worth nothing here. */
function findCode(text: string, known: KnownCodes): string | undefined {
  for (const sign of [namedCode, assignedCode, prefixedCode]) {
    const found = captures(text, sign).find(known.asCode);
    if (found !== undefined) return found;
  }
  return (text.match(codeLike) ?? []).find(known.inProse);
}

function captures(text: string, sign: RegExp): string[] {
  if (!sign.global) return [sign.exec(text)?.[1] ?? ''].filter((value) => value !== '');
  return [...text.matchAll(sign)].map((found) => found[1] ?? '');
}

/** Seconds to wait that `retry-after-ms` or `retry-after` give; a date is left to the caller, who has a clock. */
export function retryAfterSeconds(headers: ErrorObservation['headers']): number | undefined {
  const milliseconds = Number(firstValue(headers?.['retry-after-ms']) ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds / 1_000;
  const seconds = firstValue(headers?.['retry-after']) ?? '';
  return /^\d{1,9}$/.test(seconds) ? Number(seconds) : undefined;
}

function firstValue(value: string | readonly string[] | undefined): string | undefined {
  const first = typeof value === 'string' ? value : value?.[0];
  return first === undefined || first.trim() === '' ? undefined : first.trim();
}
