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
  { name: 'bar', title: '', only: 'table', show: (window) => bar(shareOf(window), width).padEnd(width, '·') },
  { name: 'resets_at', title: 'resets' },
];

function shareOf({ used, limit }: JsonObject): number {
  const most = asNumber(limit) ?? 0;
  return most === 0 ? 1 : (asNumber(used) ?? 0) / most;
}
