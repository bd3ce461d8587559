import { thinkingClass } from '../catalogue/models.ts';
import type { ModelEntry } from '../catalogue/models.ts';
import { asObject, asString } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import type { JsonDocument } from '../wire/json-document.ts';
import { messagesOf, placedObjects, toolCallsOf } from './messages.ts';
import type { PlacedMessage } from './messages.ts';
import type { FitContext, FitRule } from './rule.ts';
import { isThinking } from './thinking-state.ts';

/** Models whose `preserve_thinking` is true unless told otherwise: they want their thoughts back (chat page, 2026-11). */
const wantsThoughts = /^(?:qwen3\.8-max|qwen3\.8-flash|kimi-k2\.7-code)/;

/** Kimi models that think unless told otherwise, as Moonshot's own service names them. */
const thinkingKimi = /^kimi-(?:k2\.[5-9]|k[3-9]|.*thinking)/;

/** Stands for thoughts that the client did not keep: an empty text is refused as well. */
const lostThoughts = '.';

/** Where a client may keep the thoughts of an assistant message. */
const members = ['reasoning_content', 'reasoning', 'reasoning_details'] as const;

/**
 * Earlier thoughts: models that go on from them get them back under the name they read, models that cannot think are not
 * sent any, since they would be billed as input. While they think, Kimi models refuse a history whose tool calls have none:
 * `thinking is enabled but reasoning_content is missing in assistant tool call message at index 2` (anomalyco/opencode#10996,
 * continuedev/continue#11711, QuantumNous/new-api#3121).
 */
export const reasoningReplay: FitRule = {
  id: 'reasoning-replay',
  doc:
    'Earlier thoughts are sent back as `reasoning_content` to models that want them, whatever name the client keeps them under. Where it kept ' +
    'none, tool calls of thinking Kimi models get a full stop in their place, and for Qwen `preserve_thinking` is switched off. Models that do not think get none.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply(context) {
    const { document, model } = context;
    if (model && thinkingClass(model) === 'none') return dropThoughts(document);
    const onCalls = requiredOnCalls(context);
    const wanted = model !== undefined && wantsThoughts.test(model.id);
    if (!onCalls && !wanted) return false;
    const steps = [sendBack(document), onCalls && standIn(document), wanted && admitLoss(document, model)];
    return steps.includes(true);
  },
};

function requiredOnCalls(context: FitContext): boolean {
  const { document, model, provider, target } = context;
  if (model) return model.owner === 'moonshot-ai' && isThinking(context) === true;
  if (provider.quirks.needsReasoningOnCalls !== true || !thinkingKimi.test(target.model)) return false;
  return asObject(document.get('thinking'))?.['type'] !== 'disabled';
}

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

function hasThoughts({ message }: PlacedMessage): boolean {
  const thoughts = message['reasoning_content'];
  return typeof thoughts === 'string' && thoughts !== '';
}

/** Puts thoughts that stand under another name where they are read. */
function sendBack(document: JsonDocument): boolean {
  let changed = false;
  for (const placed of assistantMessages(document)) {
    const thoughts = hasThoughts(placed) ? '' : thoughtsOf(placed.message);
    if (thoughts === '') continue;
    document.set(['messages', placed.index, 'reasoning_content'], thoughts);
    changed = true;
  }
  return changed;
}

function standIn(document: JsonDocument): boolean {
  let changed = false;
  for (const placed of assistantMessages(document)) {
    if (toolCallsOf(placed.message).length === 0 || hasThoughts(placed)) continue;
    document.set(['messages', placed.index, 'reasoning_content'], lostThoughts);
    changed = true;
  }
  return changed;
}

/** Tells a Qwen model that there is nothing to go on from. */
function admitLoss(document: JsonDocument, { id }: ModelEntry): boolean {
  const messages = assistantMessages(document);
  const isLost =
    messages.length > 0 && !messages.some(({ message }) => typeof message['reasoning_content'] === 'string');
  if (!isLost || document.has('preserve_thinking') || !id.startsWith('qwen')) return false;
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
