import { thinkingClass } from '../catalogue/models.ts';
import type { ModelEntry } from '../catalogue/models.ts';
import { asString } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import type { JsonDocument } from '../wire/json-document.ts';
import { messagesOf, placedObjects } from './messages.ts';
import type { PlacedMessage } from './messages.ts';
import type { FitRule } from './rule.ts';

/** Models whose `preserve_thinking` is true unless told otherwise: they want their thoughts back (chat page, 2026-11). */
const wantsThoughts = /^(?:qwen3\.8-max|qwen3\.8-flash|kimi-k2\.7-code)/;

/** Where a client may keep the thoughts of an assistant message. */
const members = ['reasoning_content', 'reasoning', 'reasoning_details'] as const;

/**
 * Earlier thoughts: models that go on from them get them back under the name they read, models that cannot think are not
 * sent any, since they would be billed as input.
 */
export const reasoningReplay: FitRule = {
  id: 'reasoning-replay',
  doc:
    'Earlier thoughts are sent back as `reasoning_content` to models that want them, whatever name the client keeps them under; when the ' +
    'client kept none, `preserve_thinking` is switched off. Models that do not think get none.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, model }) {
    if (!model) return false;
    if (thinkingClass(model) === 'none') return dropThoughts(document);
    return wantsThoughts.test(model.id) && sendBack(document, model);
  },
};

function assistantMessages(document: JsonDocument): PlacedMessage[] {
  return messagesOf(document).filter(({ message }) => message['role'] === 'assistant');
}

function dropThoughts(document: JsonDocument): boolean {
  let changed = false;
  for (const { index, message } of assistantMessages(document)) {
    for (const name of members) {
      if (message[name] === undefined) continue;
      document.remove(['messages', index, name]);
      changed = true;
    }
  }
  return changed;
}

function sendBack(document: JsonDocument, model: ModelEntry): boolean {
  let changed = false;
  let kept = false;
  const messages = assistantMessages(document);
  for (const { index, message } of messages) {
    if (typeof message['reasoning_content'] === 'string') {
      kept = true;
      continue;
    }
    const thoughts = thoughtsOf(message);
    if (thoughts === '') continue;
    document.set(['messages', index, 'reasoning_content'], thoughts);
    kept = true;
    changed = true;
  }
  if (kept || messages.length === 0 || document.has('preserve_thinking') || !model.id.startsWith('qwen'))
    return changed;
  document.set(['preserve_thinking'], false);
  return true;
}

/** The thoughts under the names of other vendors: a text, or details with texts. */
function thoughtsOf(message: JsonObject): string {
  const text = asString(message['reasoning']);
  if (text !== undefined) return text;
  return placedObjects(message['reasoning_details'])
    .flatMap(({ object }) => asString(object['text']) ?? [])
    .join('');
}
