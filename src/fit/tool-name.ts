import { asObject, asString } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { JsonPath } from '../wire/json-edits.ts';
import { messagesOf, placedObjects } from './messages.ts';
import type { FitContext, FitRule } from './rule.ts';

const legal = /^[a-zA-Z0-9_-]{1,64}$/;
const longestName = 64;

/** Names that the platform keeps for itself: `Tool names are not allowed to be [search]`. */
const reserved: Readonly<Record<string, string>> = { search: 'search_tool' };

/** A place where a tool's name stands. */
interface NamePlace {
  path: JsonPath;
  name: string;
}

/** At most 64 of `[A-Za-z0-9_-]` (chat page), and not `search` (error-code page). */
export const toolName: FitRule = {
  id: 'tool-name',
  doc:
    'Tools named `search`, and names with other signs than letters, digits, `_` and `-` or longer than 64, are renamed; ' +
    'the answer carries the name that the client gave.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply(context) {
    if (context.provider.catalogued !== true || !context.document.has('tools')) return false;
    const offered = toolNames(context);
    if (offered.every(({ name }) => isAllowed(name))) return false;
    const renamed = renames(offered.map(({ name }) => name));
    for (const { path, name } of [...offered, ...choiceName(context), ...historyNames(context)]) {
      const sent = renamed.get(name);
      if (sent !== undefined) context.document.set(path, sent);
    }
    return { toolNames: new Map([...renamed].map(([name, sent]) => [sent, name])) };
  },
};

function isAllowed(name: string): boolean {
  return legal.test(name) && !Object.hasOwn(reserved, name);
}

/** Names that are not allowed, to names that are and that no other tool has. */
function renames(names: readonly string[]): Map<string, string> {
  const taken = new Set(names.filter(isAllowed));
  const renamed = new Map<string, string>();
  for (const name of names) {
    if (isAllowed(name) || renamed.has(name)) continue;
    const sent = freeName(candidate(name), taken);
    taken.add(sent);
    renamed.set(name, sent);
  }
  return renamed;
}

function candidate(name: string): string {
  const known = Object.hasOwn(reserved, name) ? reserved[name] : undefined;
  return known ?? (name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, longestName) || 'tool');
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name) || !isAllowed(name); count++) {
    const suffix = `_${count}`;
    name = wanted.slice(0, longestName - suffix.length) + suffix;
  }
  return name;
}

function isMessages({ target }: FitContext): boolean {
  return target.protocol === 'anthropic-messages';
}

function placed(holder: JsonObject | undefined, path: JsonPath): NamePlace[] {
  const name = asString(holder?.['name']);
  return name === undefined ? [] : [{ path: [...path, 'name'], name }];
}

function toolNames(context: FitContext): NamePlace[] {
  return placedObjects(context.document.get('tools')).flatMap(({ index, object }) =>
    isMessages(context)
      ? placed(object, ['tools', index])
      : placed(asObject(object['function']), ['tools', index, 'function']),
  );
}

function choiceName(context: FitContext): NamePlace[] {
  const choice = asObject(context.document.get('tool_choice'));
  return isMessages(context)
    ? placed(choice, ['tool_choice'])
    : placed(asObject(choice?.['function']), ['tool_choice', 'function']);
}

function historyNames(context: FitContext): NamePlace[] {
  const read = isMessages(context) ? blockNames : callNames;
  return messagesOf(context.document).flatMap(({ index, message }) => read(message, ['messages', index]));
}

function callNames(message: JsonObject, path: JsonPath): NamePlace[] {
  const calls = placedObjects(message['tool_calls']).flatMap(({ index, object }) =>
    placed(asObject(object['function']), [...path, 'tool_calls', index, 'function']),
  );
  return message['role'] === 'tool' ? [...calls, ...placed(message, path)] : calls;
}

function blockNames({ content }: JsonObject, path: JsonPath): NamePlace[] {
  const blocks: JsonValue | undefined = content;
  return placedObjects(blocks).flatMap(({ index, object }) =>
    object['type'] === 'tool_use' ? placed(object, [...path, 'content', index]) : [],
  );
}
