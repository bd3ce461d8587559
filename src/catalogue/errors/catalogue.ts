import { errorRecords } from './data/index.ts';
import { createErrorMatcher } from './matcher.ts';
import type { ErrorMatcher } from './matcher.ts';
import type { ErrorRecord } from './record.ts';

/** The records and the matcher over them. */
export interface ErrorCatalogue extends ErrorMatcher {
  records: readonly ErrorRecord[];
  byId: (id: string) => ErrorRecord | undefined;
}

/**
 * Builds the catalogue of everything that Model Studio, its plans, SDKs and clients are known to report.
 * The index takes some milliseconds: build it once, at the composition root or through `lazyErrorCatalogue`.
 */
export function createErrorCatalogue(records: readonly ErrorRecord[] = errorRecords): ErrorCatalogue {
  const ids = new Map(records.map((record) => [record.id, record]));
  return { records, byId: (id) => ids.get(id), ...createErrorMatcher(records) };
}
