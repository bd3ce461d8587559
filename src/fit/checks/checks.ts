import type { GatewayError } from '../../domain/gateway-error.ts';
import type { FitContext } from '../rule.ts';
import type { FitCheck } from './check.ts';
import { imageInput } from './image-input.ts';
import { inputLength } from './input-length.ts';
import { toolsSupported } from './tools-supported.ts';

/** Every check, cheap ones first; the first refusal counts. */
export const fitChecks: readonly FitCheck[] = [toolsSupported, imageInput, inputLength];

/** The first refusal of the checks that hold for the target; undefined lets the request go. */
export function checkRequest(context: FitContext, checks: readonly FitCheck[]): GatewayError | undefined {
  for (const check of checks) {
    const found = check.check(context);
    if (found) return found;
  }
  return undefined;
}
