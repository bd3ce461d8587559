import type { FitRuleId } from '../../domain/fit-rule-ids.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { Protocol } from '../../domain/protocol.ts';
import type { FitContext } from '../rule.ts';

/**
 * A request that the platform is sure to refuse, told at once in the platform's own words and with what to do, so that no
 * call is spent. A check runs after the rules, on the request as it would be sent.
 */
export interface FitCheck {
  readonly id: FitRuleId;
  readonly doc: string;
  readonly protocols: readonly Protocol[];
  readonly enabledByDefault: boolean;
  /** The refusal; undefined lets the request go. */
  check(context: FitContext): GatewayError | undefined;
}

/** The refusal of a parameter in the platform's words, found here. */
export function refusal(message: string, options: { fix: string; param?: string }): GatewayError {
  return new GatewayError({
    status: 400,
    code: 'invalid_parameter_error',
    type: 'invalid_request_error',
    origin: 'gateway',
    message,
    ...options,
  });
}
