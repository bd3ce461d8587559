/** The provider settings that only some vendors understand. */
export const vendorOptions = ['region', 'workspace', 'plan'] as const;

export type VendorOption = (typeof vendorOptions)[number];

/** The provider settings behind each option, as they are named in code. */
export const settingsOfOption = {
  region: ['region'],
  workspace: ['workspace'],
  plan: ['plan', 'planEdition', 'planSince'],
} as const satisfies Record<VendorOption, readonly string[]>;

/** What configuration needs to know of a vendor, as data: the vendors themselves live above it. */
export interface VendorSummary {
  /** Lower-case with dashes, for example `openai-compatible`; also the start of its environment names. */
  id: string;
  /** For people, for example `Alibaba Cloud Model Studio`. */
  title: string;
  /** Further environment prefixes that mean this vendor, for example `DASHSCOPE`; the id's own prefix wins. */
  aliases: readonly string[];
  /** A vendor that needs a key is configured by its key, any other by its base URL. */
  needsKey: boolean;
  defaultBaseUrl?: string;
  /** Lives in this process, so that it works without key and base URL. */
  embedded?: boolean;
  /** Which of the special settings it understands; absent: all are passed on and the vendor judges them. */
  options?: readonly VendorOption[];
  /** A model for the first try that this vendor is sure to have. */
  exampleModel?: string;
}
