/** How a client is recognised: a header whose value starts with a text, letter case aside ('' means: is present). */
export interface AgentSign {
  /** The agent's name in reports, for example `claude-code`. */
  agent: string;
  /** Lower case. */
  header: string;
  prefix: string;
}

/**
 * The coding agents that are known by default, more telling signs first (sources: recorded requests of the agents,
 * 2026-11, and their documentation). What a client says of itself is not proof: the list keeps honest clients within a
 * plan's terms, it is no security boundary.
 */
export const knownCodingAgents: readonly AgentSign[] = [
  { agent: 'codex', header: 'originator', prefix: 'codex' },
  { agent: 'codex', header: 'user-agent', prefix: 'codex' },
  { agent: 'opencode', header: 'user-agent', prefix: 'opencode/' },
  { agent: 'qwen-code', header: 'user-agent', prefix: 'qwencode/' },
  { agent: 'qwen-code', header: 'x-dashscope-useragent', prefix: 'qwencode/' },
  { agent: 'cline', header: 'user-agent', prefix: 'cline/' },
  { agent: 'cline', header: 'x-title', prefix: 'cline' },
  { agent: 'roo-code', header: 'user-agent', prefix: 'roocode/' },
  { agent: 'kilo-code', header: 'user-agent', prefix: 'kilo-code/' },
  { agent: 'openclaw', header: 'user-agent', prefix: 'openclaw' },
  { agent: 'cursor', header: 'user-agent', prefix: 'cursor' },
  { agent: 'claude-code', header: 'x-claude-code-session-id', prefix: '' },
  { agent: 'claude-code', header: 'user-agent', prefix: 'claude-cli/' },
  { agent: 'claude-code', header: 'user-agent', prefix: 'claude-code/' },
];

/** Header values by lower-case name, as `node:http` gives them. */
export type HeaderValues = Readonly<Record<string, string | string[] | undefined>>;

/** The agent that the headers show; undefined for any other client. */
export function codingAgentOf(
  headers: HeaderValues,
  signs: readonly AgentSign[] = knownCodingAgents,
): string | undefined {
  return signs.find((sign) => {
    const value = headers[sign.header];
    return typeof value === 'string' && value.slice(0, sign.prefix.length).toLowerCase() === sign.prefix;
  })?.agent;
}
