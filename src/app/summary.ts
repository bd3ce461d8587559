import type { Provider } from '../domain/provider.ts';
import type { GovernanceOffice } from './governance.ts';

/** What the first lines of `atelier serve` tell. */
export interface AppSummary {
  /** Provider names in order, each with what there is to say about it. */
  providers: string[];
  /** Where keys, plans and accounts are kept. */
  store: string;
  /** No key is asked for. */
  open: boolean;
  /** The admin key that this start made, since there was none on a public address. Secret: shown this once. */
  firstAdminKey?: string;
  /** A model name for the first try; undefined when only the lists can tell. */
  exampleModel: string | undefined;
}

/** What there is to say about the running configuration. */
export function summarize(providers: readonly Provider[], office: GovernanceOffice): AppSummary {
  return {
    providers: providers.map((provider) =>
      provider.standIn ? `${provider.name} (embedded; set BAILIAN_API_KEY for the real thing)` : describe(provider),
    ),
    store: office.books.title,
    open: office.isOpen(),
    exampleModel: exampleModel(providers),
  };
}

/** A name that the first provider is sure to answer to; plan hosts have only their own lists. */
function exampleModel([first]: readonly Provider[]): string | undefined {
  if (!first) return undefined;
  const known = first.staticModels;
  return first.catalogued && (known.length === 0 || known.includes('qwen-plus')) ? 'qwen-plus' : known[0];
}

function describe({ name, vendor, plan }: Provider): string {
  const details = [...(name === vendor ? [] : [vendor]), ...(plan === undefined ? [] : [`${plan} plan`])];
  return details.length > 0 ? `${name} (${details.join(', ')})` : name;
}
