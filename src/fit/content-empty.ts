import type { JsonObject } from '../domain/json.ts';
import { messagesOf, toolCallsOf } from './messages.ts';
import type { FitRule } from './rule.ts';

/** `The content field is a required field.` (error-code page). An assistant message that calls tools may go without. */
export const contentEmpty: FitRule = {
  id: 'content-empty',
  doc: 'A message whose `content` is null or missing gets an empty text; one that calls tools may go without.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, provider }) {
    if (provider.catalogued !== true) return false;
    let changed = false;
    for (const { index, message } of messagesOf(document)) {
      if (!lacksContent(message)) continue;
      document.set(['messages', index, 'content'], '');
      changed = true;
    }
    return changed;
  },
};

function lacksContent(message: JsonObject): boolean {
  const content = message['content'] ?? undefined;
  return content === undefined && toolCallsOf(message).length === 0;
}
