/**
 * Which of the values that fit is wanted: 0 is the natural one. It is read as a number of mixed radix: every place where a
 * value can differ takes one digit, so that all combinations come up as the number grows.
 */
export interface Variant {
  rest: number;
}

/** The digit of a place that has so many values, from 0; it is used up. */
export function takeDigit(variant: Variant, size: number): number {
  const whole = Math.max(1, Math.floor(size));
  const digit = variant.rest % whole;
  variant.rest = Math.floor(variant.rest / whole);
  return digit;
}

/** What is left of a bound on work that a stranger's schema asks for. */
export interface Steps {
  left: number;
}
