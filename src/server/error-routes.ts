import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCatalogue } from '../catalogue/errors/catalogue.ts';
import type { ErrorObservation } from '../catalogue/errors/evidence.ts';
import type { Language } from '../catalogue/errors/explanation.ts';
import type { ErrorMatch } from '../catalogue/errors/matcher.ts';
import { areas } from '../catalogue/errors/record.ts';
import { filterRecords, isArea } from '../catalogue/errors/search.ts';
import { matchView, recordView, summaryView } from '../catalogue/errors/view.ts';
import type { ViewOptions } from '../catalogue/errors/view.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { isObject, parseJson } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import { docLink } from '../pipeline/error-report.ts';
import { readerLanguage } from '../wire/accept-language.ts';
import { listPage, recordPage } from './error-pages.ts';

/** What the request for a page or list says. */
export interface ErrorsRequest {
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
}

/** JSON, or a page for people as text. */
export interface ErrorsAnswer {
  status: number;
  body: JsonObject | string;
  headers?: Record<string, string>;
}

/** `GET /errors?area=&search=`: the records that pass the filter. */
export async function listErrors(request: ErrorsRequest, catalogue: ErrorCatalogue): Promise<ErrorsAnswer> {
  const { query } = request;
  const area = query.get('area') ?? '';
  const search = query.get('search') ?? '';
  if (area !== '' && !isArea(area)) {
    throw unusable('area', `There is no area \`${area.slice(0, 60)}\`.`, `The areas are: ${areas.join(', ')}.`);
  }
  const found = filterRecords(catalogue.records, { area: area === '' ? undefined : area, search });
  if (wantsPage(request.headers)) return listPage(found, { ...readerOf(request), area, search });
  const options = viewOptions(request);
  return { status: 200, body: { errors: found.map((record) => summaryView(record, options)) }, headers: vary };
}

/** `GET /errors/{id}`. Throws 404. */
export async function showError(id: string, request: ErrorsRequest, catalogue: ErrorCatalogue): Promise<ErrorsAnswer> {
  const record = catalogue.byId(id);
  if (wantsPage(request.headers)) return recordPage(record, { ...readerOf(request), id, byId: catalogue.byId });
  if (record) return { status: 200, body: recordView(record, viewOptions(request)), headers: vary };
  throw new GatewayError({
    status: 404,
    code: 'not_found',
    message: `There is no error '${id.slice(0, 80)}'.`,
    origin: 'client',
    fix: 'GET /errors lists them; POST /errors/explain finds one by its text.',
  });
}

/** Bytes of a pasted text. */
export const explainLimit = 256 * 1024;

/** `POST /errors/explain`: `{text}` of any form, or what a program knows of the error. Throws 400. */
export function explainErrors(body: Buffer, request: ErrorsRequest, catalogue: ErrorCatalogue): ErrorsAnswer {
  const options = viewOptions(request);
  const matches = matchesOf(body, request.headers, catalogue);
  return { status: 200, body: { matches: matches.map((match) => matchView(match, options)) } };
}

function matchesOf(body: Buffer, headers: IncomingHttpHeaders, catalogue: ErrorCatalogue): ErrorMatch[] {
  const text = body.toString('utf8');
  if (headers['content-type']?.startsWith('text/plain')) return catalogue.matchText(text);
  const asked = parseJson(text);
  if (!isObject(asked)) throw unusable(undefined, 'The body must be a JSON object, or text/plain.');
  if (typeof asked['text'] === 'string') return catalogue.matchText(asked['text']);
  if (asked['text'] !== undefined) throw unusable('text', '`text` must be a string.');
  return catalogue.matchError(readObservation(asked));
}

const protocolNames = ['openai', 'anthropic', 'dashscope', 'websocket', 'sdk', 'client'] as const;

function readObservation(asked: JsonObject): ErrorObservation {
  const observation: ErrorObservation = {};
  const status = asked['status'] ?? undefined;
  if (typeof status === 'number') observation.status = status;
  else if (status !== undefined) throw unusable('status', '`status` must be a number.');
  for (const name of ['code', 'message', 'host'] as const) {
    const value = asked[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') throw unusable(name, `\`${name}\` must be a string.`);
    observation[name] = value;
  }
  const named = asked['protocol'] ?? undefined;
  const protocol = protocolNames.find((name) => name === named);
  if (protocol) observation.protocol = protocol;
  else if (named !== undefined) throw unusable('protocol', `\`protocol\` must be one of ${protocolNames.join(', ')}.`);
  if (Object.keys(observation).length > 0) return observation;
  throw unusable(
    'text',
    'There is nothing to explain in the body.',
    'Send `text`, or some of `status`, `code`, `message`, `protocol`, `host`.',
  );
}

function unusable(param: string | undefined, message: string, fix?: string): GatewayError {
  return new GatewayError({
    status: 400,
    code: 'invalid_request_error',
    message,
    origin: 'client',
    ...(param === undefined ? {} : { param }),
    ...(fix === undefined ? {} : { fix }),
  });
}

/** The answer depends on both. */
const vary = { vary: 'accept, accept-language' };

/** A browser names HTML first; programs that take anything get JSON. */
function wantsPage({ accept = '' }: IncomingHttpHeaders): boolean {
  const page = accept.indexOf('text/html');
  const json = accept.indexOf('application/json');
  return page !== -1 && (json === -1 || page < json);
}

/** `?lang=` counts more than the browser's languages, and the links of the page keep it. */
function readerOf({ headers, query }: ErrorsRequest): { language: Language; chosen: boolean } {
  const asked = query.get('lang');
  const chosen = asked === 'zh' || asked === 'en';
  return { language: chosen ? asked : readerLanguage(headers['accept-language']), chosen };
}

function viewOptions(request: ErrorsRequest): ViewOptions {
  const { language } = readerOf(request);
  return { language, docOf: (id) => docLink(id, request.headers), now: Date.now() };
}
