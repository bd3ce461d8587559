import { noHit } from './finding.ts';
import type { Finding } from './finding.ts';
import type { ErrorRecord } from './record.ts';
import { codesOf } from './score.ts';
import type { ErrorContext } from './score.ts';

/** Records by what a failure has besides its message. */
export interface RecordLookup {
  /** Codes in lower case. */
  byCode: ReadonlyMap<string, readonly ErrorRecord[]>;
  /** Only records that stand for their statuses. */
  byStatus: ReadonlyMap<number, readonly ErrorRecord[]>;
}

/** Records returned at most for a code that none of them stands for. */
const holderLimit = 10;
/** Algorithm services put this before the code. */
const algorithmPrefix = 'internalerror.algo.';

export function buildRecordLookup(records: readonly ErrorRecord[]): RecordLookup {
  const standing = records.filter(({ generic }) => generic === true);
  return {
    byCode: groupRecords(records, (record) => codesOf(record).map((code) => code.toLowerCase())),
    byStatus: groupRecords(standing, ({ status }) => status),
  };
}

function groupRecords<Key>(
  records: readonly ErrorRecord[],
  keys: (record: ErrorRecord) => readonly Key[],
): Map<Key, ErrorRecord[]> {
  const groups = new Map<Key, ErrorRecord[]>();
  for (const record of records) {
    for (const key of new Set(keys(record))) groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return groups;
}

/** The code as the catalogue has it, in lower case, with or without the prefix of the algorithm services. */
export function exactCode({ byCode }: RecordLookup, code: string): string | undefined {
  const full = code.toLowerCase();
  const plain = full.startsWith(algorithmPrefix) ? full.slice(algorithmPrefix.length) : full;
  return [full, plain].find((form) => byCode.has(form));
}

/** The same, or else the code that it is a case of: `InvalidParameter` for `InvalidParameter.Size`. */
export function nearestCode(lookup: RecordLookup, code: string): string | undefined {
  const exact = exactCode(lookup, code);
  const cut = code.lastIndexOf('.');
  return exact ?? (cut > 0 ? nearestCode(lookup, code.slice(0, cut)) : undefined);
}

/** When the message tells nothing: the record of the code, or else the one that stands for the status. */
export function findByContext(lookup: RecordLookup, context: ErrorContext): Finding[] {
  const holders = lookup.byCode.get(context.code ?? '') ?? [];
  if (holders.length > 0) return fromCode(holders, context);
  const generic = lookup.byStatus.get(context.status ?? 0) ?? [];
  return generic.map((record) => ({ record, confidence: 0.3 / generic.length, by: 'status', weight: 0, hit: noHit }));
}

function fromCode(holders: readonly ErrorRecord[], context: ErrorContext): Finding[] {
  const fits = holders.filter((record) => context.status === undefined || record.status.includes(context.status));
  const candidates = fits.length > 0 ? fits : holders;
  const generic = candidates.filter((record) => record.generic !== undefined);
  const chosen = generic.length > 0 ? generic : candidates.slice(0, holderLimit);
  return chosen.map((record) => ({
    record,
    confidence: 0.6 / Math.sqrt(chosen.length),
    by: 'code',
    weight: 0,
    hit: noHit,
  }));
}
