import { lookUp } from '../../wire/dispatch.ts';

/**
 * The HTTP status that a code stands for, where an error comes inside a stream that began with 200. Model Studio's codes
 * in both spellings (error-code page), OpenAI's and Anthropic's types, Gemini's status names.
 */
const statusOfCode: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  invalid_parameter_error: 400,
  invalid_argument: 400,
  context_length_exceeded: 400,
  data_inspection_failed: 400,
  datainspectionfailed: 400,
  content_filter: 400,
  arrearage: 400,
  failed_precondition: 400,
  invalid_api_key: 401,
  invalidapikey: 401,
  authentication_error: 401,
  unauthenticated: 401,
  billing_error: 402,
  insufficient_balance: 402,
  permission_error: 403,
  permission_denied: 403,
  access_denied: 403,
  not_found_error: 404,
  not_found: 404,
  model_not_found: 404,
  modelnotfound: 404,
  model_not_supported: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  rate_limit_reached: 429,
  limit_requests: 429,
  limit_burst_rate: 429,
  insufficient_quota: 429,
  resource_exhausted: 429,
  api_error: 500,
  server_error: 500,
  internal_error: 500,
  internalerror: 500,
  internal: 500,
  requesttimeout: 500,
  modelservingerror: 503,
  modelunavailable: 503,
  service_unavailable: 503,
  unavailable: 503,
  timeout_error: 504,
  deadline_exceeded: 504,
  overloaded_error: 529,
};

/** Families of dotted codes, by their first word: `Throttling.RateQuota`, `InvalidParameter.DataInspection`. */
const statusOfFamily: Readonly<Record<string, number>> = {
  invalidparameter: 400,
  datainspectionfailed: 400,
  accessdenied: 403,
  throttling: 429,
  limitrequests: 429,
  internalerror: 500,
};

/** Model Studio starts many messages with the status of the stage that refused: `<400> InternalError.Algo...`. */
const statusInMessage = /^<(\d{3})>/;

function asErrorStatus(value: number): number | undefined {
  return Number.isInteger(value) && value >= 400 && value <= 599 ? value : undefined;
}

function ofName(name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  return asErrorStatus(Number(lower)) ?? lookUp(statusOfCode, lower) ?? lookUp(statusOfFamily, lower.split('.', 1)[0]);
}

/** What an error inside a 200 answer stands for; 502 when nothing in it tells. */
export function failureStatus(error: { code?: string; type?: string; message: string }): number {
  const inMessage = statusInMessage.exec(error.message)?.[1];
  return ofName(error.code) ?? asErrorStatus(Number(inMessage)) ?? ofName(error.type) ?? 502;
}
