import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '../../../src/domain/json.ts';
import { JsonDocument } from '../../../src/wire/json-document.ts';
import type { JsonPath } from '../../../src/wire/json-edits.ts';
import { JsonSyntaxError } from '../../../src/wire/json-scan.ts';

const odd =
  '{ "model" : "a",\n "messages":[ {"role":"user", "content":"\\u00e9 \\"x\\" ü🎈"} ,{"n":1.50e+2}],\t"max_tokens": 10, "extra":{"k":[1,[2,{"q":null}]]} }';

function document(text: string): JsonDocument {
  return new JsonDocument(Buffer.from(text));
}

function text(edited: JsonDocument): string {
  return edited.toBytes().toString('utf8');
}

describe('a JSON document', () => {
  // Symptom: an edited member called `__proto__` was gone when it was read. Cause: assigning to that name sets the prototype
  // of the copy. Fix: members of copies are defined.
  it('a member below called `__proto__` is read as it was edited', () => {
    const edited = new JsonDocument(Buffer.from('{"a":{"__proto__":{"b":1},"c":2}}'));
    edited.set(['a', '__proto__', 'b'], 3);
    edited.rename(['a', 'c'], '__proto__x');
    assert.equal(JSON.stringify(edited.get('a')), '{"__proto__":{"b":3},"__proto__x":2}');
    assert.equal(edited.toBytes().toString(), '{"a":{"__proto__":{"b":3},"__proto__x":2}}');
  });

  it('gives back the received bytes themselves when nothing was edited', () => {
    const bytes = Buffer.from(odd);
    assert.equal(new JsonDocument(bytes).toBytes(), bytes);
  });

  it('keeps every other byte when a member is set', () => {
    const edited = document(odd);
    edited.set(['model'], 'provider/b');
    assert.equal(text(edited), odd.replace('"a"', '"provider/b"'));
  });

  it('keeps the value when a member is renamed', () => {
    const edited = document(odd);
    edited.rename(['max_tokens'], 'max_completion_tokens');
    assert.equal(text(edited), odd.replace('"max_tokens"', '"max_completion_tokens"'));
    assert.equal(edited.get('max_completion_tokens'), 10);
    assert.equal(edited.get('max_tokens'), undefined);
  });

  it('edits deep places, and reads what it edited', () => {
    const edited = document(odd);
    edited.set(['messages', 0, 'role'], 'system');
    edited.set(['extra', 'k', 1, 1, 'q'], [true]);
    edited.set(['extra', 'new'], 'é');
    edited.remove(['messages', 1, 'n']);
    assert.equal(
      text(edited),
      odd
        .replace('"user"', '"system"')
        .replace('{"q":null}', '{"q":[true]}')
        .replace(']]}', ']],"new":"é"}')
        .replace('"n":1.50e+2', ''),
    );
    assert.deepEqual(edited.value['messages'], [{ role: 'system', content: 'é "x" ü🎈' }, {}]);
  });

  it('changes a value that an earlier edit set', () => {
    const edited = document('{"a":1}');
    edited.set(['options'], { x: 1 });
    edited.set(['options', 'y'], 2);
    edited.remove(['options', 'x']);
    assert.equal(text(edited), '{"a":1,"options":{"y":2}}');
  });

  it('removes members with their commas, wherever they stand', () => {
    for (const keys of [['a'], ['b'], ['c'], ['a', 'b'], ['b', 'c'], ['a', 'c'], ['a', 'b', 'c']]) {
      const edited = document('{"a":1, "b":2 ,"c":3}');
      for (const key of keys) edited.remove([key]);
      const rest: unknown = JSON.parse(text(edited));
      assert.deepEqual(rest, edited.value, keys.join());
      assert.equal(Object.keys(edited.value).length, 3 - keys.length);
    }
  });

  it('sends only the last of members with one name, as JSON.parse reads them', () => {
    const edited = document('{"model":"cheap","stream":true,"mod\\u0065l":"dear"}');
    assert.equal(edited.get('model'), 'dear');
    assert.deepEqual(JSON.parse(text(edited)), { stream: true, model: 'dear' });
    assert.equal(text(edited).match(/cheap/), null);
    edited.set(['model'], 'other');
    assert.deepEqual(JSON.parse(text(edited)), { stream: true, model: 'other' });
  });

  it('reads a member without looking into the others, before and after edits', () => {
    const edited = document('{"model":"a","messages":[{"role":"user"}],"broken":{"x":nul}}');
    edited.set(['model'], 'b');
    assert.equal(edited.get('model'), 'b');
    const before = edited.get('messages');
    edited.set(['messages', 0, 'role'], 'system');
    assert.deepEqual(edited.get('messages'), [{ role: 'system' }]);
    assert.deepEqual(before, [{ role: 'user' }]);
    assert.equal(edited.has('broken'), true);
    assert.throws(() => edited.get('broken'), JsonSyntaxError);
  });

  it('knows members by their present names', () => {
    const edited = document('{"old":1,"gone":2}');
    edited.rename(['old'], 'new');
    edited.remove(['gone']);
    edited.set(['added'], null);
    assert.deepEqual(
      ['old', 'new', 'gone', 'added', 'never'].map((key) => edited.has(key)),
      [false, true, false, true, false],
    );
    edited.set(['new'], 3);
    assert.equal(text(edited), '{"new":3,"added":null}');
    assert.deepEqual(edited.value, { new: 3, added: null });
  });

  it('leaves a value alone that an edit was given', () => {
    const given = { x: 1 };
    const edited = document('{}');
    edited.set(['a'], given);
    assert.deepEqual(edited.get('a'), { x: 1 });
    edited.set(['a', 'x'], 2);
    assert.deepEqual([edited.get('a'), given], [{ x: 2 }, { x: 1 }]);
  });

  it('finds a text at the beginning of a member', () => {
    const edited = document('{"a":"x marker","b":["marker"]}');
    assert.deepEqual(
      [
        edited.mentionsEarly('marker', 'a', 9),
        edited.mentionsEarly('marker', 'a', 8),
        edited.mentionsEarly('marker', 'b', 1000),
        edited.mentionsEarly('marker', 'c', 1000),
      ],
      [true, false, true, false],
    );
  });

  it('gives samples from all over its text', () => {
    const samples = document(`{"a":"${'x'.repeat(1000)}${'y'.repeat(1000)}"}`).samples(4, 10);
    assert.deepEqual(
      samples.map((sample) => [sample.length, sample.at(-1)]),
      [
        [10, 'x'],
        [10, 'x'],
        [10, 'y'],
        [10, 'y'],
      ],
    );
  });

  it('adds a member to an empty object', () => {
    const edited = document(' { } ');
    edited.set(['a'], 1);
    assert.deepEqual(JSON.parse(text(edited)), { a: 1 });
  });

  it('refuses what is not one object', () => {
    for (const bad of [
      '',
      '[]',
      '1',
      '{',
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '{"a":1 "b":2}',
      '{"a":1}x',
      '{"a":"x',
      '{a:1}',
      '{"a":1}{}',
    ]) {
      assert.throws(() => document(bad), JsonSyntaxError, bad);
    }
    assert.throws(() => document(`{"a":${'['.repeat(600)}`), JsonSyntaxError);
  });

  it('agrees with JSON.parse after random edits of random objects', () => {
    const random = generator(7);
    for (let round = 0; round < 2_000; round++) {
      const value = randomObject(random, 3);
      const edited = document(spaced(JSON.stringify(value), random));
      for (let edit = 0; edit < 3; edit++) randomEdit(edited, random);
      assert.deepEqual(
        JSON.parse(text(edited)),
        JSON.parse(JSON.stringify(edited.value)),
        `round ${round}: ${JSON.stringify(value)}`,
      );
    }
  });
});

