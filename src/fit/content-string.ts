import { acceptsAudio, acceptsImages, acceptsVideo } from '../catalogue/models.ts';
import type { ModelEntry } from '../catalogue/models.ts';
import { asObject, asString } from '../domain/json.ts';
import type { JsonValue } from '../domain/json.ts';
import { messagesOf } from './messages.ts';
import type { FitContext, FitRule } from './rule.ts';

/** Between texts that were separate parts. */
const separator = '\n\n';

/**
 * `input content must be a string.` (error-code page). Text models with a context cache take parts too, since the cache's
 * marks stand on them; GLM models without tools drop them silently (QwenLM/qwen-code, provider/dashscope.ts).
 */
export const contentString: FitRule = {
  id: 'content-string',
  doc: 'For text models that take `content` as a string only, a list of text parts becomes one text.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply(context) {
    const { document, model } = context;
    if (!model || !wantsStrings(model, context)) return false;
    let changed = false;
    for (const { index, message } of messagesOf(document)) {
      const text = joined(message['content']);
      if (text === undefined) continue;
      document.set(['messages', index, 'content'], text);
      changed = true;
    }
    return changed;
  },
};

function wantsStrings(model: ModelEntry, { document }: FitContext): boolean {
  if (acceptsImages(model) || acceptsVideo(model) || acceptsAudio(model)) return false;
  return model.contextCache !== true || (model.id.startsWith('glm-') && !document.has('tools'));
}

/** The parts as one text; undefined when there are no parts, or others than text. */
function joined(content: JsonValue | undefined): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts: string[] = [];
  for (const part of content) {
    const object = asObject(part);
    const text = typeof part === 'string' ? part : asString(object?.['text']);
    if (text === undefined || (object && object['type'] !== undefined && object['type'] !== 'text')) return undefined;
    texts.push(text);
  }
  return texts.join(separator);
}
