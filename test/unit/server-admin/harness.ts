import type { Database } from '../../../src/domain/database.ts';
import { isObject } from '../../../src/domain/json.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { AdmissionDesk } from '../../../src/governance/admission.ts';
import { KeyAdmin } from '../../../src/governance/key-admin.ts';
import { Keyring } from '../../../src/governance/keyring.ts';
import { PlanAdmin } from '../../../src/governance/plan-admin.ts';
import { planBook } from '../../../src/governance/plan-book.ts';
import { SecretAdmin } from '../../../src/governance/secret-admin.ts';
import { SubscriptionAdmin } from '../../../src/governance/subscription-admin.ts';
import { authenticate } from '../../../src/pipeline/identify.ts';
import { createControl } from '../../../src/server/admin/control.ts';
import type { Control } from '../../../src/server/admin/control.ts';
import type { ControlDependencies } from '../../../src/server/admin/dependencies.ts';
import { noon, serverSecret, testDatabase } from '../governance/fixtures.ts';

export const masterKey = 'master-key-of-the-tests';

/** An answer, its body already read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as an object; empty where it is none. */
  body: JsonObject;
}

/** A control plane over a database of its own, without a socket. */
export interface TestControl extends AsyncDisposable {
  control: Control;
  database: Database;
  dependencies: ControlDependencies;
  /** Sends with this key; `''` sends none. JSON for everything but GET. */
  ask(
    call: `${string} ${string}`,
    options?: { key?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Moves the clock, which stands at noon. */
  at(now: number): void;
}

/** `open` has no master key, as a gateway on loopback before its first key. */
export async function testControl({ open = false } = {}): Promise<TestControl> {
  const database = await testDatabase();
  const { store, ledger } = database;
  const clock = { now: noon };
  const keyring = new Keyring({
    keys: store.keys,
    subscriptions: store.subscriptions,
    plans: planBook(store.plans, []),
    serverSecret,
    graceMs: 0,
    ...(open ? {} : { masterKey }),
  });
  let hasKeys = !open;
  const dependencies: ControlDependencies = {
    identify: (headers, presentation) =>
      authenticate(headers, { ...presentation, protocol: 'openai-chat' }, { keyring, isOpen: () => !hasKeys }),
    keys: new KeyAdmin({ store, serverSecret }),
    plans: new PlanAdmin({ store, configuredPlans: [] }),
    subscriptions: new SubscriptionAdmin({ store, serverSecret, configuredPlans: [] }),
    secrets: new SecretAdmin({ store, serverSecret }),
    desk: new AdmissionDesk({ ledger }),
    usage: database.usage,
    audit: store.audit,
    changed: () => Promise.resolve(),
    meters: () => Promise.resolve([]),
    errors: { diagnostics: { diagnose: () => undefined }, explain: true },
    unexpected: (error) => {
      throw error;
    },
    now: () => clock.now,
    version: '1.2.3',
  };
  const control = createControl(() => dependencies);
  return {
    control,
    database,
    dependencies,
    at: (now) => (clock.now = now),
    async ask(call, { key = masterKey, body, headers = {} } = {}) {
      const [method = '', path = ''] = call.split(' ');
      const request = new Request(`http://127.0.0.1${path}`, {
        method,
        headers: {
          host: '127.0.0.1',
          ...(key !== '' && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const response = await control.fetch(request);
      if (open && response.status === 201) hasKeys = true;
      const text = await response.text();
      const isJson = text !== '' && response.headers.get('content-type') === 'application/json';
      const parsed: unknown = isJson ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, text, body: isObject(parsed) ? parsed : {} };
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
