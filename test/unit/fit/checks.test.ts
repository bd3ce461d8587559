import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/domain/json.ts';
import { checkRequest, fitChecks } from '../../../src/fit/checks/checks.ts';
import { codingAgentOf, codingAgents, parseAgentSign } from '../../../src/catalogue/coding-agents.ts';
import { checkPlanClient } from '../../../src/fit/checks/plan-client.ts';
import { FlaggedTurns } from '../../../src/fit/flagged-turns.ts';
import type { FitCheck } from '../../../src/fit/checks/check.ts';
import { FitSwitchboard } from '../../../src/fit/switchboard.ts';
import { isSwitchedOn } from '../../../src/fit/switches.ts';
import { contextOf, user } from './harness.ts';
import type { RuleOptions } from './harness.ts';

/** Those that a gateway with the standard settings asks. */
function checksFor({ protocol = 'openai-chat', model = 'qwen-plus' }: RuleOptions): readonly FitCheck[] {
  const target = { provider: 'bailian', vendor: 'bailian', model, protocol };
  return new FitSwitchboard(standardSettings, { stripBillingLine: true }).selectionFor(target).checks;
}

const standardSettings = { rules: {}, providers: {}, models: {}, codingAgents: [] };

function refused(request: JsonObject, options: RuleOptions = {}): string | undefined {
  const error = checkRequest(contextOf(request, options), checksFor(options));
  assert.ok(error === undefined || (error.status === 400 && error.origin === 'gateway' && error.fix !== undefined));
  return error?.message;
}

describe('checked before sending', () => {
  const limit = 30_720;
  const small = { model: 'qwen-max' };
  const words = (count: number): JsonObject => ({ messages: [user('word '.repeat(count))] });

  it('refuses an input that is clearly too long, not one near the limit', () => {
    assert.equal(refused(words(limit * 1.2), small), `Range of input length should be [1, ${limit}]`);
    assert.equal(refused(words(limit * 1.1), small), undefined);
    assert.equal(refused(words(limit * 0.9), small), undefined);
  });

  it('does not count inline images as text', () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'iVBORw0KGgo'.repeat(100_000)}` } };
    assert.equal(refused({ messages: [{ role: 'user', content: [image] }] }, { model: 'qwen-vl-max' }), undefined);
  });

  it('refuses media that the model does not take', () => {
    const part = (type: string): JsonObject => ({ messages: [{ role: 'user', content: [{ type }] }] });
    assert.equal(refused(part('image_url')), 'input content must be a string.');
    assert.equal(
      refused(part('input_audio'), { model: 'qwen3-vl-plus' }),
      'The item of content should be a message of a certain modal.',
    );
    assert.equal(refused(part('image_url'), { model: 'qwen3-vl-plus' }), undefined);
    assert.equal(refused(part('image_url'), { model: 'qwen9-ultra' }), undefined);
    assert.equal(refused(part('image_url'), { vendor: 'openai' }), undefined);
  });

  it('refuses tools for a model without', () => {
    assert.equal(refused({ tools: [{}] }, { model: 'qwen-long' }), 'The tool call is not supported.');
    assert.equal(refused({ tools: [] }, { model: 'qwen-long' }), undefined);
    assert.equal(refused({ tools: [{}] }), undefined);
  });

  it('asks no check that is switched off, nor any rule', () => {
    const target = { provider: 'bailian', vendor: 'bailian', model: 'qwen-long', protocol: 'openai-chat' } as const;
    const rules = { 'tools-supported': false, 'json-word': true, 'stop-form': false };
    const { checks, rules: selected } = new FitSwitchboard(
      { ...standardSettings, rules },
      { stripBillingLine: false },
    ).selectionFor(target);
    assert.deepEqual(
      checks,
      fitChecks.filter(({ id }) => id !== 'tools-supported'),
    );
    assert.equal(checkRequest(contextOf({ tools: [{}] }, { model: 'qwen-long' }), checks), undefined);
    const ids = selected.map(({ id }) => id);
    assert.ok(ids.includes('json-word'));
    assert.ok(!ids.includes('stop-form') && !ids.includes('billing-line'));
  });
});

describe('the clients of a Coding Plan', () => {
  const provider = { name: 'bailian', plan: 'coding' } as const;

  it('are coding agents, told by their headers', () => {
    for (const headers of [
      { 'user-agent': 'claude-cli/2.1.329 (external, sdk-cli)' },
      { 'user-agent': 'opencode/1.18.33 ai-sdk/provider-utils/4' },
      { 'user-agent': 'QwenCode/0.24.4 (linux; x64)' },
      { 'user-agent': 'codex_exec/0.169.0 (Debian)' },
      { 'user-agent': 'node', 'x-claude-code-session-id': 'a' },
      { 'user-agent': 'OpenAI/JS 6', 'x-title': 'Cline' },
    ]) {
      assert.equal(checkPlanClient(provider, headers, codingAgents), undefined, JSON.stringify(headers));
    }
  });

  it('are refused otherwise, in the words of the platform', () => {
    for (const agent of ['curl/8.5.0', 'python-requests/2.32', 'OpenAI/Python 2.1', 'my claude-cli/2', '']) {
      const error = checkPlanClient(provider, { 'user-agent': agent }, codingAgents);
      assert.deepEqual(
        [error?.status, error?.message, error?.origin],
        [405, 'Coding Plan is currently only available for Coding Agents', 'gateway'],
      );
    }
    assert.equal(checkPlanClient(provider, {}, codingAgents)?.status, 405);
  });

  it('do not matter elsewhere', () => {
    for (const plan of ['payg', 'token', 'trial'] as const)
      assert.equal(checkPlanClient({ name: 'b', plan }, {}, codingAgents), undefined);
  });

  it('can be added', () => {
    const signs = [parseAgentSign('my-agent/'), parseAgentSign('X-Title: My IDE')];
    assert.equal(codingAgentOf({ 'user-agent': 'My-Agent/1.0' }, signs), 'configured');
    assert.equal(codingAgentOf({ 'x-title': 'my ide pro' }, signs), 'configured');
    assert.equal(codingAgentOf({ 'x-title': ['my ide', 'b'], 'user-agent': 'x' }, signs), undefined);
  });
});

describe('the switches', () => {
  const rule = { id: 'json-word', enabledByDefault: false } as const;
  const target = { provider: 'bailian', model: 'qwen-plus' };
  const none = { rules: {}, providers: {}, models: {} };

  it('count from the general to the special', () => {
    const on = { 'json-word': true };
    const off = { 'json-word': false };
    assert.equal(isSwitchedOn(rule, target, none), false);
    assert.equal(isSwitchedOn(rule, target, { ...none, rules: on }), true);
    assert.equal(isSwitchedOn(rule, target, { ...none, rules: on, providers: { bailian: off } }), false);
    assert.equal(
      isSwitchedOn(rule, target, { rules: off, providers: { bailian: off }, models: { 'qwen-plus': on } }),
      true,
    );
    assert.equal(isSwitchedOn(rule, target, { ...none, providers: { other: on }, models: { other: on } }), false);
  });
});

describe('flagged turns', () => {
  it('are remembered by digest, the last thousand', () => {
    const turns = new FlaggedTurns();
    assert.equal(turns.has('0'), false);
    for (let index = 0; index <= 1000; index++) turns.note(`${index}`);
    assert.deepEqual([turns.has('0'), turns.has('1'), turns.has('1000')], [false, true, true]);
    turns.note('1');
    turns.note('new');
    assert.deepEqual([turns.has('1'), turns.has('2')], [true, false]);
  });
});
