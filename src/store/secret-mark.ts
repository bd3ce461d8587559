import { createHmac } from 'node:crypto';
import type { Tables } from '../domain/ports.ts';

/** The mark of the server secret that a database's keys and provider secrets depend on. */
const markName = 'server-secret';

type Dependents = Pick<Tables, 'keys' | 'secrets' | 'marks'>;

/**
 * Whether this server secret is the one that the database belongs to. A database that nothing depends on yet, or that was
 * made before there were marks, belongs to the first that comes.
 */
export async function isSecretOf(tables: Dependents, secret: Buffer): Promise<boolean> {
  const known = await tables.marks.find(markName);
  if (known === markOf(secret)) return true;
  if (known !== undefined && (await hasDependents(tables))) return false;
  await tables.marks.put(markName, markOf(secret));
  return true;
}

/**
 * From now on the database belongs to this secret, and the audit trail says so. Keys made with another one work no more until
 * they are reset. Give it the tables of a transaction.
 */
export async function adoptSecret(
  { marks, audit }: Pick<Tables, 'marks' | 'audit'>,
  { secret, actor, now }: { secret: Buffer; actor: string; now: number },
): Promise<void> {
  const before = (await marks.find(markName)) ?? null;
  const after = markOf(secret);
  await marks.put(markName, after);
  await audit.append({ at: now, actor, action: 'adopt', kind: 'setting', subject: markName, before, after });
}

async function hasDependents({ keys, secrets }: Dependents): Promise<boolean> {
  return (await keys.list({ limit: 1 })).length > 0 || (await secrets.names()).length > 0;
}

/** Tells secrets apart and tells nothing about them: 128 bits of a keyed hash. */
function markOf(secret: Buffer): string {
  return createHmac('sha256', secret).update('atelier: mark of server.secret').digest('hex').slice(0, 32);
}
