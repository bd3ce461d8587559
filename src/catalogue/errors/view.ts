import type { JsonObject } from '../../domain/json.ts';
import { causesOf, explain } from './explanation.ts';
import type { CauseText, Language } from './explanation.ts';
import type { ErrorMatch } from './matcher.ts';
import type { ErrorRecord } from './record.ts';
import { secondsUntilRetry } from './retry-time.ts';
import { sourceDocuments } from './sources.ts';

/** How a record is shown. */
export interface ViewOptions {
  language: Language;
  /** Where a record can be read. */
  docOf: (id: string) => string;
  /** Epoch milliseconds: what is left until a window resets. */
  now: number;
}

/** One line of a list, as JSON. */
export function summaryView(record: ErrorRecord, { docOf }: Pick<ViewOptions, 'docOf'>): JsonObject {
  return {
    id: record.id,
    area: record.area,
    origin: record.origin,
    status: [...record.status],
    codes: codesOf(record),
    message: record.patterns[0] ?? null,
    retryable: record.retryable.kind,
    doc: docOf(record.id),
  };
}

/** Everything about a record, as JSON. */
export function recordView(record: ErrorRecord, options: ViewOptions): JsonObject {
  const { patterns, protocols, related = [] } = record;
  const { message: _first, ...summary } = summaryView(record, options);
  return {
    ...summary,
    messages: [...patterns],
    protocols: [...protocols],
    retry_after: secondsUntilRetry(record.retryable, options.now) ?? null,
    causes: causesOf({ record, params: {} }, options.language).map(causeView),
    related: [...related],
    sources: sourcesOf(record).map((source) => ({ ...source })),
  };
}

/** What was found for an error, as JSON; several reasons that come into question stand in `causes` as well. */
export function matchView(match: ErrorMatch, options: ViewOptions): JsonObject {
  const { record, confidence, by, params } = match;
  const causes = causesOf(match, options.language);
  const wait = match.retryAfterSeconds ?? secondsUntilRetry(record.retryable, options.now);
  return {
    id: record.id,
    confidence,
    by,
    params: { ...params },
    origin: record.origin,
    retryable: record.retryable.kind,
    retry_after: wait ?? null,
    ...explain(match, options.language),
    ...(causes.length > 1 ? { causes: causes.map(causeView) } : {}),
    source: sourcesOf(record).map(sourceText).join('; '),
    doc: options.docOf(record.id),
  };
}

function causeView({ when, cause, fix }: CauseText): JsonObject {
  return { ...(when === undefined ? {} : { when }), cause, fix };
}

/** All codes of a record, each once. */
export function codesOf({ nativeCodes, compatibleCodes }: ErrorRecord): string[] {
  return [...new Set([...nativeCodes, ...compatibleCodes])];
}

export interface SourceView {
  title: string;
  section: string;
  address?: string;
}

/** Observed behaviour has no page that a person could open. */
const unpublished = 'contract';

/** The places a record comes from, each section once; what can be looked up first of all. */
export function sourcesOf({ sources }: ErrorRecord): SourceView[] {
  const published = sources.filter(({ document }) => document !== unpublished);
  const seen = new Set<string>();
  return (published.length > 0 ? published : sources)
    .filter(({ document, section }) => !seen.has(`${document} ${section}`) && seen.add(`${document} ${section}`))
    .map(({ document, section }) => {
      const { title = document, address } = sourceDocuments[document] ?? {};
      return { title, section, ...(address === undefined ? {} : { address }) };
    });
}

export function sourceText({ title, section }: SourceView): string {
  return `${title}, ${section}`;
}
