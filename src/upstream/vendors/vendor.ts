import type { Protocol } from '../../domain/protocol.ts';
import type { ModelList, Plan, PriceScope, ProviderQuirks, ProviderSettings } from '../../domain/provider.ts';
import type { VendorOption } from '../../domain/vendor-summary.ts';
import type { ProviderWarning } from '../provider-config-error.ts';

/** How the key travels: `Authorization: Bearer`, `x-api-key`, or both for servers that may look at either. */
export type AuthKind = 'bearer' | 'x-api-key' | 'both';

/** One protocol of a vendor: where it is below the vendor's root, and what a call needs. */
export interface Surface {
  /**
   * Paths below the root that SDKs take as their base URL, without a trailing slash; '' is the root itself.
   * The first is used when the base URL names none; the others are kept when it does.
   */
  bases: readonly [string, ...string[]];
  /** Path of a call below the base, for example `/chat/completions`. */
  call: string;
  /** False where an OpenAI surface has no embeddings; elsewhere they are at `/embeddings` below the base. */
  embeddings?: false;
  auth: AuthKind;
  /** Fixed headers, lower-case names. */
  headers?: Readonly<Record<string, string>>;
}

export type Surfaces = Partial<Record<Protocol, Surface>>;

/** Where the list of models is: below the base of `surface`, or below the root when there is none. */
export interface ModelListFacts {
  surface?: Protocol;
  path: string;
  shape: ModelList['shape'];
  idPrefix?: string;
}

/** An origin and the path in front of everything that a vendor serves there ('' for none). */
export interface Root {
  origin: string;
  prefix: string;
}

/** Where a provider is, after base URL, region, workspace and plan have been understood. */
export interface Location {
  root: Root;
  /** The base chosen for each protocol served there. */
  bases: Partial<Record<Protocol, string>>;
  /** Query string with its `?` that belongs to every call, usually ''. */
  query: string;
  plan?: Plan;
  /** False when the vendor has no model list there. */
  listsModels?: boolean;
  /** False when the vendor has no embeddings there. */
  embeds?: boolean;
  /** Models there when no list can be asked. */
  models?: readonly string[];
  warnings: ProviderWarning[];
}

/** A vendor is data; `locate` is for the one whose address depends on more than a base URL. */
export interface Vendor {
  id: string;
  title: string;
  /** Environment prefixes besides the id's own, upper-case. */
  aliases: readonly string[];
  needsKey: boolean;
  /** Where the key is usually kept, for messages; the first is the best. */
  keyEnv: readonly string[];
  /** The address when none is configured; absent: a base URL must be given. */
  root?: Root;
  /** Other addresses of the vendor by region. */
  regions?: Readonly<Record<string, Root>>;
  surfaces: Surfaces;
  modelList?: ModelListFacts;
  /** Models when the vendor has no list. */
  models?: () => readonly string[];
  serves?: (protocol: Protocol, model: string) => boolean;
  quirks: ProviderQuirks;
  /** In place of `quirks` at an address that is not the vendor's own, where another kind of server may answer. */
  quirksElsewhere?: ProviderQuirks;
  /** Special settings it understands. */
  options?: readonly VendorOption[];
  /** Sent when no key is configured. */
  defaultKey?: string;
  catalogued?: boolean;
  standIn?: boolean;
  exampleModel?: string;
  locate?: (settings: ProviderSettings) => Location;
  /** Which price list holds at an origin; undefined where nobody knows. */
  priceScope?: (origin: string) => PriceScope | undefined;
}

/** The base that a surface has without a base URL. */
export function defaultBase(surface: Surface): string {
  return surface.bases[0];
}
