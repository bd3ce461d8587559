import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFrame, SseFrameTooLargeError, SseParser, SseSplitter } from '../../../src/wire/sse.ts';

const stream = [
  ': comment\n\n',
  'data: {"text":"größe 模型 🎈"}\n\n',
  'event: message_start\r\ndata: {"a":1}\r\n\r\n',
  'id:1\nevent:result\n:HTTP_STATUS/200\ndata:{"output":1}\n\n',
  'data: one\ndata: two\n\n',
  'data: [DONE]\n\n',
].join('');

const frames = [
  { event: '', data: '{"text":"größe 模型 🎈"}' },
  { event: 'message_start', data: '{"a":1}' },
  { event: 'result', data: '{"output":1}' },
  { event: '', data: 'one\ntwo' },
  { event: '', data: '[DONE]' },
];

describe('event stream frames', () => {
  it('are the same wherever the bytes are cut in two', () => {
    const bytes = Buffer.from(stream);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const parser = new SseParser();
      const got = [...parser.push(bytes.subarray(0, cut)), ...parser.push(bytes.subarray(cut)), ...parser.end()];
      assert.deepEqual(got, frames, `cut at ${cut}`);
    }
  });

  it('are the same when every byte comes alone', () => {
    const parser = new SseParser();
    const got = [...Buffer.from(stream)].flatMap((byte) => parser.push(Buffer.from([byte])));
    assert.deepEqual([...got, ...parser.end()], frames);
  });

  it('keep all bytes of the stream when they are split raw', () => {
    const splitter = new SseSplitter();
    const bytes = Buffer.from(`${stream}data: rest`);
    const raws = [...splitter.push(bytes.subarray(0, 33)), ...splitter.push(bytes.subarray(33)), splitter.rest()];
    assert.deepEqual(Buffer.concat(raws), bytes);
    assert.equal(raws.length, 7);
  });

  it('count without the closing blank line at the end of the stream', () => {
    const parser = new SseParser();
    assert.deepEqual(parser.push(Buffer.from('data: x\n')), []);
    assert.deepEqual(parser.end(), [{ event: '', data: 'x' }]);
    assert.deepEqual(parser.end(), []);
  });

  it('are nothing for comments and unknown fields', () => {
    assert.equal(parseFrame(Buffer.from(': keep-alive\n\n')), undefined);
    assert.equal(parseFrame(Buffer.from('retry: 5\nid: 7\n\n')), undefined);
    assert.deepEqual(parseFrame(Buffer.from('data\n\n')), { event: '', data: '' });
  });

  it('are refused above the size limit', () => {
    const splitter = new SseSplitter(100);
    assert.throws(() => splitter.push(Buffer.alloc(101, 'x')), SseFrameTooLargeError);
  });
});