/** A small linear congruential generator: the same sequence in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

const keys = ['a', 'b', 'é', 'long name', 'q"uote'];

function randomValue(random: (below: number) => number, depth: number): JsonValue {
  const kinds: (() => JsonValue)[] = [
    () => random(1_000) / 8,
    () => 'x"\\ü🎈}]'.slice(random(8)),
    () => null,
    () => true,
    () => Array.from({ length: random(3) }, () => randomValue(random, depth - 1)),
    () => randomObject(random, depth - 1),
  ];
  return kinds[random(depth > 0 ? kinds.length : 4)]?.() ?? null;
}

function randomObject(random: (below: number) => number, depth: number): Record<string, JsonValue> {
  return Object.fromEntries(keys.slice(0, random(keys.length + 1)).map((key) => [key, randomValue(random, depth)]));
}

function spaced(json: string, random: (below: number) => number): string {
  return ' '.repeat(random(3)) + json + '\n'.repeat(random(2));
}

function randomEdit(edited: JsonDocument, random: (below: number) => number): void {
  const path: (string | number)[] = [];
  let at: JsonValue | undefined = edited.value;
  for (;;) {
    const below: (string | number)[] = Array.isArray(at)
      ? [...at.keys()]
      : typeof at === 'object' && at !== null
        ? [...Object.keys(at), 'fresh']
        : [];
    const step = below[random(below.length || 1)];
    if (step === undefined) break;
    path.push(step);
    at = Array.isArray(at) ? at[Number(step)] : typeof at === 'object' && at !== null ? at[step] : undefined;
    if (random(2) === 0) break;
  }
  if (path.length === 0) return;
  applyRandom(edited, path, random);
}

function applyRandom(edited: JsonDocument, path: JsonPath, random: (below: number) => number): void {
  const last = path.at(-1);
  const action = random(3);
  if (action === 0 || typeof last === 'number') edited.set(path, randomValue(random, 1));
  else if (action === 1) edited.remove(path);
  else edited.rename(path, `renamed-${random(1_000_000)}`);
}
