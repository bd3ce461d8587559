import type { GatewayError } from '../../domain/gateway-error.ts';
import type { FitContext } from '../rule.ts';
import type { FitCheck } from './check.ts';
import { imageInput } from './image-input.ts';
import { inputLength } from './input-length.ts';
import { toolsSupported } from './tools-supported.ts';

/** Every check, cheap ones first; the first refusal counts. */
export const fitChecks: readonly FitCheck[] = [toolsSupported, imageInput, inputLength];

/** The first refusal of the checks of the target's protocol that are switched on; undefined lets the request go. */
export function checkRequest(context: FitContext, isEnabled: (check: FitCheck) => boolean): GatewayError | undefined {
  for (const check of fitChecks) {
    if (!check.protocols.includes(context.target.protocol) || !isEnabled(check)) continue;
    const found = check.check(context);
    if (found) return found;
  }
  return undefined;
}
