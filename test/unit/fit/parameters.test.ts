import { describe, it } from 'node:test';
import { maxTokensName } from '../../../src/fit/max-tokens-name.ts';
import { maxTokensRange } from '../../../src/fit/max-tokens-range.ts';
import { nRange } from '../../../src/fit/n-range.ts';
import { parallelToolsDefault } from '../../../src/fit/parallel-tools-default.ts';
import { samplingRange } from '../../../src/fit/sampling-range.ts';
import { stopForm } from '../../../src/fit/stop-form.ts';
import { streamOptions } from '../../../src/fit/stream-options.ts';
import { leavesAlone, turns } from './harness.ts';

/** A request as odd as JSON allows, with a member in the middle. */
function odd(member: string): string {
  return `{ "model":"m",${member === '' ? '' : ` ${member} ,`}\t"x":[1.0e2, "é\\u00e9"] ,"messages":[]}`;
}

describe('sampling-range', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['"temperature":2', '"temperature":1.99'],
    ['"temperature": 7.5', '"temperature": 1.99'],
    ['"temperature":-1', '"temperature":0'],
    ['"top_p":0', '"top_p":0.01'],
    ['"top_p":1.5', '"top_p":1'],
    ['"top_k":-1', '"top_k":101'],
    ['"top_k":2.5', '"top_k":2'],
    ['"repetition_penalty":0', '"repetition_penalty":1'],
    ['"presence_penalty":-3', '"presence_penalty":-2'],
    ['"presence_penalty":2.5', '"presence_penalty":2'],
    ['"seed":2147483648', '"seed":0'],
    ['"seed":1.5', '"seed":1'],
  ];
  for (const [from, to] of cases) it(`${from} becomes ${to}`, () => turns(samplingRange, odd(from), odd(to)));

  it('leaves out a negative seed, which elsewhere means random', () =>
    turns(samplingRange, '{"seed":-1,"model":"m"}', '{"model":"m"}'));

  for (const fine of [
    '"temperature":0',
    '"temperature":1.99',
    '"temperature":null',
    '"temperature":"2"',
    '"top_p":1.0',
    '"top_k":0',
    '"seed":2147483647',
  ]) {
    it(`${fine} stays`, () => leavesAlone(samplingRange, odd(fine)));
  }

  it('keeps the temperature of MiniMax above 0 and up to 1', () => {
    for (const options of [{ vendor: 'minimax', model: 'MiniMax-M2.7' }, { model: 'MiniMax/MiniMax-M2.5' }]) {
      turns(samplingRange, odd('"temperature":0'), odd('"temperature":0.01'), options);
      turns(samplingRange, odd('"temperature":1.5'), odd('"temperature":1'), options);
      leavesAlone(samplingRange, odd('"temperature":1'), options);
    }
    leavesAlone(samplingRange, odd('"top_p":0'), { vendor: 'minimax', model: 'MiniMax-M2.7' });
  });

  it('does not judge other vendors', () => leavesAlone(samplingRange, odd('"temperature":2'), { vendor: 'openai' }));
});

describe('max-tokens-name', () => {
  it('keeps the value', () => turns(maxTokensName, odd('"max_tokens": 1e2'), odd('"max_completion_tokens": 1e2')));
  it('lets the new name win', () =>
    turns(maxTokensName, '{"max_tokens":1,"max_completion_tokens":2}', '{"max_completion_tokens":2}'));
  it('is not for others', () => leavesAlone(maxTokensName, odd('"max_tokens":1'), { vendor: 'deepseek' }));
});

