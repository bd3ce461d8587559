/** How an agent is recognised: a request header that begins with this text, in any case. */
export interface AgentSign {
  agent: string;
  /** Lower-case. */
  header: string;
  prefix: string;
}

/**
 * Interactive coding agents by the headers they send of themselves (recorded runs of the released clients, 2026-11; Qwen
 * Code calls itself `claude-cli` on its Anthropic surface). Agents that do not name themselves are added in the
 * configuration, `fit.coding_agents`.
 */
export const codingAgents: readonly AgentSign[] = [
  { agent: 'Claude Code', header: 'user-agent', prefix: 'claude-cli/' },
  { agent: 'Claude Code', header: 'user-agent', prefix: 'claude-code/' },
  { agent: 'Claude Code', header: 'x-claude-code-session-id', prefix: '' },
  { agent: 'OpenCode', header: 'user-agent', prefix: 'opencode/' },
  { agent: 'Qwen Code', header: 'user-agent', prefix: 'QwenCode/' },
  { agent: 'Qwen Code', header: 'x-dashscope-useragent', prefix: 'QwenCode/' },
  { agent: 'Codex', header: 'user-agent', prefix: 'codex_' },
  { agent: 'Codex', header: 'originator', prefix: 'codex_' },
  { agent: 'OpenClaw', header: 'user-agent', prefix: 'openclaw/' },
  { agent: 'Cline', header: 'user-agent', prefix: 'Cline/' },
  { agent: 'Cline', header: 'x-title', prefix: 'Cline' },
  { agent: 'Kilo Code', header: 'user-agent', prefix: 'Kilo-Code/' },
  { agent: 'Kilo Code', header: 'x-title', prefix: 'Kilo Code' },
  { agent: 'Roo Code', header: 'user-agent', prefix: 'RooCode/' },
  { agent: 'Roo Code', header: 'x-title', prefix: 'Roo Code' },
  { agent: 'Cursor', header: 'user-agent', prefix: 'Cursor/' },
  { agent: 'Crush', header: 'user-agent', prefix: 'Charm Crush/' },
  { agent: 'Kimi Code', header: 'user-agent', prefix: 'KimiCLI/' },
  { agent: 'Qoder', header: 'user-agent', prefix: 'Qoder/' },
  { agent: 'ZCode', header: 'user-agent', prefix: 'ZCode/' },
  { agent: 'pi', header: 'user-agent', prefix: 'pi/' },
];

/** A sign written as `header: prefix`; a text without a colon is a prefix of `user-agent`. */
export function parseAgentSign(text: string): AgentSign {
  const colon = text.indexOf(':');
  const [header, prefix] = colon === -1 ? ['user-agent', text] : [text.slice(0, colon), text.slice(colon + 1)];
  return { agent: 'configured', header: header.trim().toLowerCase(), prefix: prefix.trim() };
}

/** True when the headers are those of a known agent. */
export function isCodingAgent(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  signs: readonly AgentSign[],
): boolean {
  return signs.some(({ header, prefix }) => {
    const value = headers[header];
    return typeof value === 'string' && value.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
  });
}
