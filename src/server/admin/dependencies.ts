import type { AuditTrail, UsageStore } from '../../domain/ports.ts';
import type { Principal } from '../../domain/principal.ts';
import type { AdmissionDesk } from '../../governance/admission.ts';
import type { KeyAdmin } from '../../governance/key-admin.ts';
import type { PlanAdmin } from '../../governance/plan-admin.ts';
import type { SecretAdmin } from '../../governance/secret-admin.ts';
import type { SubscriptionAdmin } from '../../governance/subscription-admin.ts';
import type { MeterStanding } from '../../governance/upstream-meter.ts';
import type { ErrorKnowledge } from '../../pipeline/error-report.ts';

/** Headers by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** What the control plane works with, of one configuration. */
export interface ControlDependencies {
  /** Who sends the request. Throws GatewayError (401, 403, 429, 503). */
  identify(headers: RequestHeaders, presentation: { address: string; now: number }): Promise<Principal>;
  keys: KeyAdmin;
  plans: PlanAdmin;
  subscriptions: SubscriptionAdmin;
  secrets: SecretAdmin;
  desk: Pick<AdmissionDesk, 'standing' | 'headers'>;
  usage: UsageStore;
  audit: AuditTrail;
  /** Makes this node know a change at once; called before the change is answered. */
  changed(): Promise<void>;
  /** The plans of the providers' own keys, as far as they were used through this gateway. */
  meters(now: number): Promise<ProviderMeter[]>;
  /** What is known about errors. */
  errors: ErrorKnowledge;
  /** What nobody foresaw: answered with a 500 that tells nothing of the inside. */
  unexpected(error: unknown, requestId: string): void;
  /** Unix milliseconds. */
  now(): number;
  version: string;
}

/** How the plan of one provider's key stands. */
export interface ProviderMeter {
  provider: string;
  plan: string;
  /** For people: why windows have no limit. */
  note: string | null;
  windows: MeterStanding[];
}
