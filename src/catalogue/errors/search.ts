import { areas } from './record.ts';
import type { ErrorArea, ErrorRecord } from './record.ts';

export interface RecordFilter {
  area?: ErrorArea | undefined;
  /** Words that all have to be there: in id, codes, statuses, messages, causes or fixes of either language. */
  search?: string | undefined;
}

/** Characters and words of a search that are looked at. */
const searchLimit = 200;
const wordLimit = 10;

export function isArea(text: string): text is ErrorArea {
  return areas.some((area) => area === text);
}

/** The records that pass, by area and then by id. */
export function filterRecords(records: readonly ErrorRecord[], { area, search = '' }: RecordFilter): ErrorRecord[] {
  const words = search.slice(0, searchLimit).toLowerCase().split(/\s+/).filter(Boolean).slice(0, wordLimit);
  return records
    .filter((record) => area === undefined || record.area === area)
    .filter((record) => words.length === 0 || holdsAll(record, words))
    .toSorted((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area) || (a.id < b.id ? -1 : 1));
}

function holdsAll(record: ErrorRecord, words: readonly string[]): boolean {
  const { id, status, nativeCodes, compatibleCodes, patterns, causes } = record;
  const prose = causes.flatMap(({ cause, fix, when }) =>
    [cause, fix, ...(when ? [when] : [])].flatMap(({ en, zh }) => [en, zh]),
  );
  const text = [id, ...status, ...nativeCodes, ...compatibleCodes, ...patterns, ...prose].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}
