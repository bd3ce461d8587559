/**
 * How a refusal is wrapped on the OpenAI path:
 * `common` carries `id` and `request_id` with the same uuid; `edge` is the schema check before the service, whose
 * `request_id` has the prefix of a completion; `plain` has a bare `request_id`; `text` is an error that is only a string.
 */
export type Envelope = 'common' | 'edge' | 'plain' | 'text' | 'embeddings';

/** A request that is not served, in terms of the platform; each protocol renders it. */
export interface Refusal {
  status: number;
  envelope: Envelope;
  /** As sent, prefix included. */
  message: string;
  /** `type` and `code` on the OpenAI path. */
  type: string;
  code: string | null;
  param: string | null;
  /** Code in DashScope's own protocol. */
  nativeCode: string;
}

const common: Refusal = {
  status: 400,
  envelope: 'common',
  message: '',
  type: 'invalid_request_error',
  code: 'invalid_parameter_error',
  param: null,
  nativeCode: 'InvalidParameter',
};

/** The model service refused a parameter: most messages carry this prefix. */
export function algorithmRefusal(message: string): Refusal {
  return { ...common, message: `<400> InternalError.Algo.InvalidParameter: ${message}` };
}

/** The gateway of the platform refused a parameter: the same envelope without the prefix. */
export function parameterRefusal(message: string): Refusal {
  return { ...common, message };
}

/** The schema check at the edge refused the body. */
export function edgeRefusal(message: string, options: { code?: string; param?: string } = {}): Refusal {
  return { ...common, envelope: 'edge', message, code: options.code ?? null, param: options.param ?? null };
}

/** The request was not read at all: broken body, wrong method. */
export function requestRefusal(message: string, status = 400): Refusal {
  return { ...common, status, envelope: 'plain', message, code: null };
}

/** The key was refused. */
export function authRefusal(status: 401 | 403, message: string): Refusal {
  return { ...common, status, envelope: 'plain', message, code: 'invalid_api_key', nativeCode: 'InvalidApiKey' };
}

/** The model does not exist, or not on this path. */
export function modelRefusal(status: 400 | 404, code: string, message: string): Refusal {
  const nativeCode = code === 'model_not_found' ? 'ModelNotFound' : code;
  return { ...common, status, envelope: 'plain', message, code, nativeCode };
}

/** A failure inside the model service. */
export function serviceRefusal(message: string): Refusal {
  return {
    ...common,
    status: 500,
    message: `<500> InternalError.Algo: ${message}`,
    type: 'internal_error',
    code: 'internal_error',
    nativeCode: 'InternalError.Algo',
  };
}
