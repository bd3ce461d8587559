import { lookUp } from '../../wire/dispatch.ts';

/** The value of an arithmetic expression with + - * / % ^ and brackets; undefined when it is none. */
export function evaluate(expression: string): number | undefined {
  const tokens = expression.match(/\d+(?:\.\d+)?|[-+*/%^()]/g);
  if (tokens === null || tokens.length > 200) return undefined;
  const cursor: Cursor = { tokens, position: 0 };
  const value = sum(cursor);
  return cursor.position === tokens.length && value !== undefined && Number.isFinite(value) ? tidy(value) : undefined;
}

/** The first arithmetic expression in a text, with at least one operator between numbers. */
export function findExpression(text: string): string | undefined {
  const normal = text
    .replace(/[×xX](?=\s*\d)/g, '*')
    .replace(/÷/g, '/')
    .replace(/\b(?:multiplied by|times)\b|乘以?/g, '*')
    .replace(/\bdivided by\b|除以/g, '/')
    .replace(/\bplus\b|加上?/g, '+')
    .replace(/\bminus\b|减去?/g, '-')
    .replace(/(\d),(?=\d{3}\b)/g, '$1');
  for (const run of normal.match(/[\d\s.+\-*/%^()]{3,200}/g) ?? []) {
    const found = run.replace(/^[\s.+*/%^)]+/, '').replace(/[\s.+\-*/%^(]+$/, '');
    if (/[\d)]\s*[+\-*/%^]\s*[-\d(]/.test(found) && !dateLike.test(found) && evaluate(found) !== undefined)
      return found;
  }
  return undefined;
}

const dateLike = /^\d{1,4}-\d{1,2}(-\d{1,2})?$/;

interface Cursor {
  tokens: string[];
  position: number;
}

type Operation = (left: number, right: number) => number;

const additive: Record<string, Operation> = { '+': (a, b) => a + b, '-': (a, b) => a - b };
const multiplicative: Record<string, Operation> = { '*': (a, b) => a * b, '/': (a, b) => a / b, '%': (a, b) => a % b };

function chain(
  cursor: Cursor,
  operations: Record<string, Operation>,
  operand: (cursor: Cursor) => number | undefined,
): number | undefined {
  let left = operand(cursor);
  for (;;) {
    const operation = lookUp(operations, cursor.tokens[cursor.position]);
    if (operation === undefined || left === undefined) return left;
    cursor.position += 1;
    const right = operand(cursor);
    if (right === undefined) return undefined;
    left = operation(left, right);
  }
}

function sum(cursor: Cursor): number | undefined {
  return chain(cursor, additive, product);
}

function product(cursor: Cursor): number | undefined {
  return chain(cursor, multiplicative, power);
}

function power(cursor: Cursor): number | undefined {
  const base = atom(cursor);
  if (base === undefined || cursor.tokens[cursor.position] !== '^') return base;
  cursor.position += 1;
  const exponent = atom(cursor);
  return exponent === undefined ? undefined : base ** exponent;
}

function atom(cursor: Cursor): number | undefined {
  const token = cursor.tokens[cursor.position];
  cursor.position += 1;
  if (token === '-') {
    const value = atom(cursor);
    return value === undefined ? undefined : -value;
  }
  if (token !== '(') return token !== undefined && /^\d/.test(token) ? Number(token) : undefined;
  const value = sum(cursor);
  if (cursor.tokens[cursor.position] !== ')') return undefined;
  cursor.position += 1;
  return value;
}

/** Without the noise of binary fractions. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
