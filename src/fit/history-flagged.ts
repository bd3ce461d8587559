import { asString } from '../domain/json.ts';
import type { JsonValue } from '../domain/json.ts';
import { contentText, messagesOf } from './messages.ts';
import type { FitRule } from './rule.ts';

const note = 'This message was left out: the content check of the platform had refused it.';

/**
 * `Input data may contain inappropriate content.`: once a turn was refused, agents send it along for ever, and every further
 * request of the conversation is refused for it.
 */
export const historyFlagged: FitRule = {
  id: 'history-flagged',
  doc:
    'A user turn for which moderation refused a request before is replaced by a note once it is an earlier turn, so that the conversation ' +
    'can go on. Each process remembers the last refused turns by a digest.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: false,
  apply({ document, provider, wasRefused }) {
    if (provider.catalogued !== true || !wasRefused) return false;
    const turns = messagesOf(document).filter(({ message }) => message['role'] === 'user');
    let changed = false;
    for (const { index, message } of turns.slice(0, -1)) {
      const text = contentText(message['content']);
      if (text === '' || !wasRefused(text)) continue;
      document.set(['messages', index, 'content'], note);
      changed = true;
    }
    return changed;
  },
};

/** The text of the user's last turn in a request of either protocol: what moderation most likely refused. */
export function lastUserText(messages: JsonValue | undefined): string | undefined {
  if (!Array.isArray(messages)) return undefined;
  for (const entry of messages.toReversed()) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) continue;
    if (asString(entry['role']) !== 'user') continue;
    return contentText(entry['content']) || undefined;
  }
  return undefined;
}
