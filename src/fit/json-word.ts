import { asObject } from '../domain/json.ts';
import type { JsonValue } from '../domain/json.ts';
import { contentText, messagesOf } from './messages.ts';
import type { FitRule } from './rule.ts';

const sentence = 'Answer with one JSON object.';

/** `'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.` */
export const jsonWord: FitRule = {
  id: 'json-word',
  doc: `With \`response_format: json_object\` and no message that says JSON, the system message gets the sentence "${sentence}"`,
  protocols: ['openai-chat'],
  enabledByDefault: false,
  apply({ document, provider }) {
    if (provider.catalogued !== true || !document.has('response_format')) return false;
    if (asObject(document.get('response_format'))?.['type'] !== 'json_object') return false;
    const messages = messagesOf(document);
    if (messages.length === 0 || messages.some(({ message }) => /json/i.test(contentText(message['content']))))
      return false;
    const system = messages.find(({ message }) => message['role'] === 'system');
    if (system) document.set(['messages', system.index, 'content'], withSentence(system.message['content']));
    else {
      const rest = messages.map(({ message }) => message);
      document.set(['messages'], [{ role: 'system', content: sentence }, ...rest]);
    }
    return true;
  },
};

function withSentence(content: JsonValue | undefined): JsonValue {
  if (Array.isArray(content)) return [...content, { type: 'text', text: sentence }];
  return typeof content === 'string' && content !== '' ? `${content}\n\n${sentence}` : sentence;
}
