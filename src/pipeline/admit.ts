import type { Governance } from './dependencies.ts';
import type { Admitted, Planned } from './stages.ts';

/**
 * Reserves the call in every window of the key's plan, and leaves the targets that the key may use. Counting tokens is no
 * model call: it reserves nothing. Throws 403, 405, 429, or 503 when the store is away and a limit says so.
 */
export async function admit(planned: Planned, { desk }: Pick<Governance, 'desk'>): Promise<Admitted> {
  if (planned.operation === 'count-tokens') return { ...planned, quotaHeaders: {} };
  const admission = await desk.admit({
    requestId: planned.callId,
    principal: planned.principal,
    model: planned.model,
    targets: planned.targets,
    headers: planned.headers,
    now: planned.receivedAt,
  });
  return { ...planned, targets: admission.targets, admission, quotaHeaders: admission.headers };
}
