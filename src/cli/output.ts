import { isObject } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { CliContext } from './context.ts';
import { widthOf } from './terminal-text.ts';

/** How results are printed. */
export interface OutputOptions {
  json?: true;
  csv?: true;
}

/** A column of a table; its name is the member of the rows, and the head of the CSV column. */
export interface Column {
  name: string;
  /** Above the column in a table; by default the name without underscores. */
  title?: string;
  /** What a table shows, in place of the plain value. */
  show?: (row: JsonObject) => string;
  /** What a table shows for nothing; `-` when absent. */
  none?: string;
  /** Numbers. */
  right?: true;
  /** In one form only. */
  only?: 'table' | 'csv';
}

/** Prints rows as a table, as JSON (the rows as they are) or as CSV (RFC 4180). */
export function printRows(
  context: CliContext,
  rows: readonly JsonObject[],
  { columns, options, empty }: { columns: readonly Column[]; options: OutputOptions; empty: string },
): void {
  if (options.json) context.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (options.csv) context.write(toCsv(rows, columns));
  else if (rows.length === 0) context.writeError(`${empty}\n`);
  else context.write(toTable(rows, forPeople(columns)));
}

/** Prints one object: a line per member, or JSON, or CSV with one row. */
export function printObject(
  context: CliContext,
  object: JsonObject,
  { columns, options }: { columns: readonly Column[]; options: OutputOptions },
): void {
  if (options.json) context.write(`${JSON.stringify(object, null, 2)}\n`);
  else if (options.csv) context.write(toCsv([object], columns));
  else {
    const lined = forPeople(columns);
    const width = Math.max(...lined.map((column) => titleOf(column).length));
    const lines = lined.map((column) => `${titleOf(column).padEnd(width)}  ${shown(object, column)}\n`);
    context.write(lines.join(''));
  }
}

function forPeople(columns: readonly Column[]): Column[] {
  return columns.filter(({ only }) => only !== 'csv');
}

function toTable(rows: readonly JsonObject[], columns: readonly Column[]): string {
  const cells = [columns.map(titleOf), ...rows.map((row) => columns.map((column) => shown(row, column)))];
  const widths = columns.map((_, place) =>
    cells.reduce((widest, line) => Math.max(widest, widthOf(line[place] ?? '')), 0),
  );
  const line = (texts: readonly string[]): string =>
    columns
      .map(({ right }, place) => {
        const text = texts[place] ?? '';
        const room = ' '.repeat(Math.max(0, (widths[place] ?? 0) - widthOf(text)));
        return right ? room + text : text + room;
      })
      .join('  ')
      .trimEnd();
  return `${cells.map(line).join('\n')}\n`;
}

function toCsv(rows: readonly JsonObject[], columns: readonly Column[]): string {
  const data = columns.filter(({ only }) => only !== 'table');
  const lines = [data.map(({ name }) => name), ...rows.map((row) => data.map(({ name }) => plainText(row[name])))];
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function titleOf({ name, title }: Column): string {
  return title ?? name.replaceAll('_', ' ');
}

function shown(row: JsonObject, { name, show, none = '-' }: Column): string {
  if (show !== undefined) return printable(show(row));
  const value = row[name];
  const text = typeof value === 'string' ? timeText(value) : plainText(value);
  return text === '' ? none : printable(text);
}

/** What others wrote must not steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?');
}

/** `2026-03-18 05:00Z` for a time, which is given to the millisecond; other text as it is. */
export function timeText(text: string): string {
  const [, day, minute] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$/.exec(text) ?? [];
  return day === undefined ? text : `${day} ${minute}Z`;
}

/** A value in one cell: lists with blanks between, maps as `name=value`, nothing for null. */
export function plainText(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(plainText).join(' ');
  if (isObject(value))
    return Object.entries(value)
      .map(([key, item]) => `${key}=${plainText(item)}`)
      .join(' ');
  return String(value);
}
