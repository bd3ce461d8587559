import { asNumber } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import { bar } from './bar.ts';
import { plainText } from './output.ts';
import type { Column } from './output.ts';

const width = 20;

/** How the windows of a plan stand, with a bar of what is used. */
export const windowColumns: readonly Column[] = [
  { name: 'name', title: 'window' },
  { name: 'used', right: true },
  { name: 'limit', right: true },
  { name: 'remaining', title: 'left', right: true },
  { name: 'unit', show: ({ unit }) => (unit === 'money' ? 'CNY' : plainText(unit)) },
  { name: 'bar', title: '', only: 'table', show: barOf },
  { name: 'resets_at', title: 'resets' },
];

/** Nothing where no limit is known. */
function barOf({ used, limit }: JsonObject): string {
  const most = asNumber(limit);
  if (most === undefined) return '';
  return bar(most === 0 ? 1 : (asNumber(used) ?? 0) / most, width).padEnd(width, '·');
}
