import type { JsonObject, JsonValue } from '../domain/json.ts';
import { messagesOf } from './messages.ts';
import type { FitContext, FitRule } from './rule.ts';

/** Qwen's open weights since 3.5, as Model Studio and those who serve them name them. */
const strictTemplate = /(?:^|\/)qwen3\.[5-9]-/i;

/**
 * The chat template of these weights refuses system messages anywhere but at the head, and more than one (reports such as
 * anomalyco/opencode#24761 and charmbracelet/crush#3050). Model Studio's commercial models take them everywhere.
 */
function wantsOneSystem({ model, provider, target }: FitContext): boolean {
  const isTemplated = model ? model.openWeights === true : provider.quirks.appliesChatTemplates === true;
  return isTemplated && strictTemplate.test(target.model);
}

/** `System message must be at the beginning.` */
export const systemFirst: FitRule = {
  id: 'system-first',
  doc: "For Qwen's open-weight models since 3.5, at Model Studio and on vLLM, which take one system message at the head, all system messages are merged there.",
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply(context) {
    const { document } = context;
    if (!wantsOneSystem(context)) return false;
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
