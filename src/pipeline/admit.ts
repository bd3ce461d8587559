import type { PipelineDependencies } from './dependencies.ts';
import { callsOf } from './embeddings.ts';
import { extend } from './stages.ts';
import type { Admitted, Planned } from './stages.ts';

type AdmitDependencies = Pick<PipelineDependencies, 'governance' | 'provider' | 'fit'>;

/**
 * Reserves the call, or as many as it will take, in every window of the key's plan, and leaves the targets that the key may
 * use. Counting tokens is no model call: it reserves nothing. Throws 400, 403, 405, 429, or 503 when the store is away and a
 * limit says so; and why a request has no targets.
 */
export async function admit(planned: Planned, dependencies: AdmitDependencies): Promise<Admitted> {
  const { desk } = dependencies.governance;
  const { principal, nowhere } = planned;
  // Its body may have taken long to arrive, and the ledger would take that moment for a clock that was set back.
  const now = Date.now();
  if (planned.operation === 'count-tokens') {
    if (nowhere !== undefined) throw nowhere;
    return extend(planned, { quotaHeaders: await desk.headers(principal, now) });
  }
  const admission = await desk.admit({
    requestId: planned.callId,
    principal,
    model: planned.model,
    targets: planned.targets,
    ...(nowhere !== undefined && { nowhere }),
    calls: callsOf(planned, dependencies),
    headers: planned.headers,
    now,
  });
  return extend(planned, { targets: admission.targets, admission, quotaHeaders: admission.headers });
}
