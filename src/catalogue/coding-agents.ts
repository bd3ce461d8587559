/** How a client is recognised: a header that begins with a text, letter case aside. All of it in lower case. */
export interface AgentSign {
  /** The agent's name in reports, for example `claude-code`. */
  agent: string;
  header: string;
  /** '' means: the header is present. */
  prefix: string;
}

/**
 * Interactive coding agents by the headers they send of themselves (recorded runs of the released clients, 2026-11, and
 * their documentation). What a client says of itself is not proof: the list keeps honest clients within a plan's terms, it
 * is no security boundary.
 */
export const codingAgents: readonly AgentSign[] = [
  { agent: 'claude-code', header: 'user-agent', prefix: 'claude-cli/' },
  { agent: 'claude-code', header: 'user-agent', prefix: 'claude-code/' },
  { agent: 'claude-code', header: 'x-claude-code-session-id', prefix: '' },
  { agent: 'opencode', header: 'user-agent', prefix: 'opencode/' },
  { agent: 'qwen-code', header: 'user-agent', prefix: 'qwencode/' },
  { agent: 'qwen-code', header: 'x-dashscope-useragent', prefix: 'qwencode/' },
  { agent: 'codex', header: 'user-agent', prefix: 'codex_' },
  { agent: 'codex', header: 'originator', prefix: 'codex_' },
  { agent: 'openclaw', header: 'user-agent', prefix: 'openclaw/' },
  { agent: 'cline', header: 'user-agent', prefix: 'cline/' },
  { agent: 'cline', header: 'x-title', prefix: 'cline' },
  { agent: 'kilo-code', header: 'user-agent', prefix: 'kilo-code/' },
  { agent: 'kilo-code', header: 'x-title', prefix: 'kilo code' },
  { agent: 'roo-code', header: 'user-agent', prefix: 'roocode/' },
  { agent: 'roo-code', header: 'x-title', prefix: 'roo code' },
  { agent: 'cursor', header: 'user-agent', prefix: 'cursor/' },
  { agent: 'crush', header: 'user-agent', prefix: 'charm crush/' },
  { agent: 'kimi-code', header: 'user-agent', prefix: 'kimicli/' },
  { agent: 'qoder', header: 'user-agent', prefix: 'qoder/' },
  { agent: 'zcode', header: 'user-agent', prefix: 'zcode/' },
  { agent: 'pi', header: 'user-agent', prefix: 'pi/' },
];

/** Header values by lower-case name, as `node:http` gives them. */
export type HeaderValues = Readonly<Record<string, string | string[] | undefined>>;

/** Characters of a header that are looked at. */
const longestPrefix = 200;

/** The agent that the headers show; undefined for any other client. */
export function codingAgentOf(headers: HeaderValues, signs: readonly AgentSign[] = codingAgents): string | undefined {
  // Asked twice for each request: a header is brought to lower case once, however many signs look at it.
  const lowered: Record<string, string | undefined> = {};
  for (const { agent, header, prefix } of signs) {
    const value = headers[header];
    if (typeof value !== 'string') continue;
    lowered[header] ??= value.slice(0, longestPrefix).toLowerCase();
    if (lowered[header].startsWith(prefix)) return agent;
  }
  return undefined;
}

/** A sign as configuration has it: `header: prefix`; a text without a colon is a prefix of `user-agent`. */
export function parseAgentSign(text: string): AgentSign {
  const colon = text.indexOf(':');
  const [header, prefix] = colon === -1 ? ['user-agent', text] : [text.slice(0, colon), text.slice(colon + 1)];
  return { agent: 'configured', header: header.trim().toLowerCase(), prefix: prefix.trim().toLowerCase() };
}
