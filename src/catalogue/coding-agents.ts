/** How a client is recognised: a header that begins with a text, letter case aside ('' means: is present). */
export interface AgentSign {
  /** The agent's name in reports, for example `claude-code`. */
  agent: string;
  /** Lower case. */
  header: string;
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
  { agent: 'qwen-code', header: 'user-agent', prefix: 'QwenCode/' },
  { agent: 'qwen-code', header: 'x-dashscope-useragent', prefix: 'QwenCode/' },
  { agent: 'codex', header: 'user-agent', prefix: 'codex_' },
  { agent: 'codex', header: 'originator', prefix: 'codex_' },
  { agent: 'openclaw', header: 'user-agent', prefix: 'openclaw/' },
  { agent: 'cline', header: 'user-agent', prefix: 'Cline/' },
  { agent: 'cline', header: 'x-title', prefix: 'Cline' },
  { agent: 'kilo-code', header: 'user-agent', prefix: 'Kilo-Code/' },
  { agent: 'kilo-code', header: 'x-title', prefix: 'Kilo Code' },
  { agent: 'roo-code', header: 'user-agent', prefix: 'RooCode/' },
  { agent: 'roo-code', header: 'x-title', prefix: 'Roo Code' },
  { agent: 'cursor', header: 'user-agent', prefix: 'Cursor/' },
  { agent: 'crush', header: 'user-agent', prefix: 'Charm Crush/' },
  { agent: 'kimi-code', header: 'user-agent', prefix: 'KimiCLI/' },
  { agent: 'qoder', header: 'user-agent', prefix: 'Qoder/' },
  { agent: 'zcode', header: 'user-agent', prefix: 'ZCode/' },
  { agent: 'pi', header: 'user-agent', prefix: 'pi/' },
];

/** Header values by lower-case name, as `node:http` gives them. */
export type HeaderValues = Readonly<Record<string, string | string[] | undefined>>;

/** The agent that the headers show; undefined for any other client. */
export function codingAgentOf(headers: HeaderValues, signs: readonly AgentSign[] = codingAgents): string | undefined {
  return signs.find(({ header, prefix }) => {
    const value = headers[header];
    return typeof value === 'string' && value.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
  })?.agent;
}

/** A sign as configuration has it: `header: prefix`; a text without a colon is a prefix of `user-agent`. */
export function parseAgentSign(text: string): AgentSign {
  const colon = text.indexOf(':');
  const [header, prefix] = colon === -1 ? ['user-agent', text] : [text.slice(0, colon), text.slice(colon + 1)];
  return { agent: 'configured', header: header.trim().toLowerCase(), prefix: prefix.trim() };
}
