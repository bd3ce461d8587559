import * as z from 'zod';
import { accountRoute } from '../account.ts';
import { auditRoutes } from './audit-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { openApiDocument } from './openapi.ts';
import { meterRoutes } from './meter-routes.ts';
import { planRoutes } from './plan-routes.ts';
import { defineRoute } from './route.ts';
import type { ControlRoute } from './route.ts';
import { secretRoutes } from './secret-routes.ts';
import { subscriptionRoutes } from './subscription-routes.ts';
import { usageRoutes } from './usage-routes.ts';

/** Every route of the control plane with the role that it asks for. What is not here does not exist. */
export const controlRoutes: readonly ControlRoute[] = [
  accountRoute,
  ...keyRoutes,
  ...planRoutes,
  ...subscriptionRoutes,
  ...secretRoutes,
  ...usageRoutes,
  ...meterRoutes,
  ...auditRoutes,
  defineRoute({
    method: 'GET',
    path: '/admin/api/openapi.json',
    name: 'getOpenApi',
    summary: 'Describes this API as OpenAPI 3.1.',
    answer: z.record(z.string(), z.unknown()),
    handle: async (_input, { dependencies }) => openApiDocument(controlRoutes, dependencies.version),
  }),
];
