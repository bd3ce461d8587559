import { acceptsImages, acceptsVideo, thinkingClass } from '../catalogue/models.ts';
import type { ModelEntry } from '../catalogue/models.ts';
import { asObject, asString, isObject } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { JsonDocument } from '../wire/json-document.ts';
import type { JsonPath } from '../wire/json-edits.ts';
import { fitBlocks } from './anthropic-blocks.ts';
import { messagesOf, placedObjects } from './messages.ts';
import type { FitRule } from './rule.ts';
import { budgetOfEffort } from './thinking-state.ts';

/** Members that the endpoint's table marks as not supported (Anthropic page, 2026-03-15), and a beta's member. */
const members = ['container', 'mcp_servers', 'service_tier', 'context_management'] as const;

/**
 * The Anthropic endpoint of Model Studio takes a part of Anthropic's protocol. `metadata` stays: it is ignored there.
 */
export const anthropicUnsupported: FitRule = {
  id: 'anthropic-unsupported',
  doc:
    'What the Anthropic endpoint does not support is taken out or written as text: foreign thinking blocks and members such as `container` go, ' +
    'documents, search results and server tools become text, `is_error` becomes a word in the result, `thinking: adaptive` becomes `enabled`.',
  protocols: ['anthropic-messages'],
  enabledByDefault: true,
  apply({ document, provider, model }) {
    if (provider.catalogued !== true || provider.quirks.isAnthropic === true) return false;
    const steps = [
      dropMembers(document),
      fitThinking(document, model),
      fitTools(document),
      fitContents(document, model),
    ];
    return steps.includes(true);
  },
};

function dropMembers(document: JsonDocument): boolean {
  const present = members.filter((name) => document.has(name));
  for (const name of present) document.remove([name]);
  return present.length > 0;
}

/** `adaptive` is not among the endpoint's types; its effort becomes a budget where the model takes no effort itself. */
function fitThinking(document: JsonDocument, model: ModelEntry | undefined): boolean {
  const thinking = document.has('thinking') ? asObject(document.get('thinking')) : undefined;
  if (!thinking || (thinking['type'] !== 'adaptive' && thinking['display'] === undefined)) return false;
  if (thinking['type'] !== 'adaptive') {
    document.remove(['thinking', 'display']);
    return true;
  }
  document.set(['thinking'], { type: 'enabled', ...budgetFor(document, model) });
  return true;
}

function budgetFor(document: JsonDocument, model: ModelEntry | undefined): JsonObject {
  const effort = asString(asObject(document.get('output_config'))?.['effort']);
  if (effort === undefined || !model || model.reasoningEffort !== null) return {};
  if (thinkingClass(model, 'anthropic-messages') === 'none') return {};
  const tokens = budgetOfEffort(effort, model);
  return tokens === undefined ? {} : { budget_tokens: tokens };
}

/** Members of tools beyond name, description, input_schema and cache_control. */
const toolMembers = ['defer_loading', 'strict', 'input_examples', 'allowed_callers', 'eager_input_streaming'] as const;

function fitTools(document: JsonDocument): boolean {
  let changed = false;
  for (const { index, object } of placedObjects(document.get('tools'))) {
    for (const name of toolMembers) {
      if (object[name] === undefined) continue;
      document.remove(['tools', index, name]);
      changed = true;
    }
  }
  return changed;
}

function fitContents(document: JsonDocument, model: ModelEntry | undefined): boolean {
  const sees = { image: !model || acceptsImages(model), video: !model || acceptsVideo(model) };
  let changed = write(document, ['system'], fitBlocks(document.get('system'), { sees, role: 'system' }));
  for (const { index, message } of messagesOf(document)) {
    const role = asString(message['role']) ?? 'user';
    changed = write(document, ['messages', index, 'content'], fitBlocks(message['content'], { sees, role })) || changed;
  }
  return changed;
}

/** `fitted` is undefined when nothing was changed; an emptied content keeps its message in place. */
function write(document: JsonDocument, path: JsonPath, fitted: JsonObject[] | undefined): boolean {
  if (!fitted) return false;
  const value: JsonValue = fitted.length > 0 ? fitted : '(left out)';
  document.set(path, isObject(value) ? [value] : value);
  return true;
}
