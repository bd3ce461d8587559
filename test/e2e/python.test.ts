import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { join } from 'node:path';
import * as expected from './clients/support/expected.ts';
import { setups } from './clients/support/setups.ts';
import type { Setup } from './clients/support/setups.ts';
import { preparePython, runScript } from './support/python.ts';

const scripts = join(import.meta.dirname, 'python');
const python = await preparePython(join(scripts, 'requirements.txt'));
const skip = 'missing' in python ? python.missing : false;

/** Runs one of the scripts against a gateway with this behind it; `model` is the kind of model it asks for. */
async function answerOf(script: string, setup: Setup, kind: 'text' | 'thinking'): Promise<Record<string, unknown>> {
  assert.ok('executable' in python);
  await using backed = await setup.start();
  const answer = await runScript(python.executable, join(scripts, script), {
    OPENAI_BASE_URL: `${backed.url}/compatible-mode/v1`,
    ANTHROPIC_BASE_URL: `${backed.url}/apps/anthropic`,
    MODEL: backed.models[kind],
  });
  for (const line of backed.requests()) assert.equal(line['status'], 200, JSON.stringify(line));
  return answer;
}

for (const setup of setups) {
  describe(`Python, answered by ${setup.name}`, { skip }, () => {
    for (const script of ['chat.py', 'langchain.py']) {
      it(`${script}: the same text and usage, whole and streamed`, async () => {
        const { total, streamedTotal, ...answer } = await answerOf(script, setup, 'text');
        assert.deepEqual(answer, { whole: expected.answer, finish: 'stop', streamed: expected.answer });
        assert.ok(Number(total) > 20);
        assert.equal(streamedTotal, total);
      });
    }

    it('tools.py: rounds of calls whose results do not name the call', async () => {
      const { called, answer } = await answerOf('tools.py', setup, 'text');
      assert.deepEqual(called, ['get_current_weather', 'get_current_time']);
      assert.match(String(answer), /It is rainy in Singapore\./);
      assert.match(String(answer), /It is 17:15\./);
    });

    it('messages.py: a stream that thinks first, and a whole answer', async () => {
      const { thinking, outputTokens, ...answer } = await answerOf('messages.py', setup, 'thinking');
      assert.deepEqual(answer, { streamed: expected.answer, whole: expected.answer, stop: 'end_turn' });
      assert.match(String(thinking), /Who are you\?/);
      assert.ok(Number(outputTokens) > 10);
    });
  });
}
