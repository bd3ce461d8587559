import type { ModelEntry } from '../catalogue/models.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import { messagesOf } from './messages.ts';
import type { FitRule } from './rule.ts';

/**
 * The chat template that Qwen's open weights have had since 3.5 refuses system messages anywhere but at the head (many
 * reports, such as anomalyco/opencode#24761), and more than one. The commercial models take them everywhere.
 */
function wantsOneSystem({ id, openWeights }: ModelEntry): boolean {
  return openWeights === true && /^qwen3\.[5-9]-/.test(id);
}

/** `System message must be at the beginning.` */
export const systemFirst: FitRule = {
  id: 'system-first',
  doc: "For Qwen's open-weight models since 3.5, which take one system message at the head, all system messages are merged there.",
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, model }) {
    if (!model || !wantsOneSystem(model)) return false;
    const messages = messagesOf(document).map(({ message }) => message);
    const system = messages.filter(({ role }) => role === 'system');
    const isInPlace = system.length === 0 || (system.length === 1 && messages[0] === system[0]);
    if (isInPlace) return false;
    document.set(['messages'], [merged(system), ...messages.filter(({ role }) => role !== 'system')]);
    return true;
  },
};

function merged(messages: readonly JsonObject[]): JsonObject {
  const contents = messages.map(({ content }) => content ?? '');
  const texts = contents.filter((content) => typeof content === 'string');
  const content: JsonValue = texts.length === contents.length ? texts.join('\n\n') : contents.flatMap(asParts);
  return { ...messages[0], role: 'system', content };
}

function asParts(content: JsonValue): JsonValue[] {
  return Array.isArray(content) ? content : [{ type: 'text', text: content }];
}
