import { GatewayError } from '../domain/gateway-error.ts';
import { JsonDocument } from '../wire/json-document.ts';
import { JsonSyntaxError } from '../wire/json-scan.ts';
import { extend } from './stages.ts';
import type { Identified, Read } from './stages.ts';

/** The longest model name that is looked up; longer ones exist only to do harm. */
const maxModelLength = 256;

/** Reads what routing needs, the rest of the body stays bytes. Throws 400. */
export function readHead(identified: Identified): Read {
  const document = parseBody(identified.body);
  const model = readMember(document, 'model');
  if (model === undefined || model === null || model === '') {
    throw invalid(
      'you must provide a model parameter.',
      'model',
      'Add "model" to the body; GET /v1/models lists the names.',
    );
  }
  if (typeof model !== 'string') throw invalid('The model parameter must be a string.', 'model');
  if (model.length > maxModelLength)
    throw invalid(`The model name is longer than ${maxModelLength} characters.`, 'model');
  const stream = identified.operation === 'generate' && readMember(document, 'stream') === true;
  return extend(identified, { document, model, stream });
}

function parseBody(body: Buffer): JsonDocument {
  if (body.length === 0) throw invalid('The request has no body.', undefined, 'Send a JSON object.');
  try {
    return new JsonDocument(body);
  } catch (error) {
    throw notJson(error);
  }
}

function readMember(document: JsonDocument, key: string): unknown {
  try {
    return document.get(key);
  } catch (error) {
    throw notJson(error);
  }
}

/** A JSON syntax error as the client's 400; anything else as it is. */
export function notJson(error: unknown): unknown {
  if (!(error instanceof JsonSyntaxError)) return error;
  return invalid(
    `Required body invalid, please check the request body format. ${error.message}.`,
    undefined,
    'The body must be one JSON object: look for a missing bracket, a trailing comma or an unescaped quote.',
  );
}

function invalid(message: string, param?: string, fix?: string): GatewayError {
  return new GatewayError({
    status: 400,
    code: 'invalid_request_error',
    message,
    origin: 'client',
    ...(param === undefined ? {} : { param }),
    ...(fix === undefined ? {} : { fix }),
  });
}