describe('max-tokens-range', () => {
  it('lowers to what the model answers at most', () => {
    turns(maxTokensRange, odd('"max_tokens":200000'), odd('"max_tokens":32768'));
    turns(maxTokensRange, odd('"max_completion_tokens":200000'), odd('"max_completion_tokens":32768'));
  });

  it('allows for the thinking where it counts it and the model thinks', () => {
    const thinking = { model: 'qwen3.5-plus' };
    turns(maxTokensRange, odd('"max_completion_tokens":200000'), odd('"max_completion_tokens":147456'), thinking);
    turns(maxTokensRange, odd('"max_tokens":200000'), odd('"max_tokens":65536'), thinking);
  });

  it('counts them together where the family shares the limit', () =>
    turns(maxTokensRange, odd('"max_completion_tokens":999999'), odd('"max_completion_tokens":32768'), {
      model: 'MiniMax-M2.5',
    }));

  it('leaves out what is below 1, but where the protocol requires the member', () => {
    turns(maxTokensRange, '{"max_tokens":-1,"model":"m"}', '{"model":"m"}');
    turns(maxTokensRange, '{"max_tokens":0}', '{"max_tokens":1}', { protocol: 'anthropic-messages' });
  });

  it('leaves alone what fits, other types and unknown models', () => {
    leavesAlone(maxTokensRange, odd('"max_tokens":32768'));
    leavesAlone(maxTokensRange, odd('"max_tokens":"200000"'));
    leavesAlone(maxTokensRange, odd('"max_tokens":200000'), { model: 'qwen9-ultra' });
    leavesAlone(maxTokensRange, odd('"max_tokens":200000'), { vendor: 'openai' });
  });
});

describe('n-range', () => {
  it('brings n into 1 to 4', () => {
    turns(nRange, odd('"n":9'), odd('"n":4'));
    turns(nRange, odd('"n":0'), odd('"n":1'));
    turns(nRange, odd('"n":2.9'), odd('"n":2'));
  });
  it('asks for one answer with tools, in thinking mode and on models that are not Qwen', () => {
    turns(nRange, '{"n":2,"tools":[{}]}', '{"n":1,"tools":[{}]}');
    turns(nRange, '{"n":2,"enable_thinking":true}', '{"n":1,"enable_thinking":true}');
    turns(nRange, '{"n":2}', '{"n":1}', { model: 'kimi-k2.5' });
  });
  it('leaves alone what fits', () => {
    leavesAlone(nRange, odd('"n":4'));
    leavesAlone(nRange, '{"n":1,"tools":[{}]}');
    leavesAlone(nRange, odd('"n":null'));
  });
});

describe('stop-form', () => {
  it('keeps the texts of a mixed list', () => turns(stopForm, odd('"stop":["a",1,null]'), odd('"stop":["a"]')));
  it('makes a list of a token id', () => turns(stopForm, odd('"stop":7'), odd('"stop":[7]')));
  it('leaves out what has nothing of use', () => turns(stopForm, '{"stop":[null],"a":1}', '{"a":1}'));
  it('leaves alone every form that is taken', () => {
    for (const stop of ['"a"', '["a","b"]', '[1,2]', '[[1],[2,3]]', '[]', 'null'])
      leavesAlone(stopForm, odd(`"stop":${stop}`));
  });
});

describe('stream-options', () => {
  it('goes without a stream', () => turns(streamOptions, '{"stream_options":{"include_usage":true},"a":1}', '{"a":1}'));
  it('goes at other vendors too, who refuse it as well', () =>
    turns(streamOptions, '{"a":1,"stream_options":{}}', '{"a":1}', { vendor: 'openai' }));
  it('stays with one', () => leavesAlone(streamOptions, '{"stream":true,"stream_options":{}}'));
});

describe('parallel-tools-default', () => {
  it('is true as elsewhere', () =>
    turns(parallelToolsDefault, '{"tools":[{}]}', '{"tools":[{}],"parallel_tool_calls":true}'));
  it('leaves a choice alone, and requests without tools', () => {
    leavesAlone(parallelToolsDefault, '{"tools":[{}],"parallel_tool_calls":false}');
    leavesAlone(parallelToolsDefault, '{"tools":[]}');
    leavesAlone(parallelToolsDefault, '{}');
    leavesAlone(parallelToolsDefault, '{"tools":[{}]}', { vendor: 'groq' });
    leavesAlone(parallelToolsDefault, '{"tools":[{}]}', { wantsOwnDefaults: true });
  });
});
