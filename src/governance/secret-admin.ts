import type { Store } from '../domain/ports.ts';
import { change, invalid, notFound } from './administration.ts';
import type { Actor } from './administration.ts';
import { seal, unseal } from './sealed-secret.ts';

/** Provider secrets kept in the database, encrypted. None of them is ever shown again; only `open` gives one, to sending. */
export class SecretAdmin {
  readonly #store: Store;
  readonly #serverSecret: Buffer;

  constructor(options: { store: Store; serverSecret: Buffer }) {
    this.#store = options.store;
    this.#serverSecret = options.serverSecret;
  }

  async put(provider: string, secret: string, actor: Actor): Promise<void> {
    if (secret === '') throw invalid('secret', 'The secret is empty.');
    await change(this.#store, actor, async ({ secrets }) => {
      const action = (await secrets.find(provider)) === undefined ? 'create' : 'update';
      await secrets.put(provider, seal(secret, provider, this.#serverSecret));
      return { result: undefined, action, kind: 'provider-secret', subject: provider, before: null, after: null };
    });
  }

  async delete(provider: string, actor: Actor): Promise<void> {
    await change(this.#store, actor, async ({ secrets }) => {
      if (!(await secrets.delete(provider))) throw notFound('secret of the provider', provider);
      return {
        result: undefined,
        action: 'delete',
        kind: 'provider-secret',
        subject: provider,
        before: null,
        after: null,
      };
    });
  }

  /** The providers that have a secret here. */
  names(): Promise<string[]> {
    return this.#store.secrets.names();
  }

  /** The secret itself. Rejects when it was sealed with another server secret. */
  async open(provider: string): Promise<string | undefined> {
    const sealed = await this.#store.secrets.find(provider);
    return sealed === undefined ? undefined : unseal(sealed, provider, this.#serverSecret);
  }
}
