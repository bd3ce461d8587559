import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { takeDigit, type Variant } from './variant.ts';

/** What a number is made from: the numbers of the text, each used once, and which of those that fit is wanted. */
export interface NumberSource {
  numbers: number[];
  variant: Variant;
}

/** The next number of the text that is in the schema's range, else its default, else one that fits. */
export function numberFor(schema: JsonObject, integer: boolean, { numbers, variant }: NumberSource): number {
  const other = otherNumber(schema, integer, variant);
  if (other !== undefined) return other;
  const index = numbers.findIndex((value) => (!integer || Number.isInteger(value)) && inRange(schema, value));
  const found = index === -1 ? undefined : numbers.splice(index, 1)[0];
  if (found !== undefined) return found;
  if (typeof schema.default === 'number') return schema.default;
  return nearest(schema, integer);
}

/** Most numbers that are told apart. */
const most = 1_000;

/** Another number than the natural one, counted from the nearest upwards and then downwards; undefined for the natural one. */
function otherNumber(schema: JsonObject, integer: boolean, variant: Variant): number | undefined {
  const { min, max } = range(schema, integer);
  const start = nearest(schema, integer);
  const step = stepOf(schema, integer);
  // A little more than nothing, since a quotient of fractions may come out just below a whole number.
  const above = Math.max(0, Math.min(most, Math.floor((max - start) / step + 1e-9)));
  const below = Math.max(0, Math.min(most, Math.floor((start - min) / step + 1e-9)));
  const digit = takeDigit(variant, Math.min(most, above + below + 1));
  if (digit === 0) return undefined;
  return digit <= above ? start + digit * step : start - (digit - above) * step;
}

function stepOf(schema: JsonObject, integer: boolean): number {
  const step = multipleOf(schema);
  if (step > 0 && (!integer || Number.isInteger(step))) return step;
  const { min, max } = range(schema, integer);
  const span = max - min;
  return integer || span >= most || span <= 0 ? 1 : span / most;
}

function multipleOf(schema: JsonObject): number {
  return typeof schema.multipleOf === 'number' && schema.multipleOf > 0 ? schema.multipleOf : 0;
}

function inRange(schema: JsonObject, value: number): boolean {
  const { min, max } = range(schema, Number.isInteger(value));
  const step = multipleOf(schema);
  return value >= min && value <= max && (step === 0 || Number.isInteger(value / step));
}

function range(schema: JsonObject, integer: boolean): { min: number; max: number } {
  const gap = integer ? 1 : 1e-6;
  const min = Math.max(numberOf(schema.minimum, -Infinity), numberOf(schema.exclusiveMinimum, -Infinity) + gap);
  const max = Math.min(numberOf(schema.maximum, Infinity), numberOf(schema.exclusiveMaximum, Infinity) - gap);
  return { min, max };
}

function numberOf(value: JsonValue | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

function nearest(schema: JsonObject, integer: boolean): number {
  const { min, max } = range(schema, integer);
  const clamped = Math.min(Math.max(1, min), max);
  const whole = integer ? Math.ceil(clamped) : clamped;
  const step = multipleOf(schema);
  return step === 0 ? whole : Math.ceil(whole / step) * step;
}
