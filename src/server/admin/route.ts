import * as z from 'zod';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { Principal } from '../../domain/principal.ts';
import type { Actor } from '../../governance/administration.ts';
import type { ControlDependencies } from './dependencies.ts';

/** Who may use a route: `admin` keys only, or `holder` for whoever may use the gateway at all. */
export type Role = 'admin' | 'holder';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a route's handler works with. */
export interface RouteCall {
  dependencies: ControlDependencies;
  principal: Principal;
  /** For the audit trail. */
  actor: Actor;
}

/** The parts of a request, not yet checked. */
export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** A text that is answered as it is, as `text/plain`. */
export class TextAnswer {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One route of the control plane; its schemas check the request, describe it in OpenAPI, and fix the answer's type. */
export interface ControlRoute {
  method: Method;
  /** As in OpenAPI: `/admin/api/keys/{id}`. */
  path: string;
  role: Role;
  /** Unique; the `operationId`. */
  name: string;
  summary: string;
  params: z.ZodObject;
  query: z.ZodObject;
  /** Absent where there is no body. */
  body?: z.ZodType;
  /** Absent where the answer has no body (204). */
  answer?: z.ZodType;
  status: 200 | 201 | 204;
  /** Throws GatewayError (400) for input that the schemas refuse, and what the handler throws. */
  run(input: RawInput, call: RouteCall): Promise<unknown>;
}

const nothing = z.strictObject({});

/** What `defineRoute` is told; a part that is left out must be empty in the request. */
interface RouteSpec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  method: Method;
  path: string;
  role?: Role;
  name: string;
  summary: string;
  params?: Params;
  query?: Query;
  body?: Body;
  answer?: Answer;
  status?: 200 | 201 | 204;
  handle(
    input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> },
    call: RouteCall,
  ): Promise<z.input<Answer> | TextAnswer>;
}

/** Ties a route's schemas to its handler. */
export function defineRoute<
  Params extends z.ZodObject = typeof nothing,
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<Params, Query, Body, Answer>): ControlRoute {
  const { method, path, name, summary, role = 'admin', body, answer, handle } = spec;
  const params: z.ZodObject = spec.params ?? nothing;
  const query: z.ZodObject = spec.query ?? nothing;
  const input = z.object({ params, query, body: body ?? z.undefined() });
  return {
    method,
    path,
    role,
    name,
    summary,
    params,
    query,
    ...(body && { body }),
    ...(answer && { answer }),
    status: spec.status ?? 200,
    async run(raw, call) {
      const checked = input.safeParse(raw);
      if (!checked.success) throw invalidInput(checked.error);
      // The object schema above is made of the three that the types come from, which inference cannot follow.
      return handle(checked.data as Parameters<typeof handle>[0], call);
    },
  };
}

/** 400 that names the first wrong value by its path in the body, or by its name in path or query. */
function invalidInput({ issues: [issue] }: z.ZodError): GatewayError {
  const [, ...path] = issue?.path ?? [];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const param = [...path, ...unknown].join('.').slice(0, 200);
  const message = unknown.length > 0 ? 'is not known here.' : `${issue?.message ?? 'is not valid'}.`;
  return new GatewayError({
    status: 400,
    code: 'invalid_parameter',
    message: param === '' ? `The request body ${message}` : `'${param}' ${message}`,
    ...(param !== '' && { param }),
    origin: 'client',
    fix: 'GET /admin/api/openapi.json describes every route.',
  });
}
