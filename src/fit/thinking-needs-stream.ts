import { thinksOnlyInStreams } from '../catalogue/models.ts';
import { forceStream } from './force-stream.ts';
import type { FitRule } from './rule.ts';
import { isThinking } from './thinking-state.ts';

/** `parameter.enable_thinking must be set to false for non-streaming calls` (error-code page). */
export const thinkingNeedsStream: FitRule = {
  id: 'thinking-needs-stream',
  doc: 'Open-weight Qwen3 models think only in streams: a call for one answer is sent as a stream and folded.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply(context) {
    const { document, model } = context;
    if (!model || document.get('stream') === true || !thinksOnlyInStreams(model)) return false;
    return isThinking(context) === true && forceStream(context);
  },
};
