import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startGateway } from '../e2e/support/gateway.ts';
import { key, sum } from './support/agent.ts';
import type { Agent } from './support/agent.ts';
import { installed } from './support/install.ts';
import { runAgent } from './support/run.ts';
import { describeAgent, limitMs } from './support/suite.ts';

const claudeCode: Agent = {
  name: 'Claude Code',
  client: { package: '@anthropic-ai/claude-code', version: '2.1.329', command: 'claude' },
  command: sum,
  surfaces: (['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY'] as const).map((keyName) => ({
    name: `Anthropic, key in ${keyName}`,
    protocol: 'anthropic-messages',
    args: ({ prompt }) => ['-p', prompt, '--output-format', 'text', '--allowedTools', 'Bash(expr:*)'],
    env: ({ url, model }) => ({
      ANTHROPIC_BASE_URL: `${url}/apps/anthropic`,
      [keyName]: key,
      ANTHROPIC_MODEL: model,
      ANTHROPIC_SMALL_FAST_MODEL: model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      ANTHROPIC_DEFAULT_SONNET_MODEL: model,
      ANTHROPIC_DEFAULT_OPUS_MODEL: model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '1',
      DISABLE_AUTOUPDATER: '1',
      IS_SANDBOX: '1',
    }),
    home: () => ({ '.claude.json': JSON.stringify({ hasCompletedOnboarding: true }) }),
    requests: [2, 2],
  })),
};

describeAgent(claudeCode);

describe('Claude Code', () => {
  it('counts its context with count_tokens', async () => {
    await using gateway = await startGateway();
    const command = await installed(claudeCode.client);
    const [surface] = claudeCode.surfaces;
    assert.ok(surface);
    const place = { url: gateway.url, model: 'qwen-plus', prompt: '/context' };
    const env = surface.env(place);
    const end = await runAgent({ command, args: surface.args(place), env, home: surface.home(place), limitMs });
    assert.equal(end.code, 0, end.stderr);
    const counts = gateway.requests().filter(({ route }) => route === '/v1/messages/count_tokens');
    assert.ok(counts.length > 0);
    for (const line of gateway.requests()) assert.equal(line['status'], 200, JSON.stringify(line));
  });
});
