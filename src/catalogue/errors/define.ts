import type { Bilingual, CauseSigns, ErrorCause, ErrorRecord, ErrorSource } from './record.ts';

/** English, then Chinese. */
export type Pair = readonly [en: string, zh: string];

/** A cause as the data modules write it. */
export interface CauseEntry {
  cause: Pair;
  fix: Pair;
  when?: Pair;
  signs?: CauseSigns;
}

/** What the records of one table have in common; each record may override any of it. */
export type SharedFields = Pick<
  ErrorRecord,
  'status' | 'nativeCodes' | 'compatibleCodes' | 'protocols' | 'area' | 'origin' | 'retryable'
> & {
  /** The document's short name, from `sources.ts`. */
  document: string;
  /** The heading in that document, verbatim. */
  section: string;
};

/** One record of a table. `cause` and `fix` are short for a single cause. */
export type RecordEntry = Partial<SharedFields> &
  Pick<ErrorRecord, 'id' | 'generic' | 'related' | 'priority' | 'concerns'> & {
    /** Message lines as the document prints them; also the patterns unless those are given. */
    messages: readonly string[];
    patterns?: readonly string[];
    /** Further places that describe the same message. */
    alsoIn?: readonly ErrorSource[];
  } & ({ cause: Pair; fix: Pair } | { causes: readonly CauseEntry[] });

/** Writes out a table of records: the shared fields are filled in, and each message becomes a source. */
export function defineErrors(shared: SharedFields, entries: readonly RecordEntry[]): ErrorRecord[] {
  return entries.map((entry) => defineError(shared, entry));
}

function defineError(shared: SharedFields, entry: RecordEntry): ErrorRecord {
  const merged = { ...shared, ...entry };
  const place = { document: merged.document, section: merged.section };
  const fromMessages = entry.messages.map((message): ErrorSource => ({ ...place, message }));
  return {
    id: entry.id,
    status: merged.status,
    nativeCodes: merged.nativeCodes,
    compatibleCodes: merged.compatibleCodes,
    patterns: [...(entry.patterns ?? entry.messages)],
    protocols: merged.protocols,
    area: merged.area,
    origin: merged.origin,
    retryable: merged.retryable,
    ...(entry.concerns === undefined ? {} : { concerns: entry.concerns }),
    causes: 'causes' in entry ? entry.causes.map(toCause) : [toCause(entry)],
    ...(entry.generic === undefined ? {} : { generic: entry.generic }),
    ...(entry.related === undefined ? {} : { related: entry.related }),
    ...(entry.priority === undefined ? {} : { priority: entry.priority }),
    sources: [...(fromMessages.length > 0 ? fromMessages : [place]), ...(entry.alsoIn ?? [])],
  };
}

function toCause(entry: CauseEntry): ErrorCause {
  return {
    cause: toBilingual(entry.cause),
    fix: toBilingual(entry.fix),
    ...(entry.when === undefined ? {} : { when: toBilingual(entry.when) }),
    ...(entry.signs === undefined ? {} : { signs: entry.signs }),
  };
}

function toBilingual([en, zh]: Pair): Bilingual {
  return { en, zh };
}
