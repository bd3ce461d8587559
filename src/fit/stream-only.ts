import type { ModelEntry } from '../catalogue/models.ts';
import { forceStream } from './force-stream.ts';
import type { FitRule } from './rule.ts';

/** QwQ, QVQ and the omni models (error-code page; infiniflow/ragflow#5912 for qwq-plus). */
function answersOnlyInStreams({ id, outputModalities }: ModelEntry): boolean {
  return /^(?:qwq|qvq)-/.test(id) || id.includes('-omni-') || outputModalities?.includes('audio') === true;
}

/** `This model only support stream mode, please enable the stream parameter to access the model.` */
export const streamOnly: FitRule = {
  id: 'stream-only',
  doc: 'Some models (QwQ, QVQ, omni) answer only in streams: a call for one answer is sent as a stream and folded.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply(context) {
    const { document, model } = context;
    if (!model || document.get('stream') === true || !answersOnlyInStreams(model)) return false;
    // An answer in sound cannot be folded into one message.
    const modalities = document.has('modalities') ? document.get('modalities') : undefined;
    return !(Array.isArray(modalities) && modalities.includes('audio')) && forceStream(context);
  },
};
