import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { JsonPath } from '../wire/json-edits.ts';
import { estimateIfNear, estimateValue } from './estimate-request.ts';
import { messagesOf, placedObjects } from './messages.ts';
import type { FitRule } from './rule.ts';

const note = 'This result was left out to keep the conversation within the context window.';

/** Results of the last calls stay: the model is about to use them. */
const keptResults = 2;

/** `Range of input length should be [1, {max}]`. */
export const contextTrim: FitRule = {
  id: 'context-trim',
  doc: 'When the conversation is longer than the model reads, the oldest tool results are replaced by a note until it fits (by estimate).',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: false,
  apply({ document, model }) {
    const most = model?.maxInputTokens ?? undefined;
    let excess = most === undefined ? 0 : (estimateIfNear(document, most) ?? 0) - most;
    if (excess <= 0) return false;
    const results = messagesOf(document).flatMap(({ index, message }) => resultsOf(message, ['messages', index]));
    let changed = false;
    for (const { path, content } of results.slice(0, -keptResults)) {
      if (excess <= 0) break;
      const saved = estimateValue(content) - estimateValue(note);
      if (saved <= 0) continue;
      document.set(path, note);
      excess -= saved;
      changed = true;
    }
    return changed;
  },
};

interface PlacedResult {
  /** Of the content. */
  path: JsonPath;
  content: JsonValue;
}

function resultsOf(message: JsonObject, path: JsonPath): PlacedResult[] {
  const content = message['content'] ?? '';
  if (message['role'] === 'tool') return [{ path: [...path, 'content'], content }];
  return placedObjects(content).flatMap(({ index, object }) =>
    object['type'] === 'tool_result'
      ? [{ path: [...path, 'content', index, 'content'], content: object['content'] ?? '' }]
      : [],
  );
}
