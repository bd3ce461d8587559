import { readEvidence, retryAfterSeconds } from './evidence.ts';
import type { ErrorObservation } from './evidence.ts';
import { noHit } from './finding.ts';
import type { Finding, MatchBasis } from './finding.ts';
import { findByMessage } from './message-search.ts';
import { mentionedIds } from './mentioned-ids.ts';
import { normalizeText } from './normal-text.ts';
import type { NormalText } from './normal-text.ts';
import { buildPatternIndex } from './pattern-index.ts';
import type { PatternIndex } from './pattern-index.ts';
import { buildRecordLookup, exactCode, findByContext, nearestCode } from './record-lookup.ts';
import type { RecordLookup } from './record-lookup.ts';
import type { ErrorRecord } from './record.ts';
import { chooseCause, weighContext } from './score.ts';

/** A record that explains an error, and how sure that is. */
export interface ErrorMatch {
  record: ErrorRecord;
  /** 0 to 1; from 0.75 the message itself was recognised, up to 0.6 only its code or status. */
  confidence: number;
  by: MatchBasis;
  /** Values of the pattern's parameters, as printed in the message. */
  params: Readonly<Record<string, string>>;
  /** Position in `record.causes` of the cause that the evidence singles out. */
  causeIndex?: number;
  /** Seconds, when the response headers say how long to wait. */
  retryAfterSeconds?: number;
}

export interface ErrorMatcher {
  /** Records that explain an observed failure, best first; empty when nothing is known about it. */
  matchError: (observation: ErrorObservation) => ErrorMatch[];
  /** The same for pasted text of any form, which may hold several errors. */
  matchText: (text: string) => ErrorMatch[];
}

interface Indexes {
  byId: ReadonlyMap<string, ErrorRecord>;
  patterns: PatternIndex;
  lookup: RecordLookup;
}

/** Characters read of a message, of its prefix, and of a pasted text. */
const messageLimit = 4_096;
const prefixLimit = 200;
const textLimit = 65_536;
/** Matches returned at most. */
const matchLimit = 10;
/** From this confidence a text is recognised, and its code and status need not be looked up. */
const recognised = 0.7;

/** Builds the index over `records` (some milliseconds for hundreds of them); the matcher keeps no other state. */
export function createErrorMatcher(records: readonly ErrorRecord[]): ErrorMatcher {
  const indexes: Indexes = {
    byId: new Map(records.map((record) => [record.id, record])),
    patterns: buildPatternIndex(records),
    lookup: buildRecordLookup(records),
  };
  return {
    matchError: (observation) => {
      const text = normalizeText(observation.message ?? '', messageLimit);
      const code = usableCode(observation.code) ?? readFrom(indexes, text.original.slice(0, prefixLimit)).code;
      return explain(indexes, text, code === undefined ? observation : { ...observation, code });
    },
    matchText: (pasted) => {
      const text = normalizeText(pasted, textLimit);
      return explain(indexes, text, readFrom(indexes, text.original));
    },
  };
}

function readFrom({ lookup }: Indexes, text: string): ErrorObservation {
  return readEvidence(text, {
    asCode: (code) => nearestCode(lookup, code) !== undefined,
    inProse: (code) => exactCode(lookup, code) !== undefined,
  });
}

function usableCode(code: string | undefined): string | undefined {
  const trimmed = code?.trim();
  return trimmed === undefined || trimmed === '' || trimmed === 'null' || /^\d+$/.test(trimmed) ? undefined : trimmed;
}

function explain(indexes: Indexes, text: NormalText, observation: ErrorObservation): ErrorMatch[] {
  const { patterns, lookup } = indexes;
  const known = observation.code === undefined ? undefined : nearestCode(lookup, observation.code);
  const context = { ...observation, ...(known === undefined ? {} : { code: known }), codeIsKnown: known !== undefined };
  const findings = findByMessage(patterns, text).map((finding) => ({
    ...finding,
    confidence: weighContext(finding.confidence, finding.record, context),
  }));
  const named = findNamed(indexes, text, findings);
  if (named.length === 0 && !findings.some(({ confidence }) => confidence >= recognised)) {
    findings.push(...findByContext(lookup, context));
  }
  return distinct([...named, ...bestFirst(findings)]).map((finding) => toMatch(finding, context));
}

/** Records that the text names by their id, as the gateway's own answers and log lines do. */
function findNamed({ byId }: Indexes, { original }: NormalText, findings: readonly Finding[]): Finding[] {
  return mentionedIds(original).flatMap((id) => {
    const record = byId.get(id);
    const hit = findings.find((finding) => finding.record === record)?.hit ?? noHit;
    return record === undefined ? [] : [{ record, confidence: 1, by: 'id', weight: 0, hit }];
  });
}

function toMatch(finding: Finding, observation: ErrorObservation): ErrorMatch {
  const { record, confidence, by, hit } = finding;
  const causeIndex = chooseCause(record, observation, hit.params);
  const wait = retryAfterSeconds(observation.headers);
  return {
    record,
    confidence: Math.round(confidence * 1_000) / 1_000,
    by,
    params: hit.params,
    ...(causeIndex === undefined ? {} : { causeIndex }),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  };
}

function bestFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) => b.confidence - a.confidence || (b.record.priority ?? 0) - (a.record.priority ?? 0) || b.weight - a.weight,
  );
}

/** The first finding of each record. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ record }) => !seen.has(record.id) && seen.add(record.id)).slice(0, matchLimit);
}
