import { estimateIfNear } from '../estimate-request.ts';
import { refusal } from './check.ts';
import type { FitCheck } from './check.ts';

/** The estimate may be off by this part: what is nearer to the limit is sent, and the platform decides. */
const margin = 0.15;

/** `Range of input length should be [1, {max}]` (error-code page). */
export const inputLength: FitCheck = {
  id: 'input-length',
  doc: 'An input that is longer than the model reads, by estimate and with a margin of 15 %, is refused before it is sent.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  check({ document, model }) {
    const most = model?.maxInputTokens ?? undefined;
    const estimate = most === undefined ? undefined : estimateIfNear(document, most);
    if (most === undefined || estimate === undefined || estimate <= most * (1 + margin)) return undefined;
    return refusal(`Range of input length should be [1, ${most}]`, {
      param: 'messages',
      fix: `The input is about ${estimate} tokens by estimate. Start a new conversation, shorten this one, or choose a model with a longer window.`,
    });
  },
};
