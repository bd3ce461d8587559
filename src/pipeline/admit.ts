import type { PipelineDependencies } from './dependencies.ts';
import { callsOf } from './embeddings.ts';
import { extend } from './stages.ts';
import type { Admitted, Planned } from './stages.ts';

type AdmitDependencies = Pick<PipelineDependencies, 'governance' | 'provider' | 'fit'>;

/**
 * Reserves the call, or as many as it will take, in every window of the key's plan, and leaves the targets that the key may
 * use. Counting tokens is no model call: it reserves nothing. Throws 403, 405, 429, or 503 when the store is away and a
 * limit says so.
 */
export async function admit(planned: Planned, dependencies: AdmitDependencies): Promise<Admitted> {
  if (planned.operation === 'count-tokens') return extend(planned, { quotaHeaders: {} });
  const admission = await dependencies.governance.desk.admit({
    requestId: planned.callId,
    principal: planned.principal,
    model: planned.model,
    targets: planned.targets,
    calls: callsOf(planned, dependencies),
    headers: planned.headers,
    // Its body may have taken long to arrive, and the ledger would take that moment for a clock that was set back.
    now: Date.now(),
  });
  return extend(planned, { targets: admission.targets, admission, quotaHeaders: admission.headers });
}
