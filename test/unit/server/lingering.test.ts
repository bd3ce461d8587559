import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { Lingering } from '../../../src/server/lingering.ts';

/** A day: a limit that no test comes to. */
const never = 86_400_000;
const limits = { bytes: 1_000, silenceMs: never, totalMs: never };
const limited = { timeout: 10_000 };

/** Sends a byte in each turn of the event loop until the client is let go. */
async function drip(client: PassThrough, ended: Promise<void>): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver) {
    client.write('x');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a client that still sends after its answer', () => {
  it('is read up to so many bytes, none of which is kept', limited, async () => {
    const client = new PassThrough();
    const lingering = new Lingering(limits);
    const ended = lingering.throwAway(client, client);
    client.write(Buffer.alloc(1_000));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([lingering.has(client), client.readableLength], [true, 0]);
    client.write('x');
    await ended;
    assert.equal(lingering.has(client), false);
  });

  it('is let go when it has been silent for too long', limited, async () => {
    const client = new PassThrough();
    await new Lingering({ ...limits, silenceMs: 5 }).throwAway(client, client);
  });

  it('is let go when all of it takes too long, however steadily it sends', limited, async () => {
    const client = new PassThrough();
    const ended = new Lingering({ bytes: never, silenceMs: never, totalMs: 20 }).throwAway(client, client);
    await drip(client, ended);
  });

  it('is let go at its end, when it leaves, and when the gateway stops', limited, async () => {
    const lingering = new Lingering(limits);
    const ending = new PassThrough();
    const leaving = new PassThrough();
    const staying = new PassThrough();
    const all = [ending, leaving, staying].map((client) => lingering.throwAway(client, client));
    ending.end();
    leaving.destroy();
    await Promise.all(all.slice(0, 2));
    assert.equal(lingering.has(staying), true);
    lingering.stop();
    await all[2];
    await lingering.throwAway(new PassThrough(), new PassThrough());
  });
});
