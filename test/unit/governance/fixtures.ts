import { join } from 'node:path';
import type { Database } from '../../../src/domain/database.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import type { Target } from '../../../src/domain/target.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import { builtInPlans } from '../../../src/governance/built-in-plans.ts';
import { openSqliteDatabase } from '../../../src/store/sql/open-sqlite.ts';
import { temporaryFolder } from '../../contract/store-temp-folder.ts';

/** 2026-03-18 12:00 UTC+8, a Wednesday. */
export const noon = Date.parse('2026-03-18T12:00:00+08:00');
export const serverSecret = Buffer.alloc(32, 7);
export const actor = { actor: 'cli', now: noon };

/** A database of its own, gone with the scope. */
export async function testDatabase(): Promise<Database & AsyncDisposable> {
  const folder = temporaryFolder();
  const database = await openSqliteDatabase(join(folder.path, 'atelier.db'), { processId: 'test', now: noon });
  return {
    ...database,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      folder[Symbol.dispose]();
    },
  };
}

export function planNamed(name: string): Plan {
  const plan = builtInPlans.find((candidate) => candidate.name === name);
  if (plan === undefined) throw new Error(`no plan ${name}`);
  return plan;
}

/** A holder of the plan since noon. */
export function holderOf(plan: Plan): Principal & { holding: NonNullable<Principal['holding']> } {
  const subscription = {
    id: 'sub-1',
    owner: 'kim',
    plan: plan.name,
    keyId: 'AbCdEf123456',
    activatedAt: noon,
    endsAt: Date.parse('2026-04-18T23:59:59+08:00'),
    cancelledAt: null,
  };
  return { kind: 'plan', id: 'AbCdEf123456', holding: { subscription, plan } };
}

export function target(model: string, provider = 'bailian'): Target {
  return { provider, vendor: 'bailian', model, protocol: 'openai-chat' };
}

/** The GatewayError that a promise is rejected with. */
export async function refusalOf(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof GatewayError) return error;
  throw error;
}
