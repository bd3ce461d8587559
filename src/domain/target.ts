import type { Protocol } from './protocol.ts';

/** One place a request can be sent to: a provider, the model's name there, and the protocol to speak. */
export interface Target {
  /** The provider's configured name, for example `bailian` or `bailian-sg`. */
  provider: string;
  /** The vendor id, for example `bailian`. */
  vendor: string;
  /** The model's name as the provider knows it. */
  model: string;
  protocol: Protocol;
}
