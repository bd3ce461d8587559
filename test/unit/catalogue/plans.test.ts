import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findModel, listModels } from '../../../src/catalogue/models.ts';
import { codingPlanModels, codingPlanWindows, tokenPlanModels } from '../../../src/catalogue/plans.ts';

test('every plan model is a catalogue model', () => {
  for (const id of [...codingPlanModels.cn, ...codingPlanModels.intl, ...tokenPlanModels]) {
    assert.ok(findModel(id), `${id} is not in the catalogue`);
  }
});

test('the Coding Plan lists and the catalogue agree', () => {
  const marked = (edition: 'codingPlanCn' | 'codingPlanIntl'): string[] =>
    listModels()
      .filter((entry) => entry.plans[edition] === true)
      .map((entry) => entry.id)
      .toSorted();
  assert.deepEqual([...codingPlanModels.cn].toSorted(), marked('codingPlanCn'));
  assert.deepEqual([...codingPlanModels.intl].toSorted(), marked('codingPlanIntl'));
});

test('the Token Plan list contains what the catalogue marks', () => {
  const marked = listModels().filter(
    ({ plans }) => plans.tokenPlanPersonalCn === true || plans.tokenPlanListedByModelsDev === true,
  );
  for (const { id } of marked) assert.ok(tokenPlanModels.includes(id), `${id} is missing`);
});

test('Pro has five times the calls of Lite in every window', () => {
  const { lite, pro } = codingPlanWindows;
  assert.deepEqual([lite.fiveHours, lite.week, lite.month], [1_200, 9_000, 18_000]);
  assert.deepEqual([pro.fiveHours, pro.week, pro.month], [6_000, 45_000, 90_000]);
});
