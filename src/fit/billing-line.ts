import { asObject, asString } from '../domain/json.ts';
import type { JsonValue } from '../domain/json.ts';
import type { FitRule } from './rule.ts';

const marker = 'x-anthropic-billing-header:';

/** The line opens the first block or message: it stands in this many bytes. */
const head = 256;

/**
 * Claude Code opens its system prompt with a line whose value changes with every prompt. Towards anything but
 * Anthropic's own service it means nothing and defeats prefix caching (musistudio/claude-code-router PR 1220,
 * farion1231/cc-switch#2350: from 9k to 99% cached tokens without it).
 */
export const billingLine: FitRule = {
  id: 'billing-line',
  doc: 'The per-prompt `x-anthropic-billing-header` line at the head of the system prompt is taken out, since it defeats prefix caching.',
  protocols: ['anthropic-messages', 'openai-chat'],
  enabledByDefault: true,
  apply({ document, provider, target }) {
    const place = target.protocol === 'anthropic-messages' ? 'system' : 'messages';
    if (provider.quirks.isAnthropic === true || !document.mentionsEarly(marker, place, head)) return false;
    if (target.protocol === 'anthropic-messages')
      return cleanMember(document.get('system'), (value) => edit(value, ['system']));
    const first = asObject(firstMessage(document.get('messages')));
    if (first?.['role'] !== 'system') return false;
    return cleanMember(first['content'], (value) => edit(value, ['messages', 0, 'content']));

    function edit(value: JsonValue | undefined, path: (string | number)[]): void {
      if (value === undefined && path.length === 1) document.remove(path);
      else document.set(path, value ?? '');
    }
  },
};

function firstMessage(messages: JsonValue | undefined): JsonValue | undefined {
  return Array.isArray(messages) ? messages[0] : undefined;
}

/** Takes the line out of a string or of the first block; `write` gets undefined when nothing is left. */
function cleanMember(content: JsonValue | undefined, write: (value: JsonValue | undefined) => void): boolean {
  if (typeof content === 'string' && content.startsWith(marker)) {
    write(withoutFirstLine(content) || undefined);
    return true;
  }
  const [first, ...rest] = Array.isArray(content) ? content : [];
  const text = asString(asObject(first)?.['text']);
  if (!text?.startsWith(marker)) return false;
  const remainder = withoutFirstLine(text);
  const blocks = remainder === '' ? rest : [{ ...asObject(first), text: remainder }, ...rest];
  write(blocks.length > 0 ? blocks : undefined);
  return true;
}

function withoutFirstLine(text: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? '' : text.slice(end + 1).trimStart();
}
