import { asObject, parseJson } from '../domain/json.ts';
import type { JsonValue } from '../domain/json.ts';
import { messagesOf, placedObjects } from './messages.ts';
import { argumentsAsJson } from './repair-json.ts';
import type { FitRule } from './rule.ts';

/** `The "function.arguments" parameter of the code model must be in JSON format.` (HKUDS/nanobot#1487, explyt/explyt#23). */
export const toolArgsJson: FitRule = {
  id: 'tool-args-json',
  doc:
    'Replayed `arguments` of tool calls that are not JSON are mended (a cut-off object is closed, nothing becomes `{}`) or, ' +
    'where that is not possible, wrapped as `{"arguments": "..."}`.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, provider }) {
    if (provider.catalogued !== true) return false;
    let changed = false;
    for (const { index, message } of messagesOf(document)) {
      if (message['tool_calls'] === undefined) continue;
      for (const { index: position, object: call } of placedObjects(message['tool_calls'])) {
        const mended = mend(asObject(call['function'])?.['arguments']);
        if (mended === undefined) continue;
        document.set(['messages', index, 'tool_calls', position, 'function', 'arguments'], mended);
        changed = true;
      }
    }
    return changed;
  },
};

/** The arguments as they should be; undefined when they are right or not there. */
function mend(given: JsonValue | undefined): string | undefined {
  if (given === undefined) return undefined;
  if (given === null) return '{}';
  if (typeof given !== 'string') return JSON.stringify(given);
  return parseJson(given) === undefined ? argumentsAsJson(given) : undefined;
}
