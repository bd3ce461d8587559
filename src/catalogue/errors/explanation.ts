import { fillParameters } from './fill.ts';
import type { ErrorMatch } from './matcher.ts';
import type { Bilingual, ErrorCause } from './record.ts';

export type Language = keyof Bilingual;

/** A record with what was learnt about this very error. */
export type Explained = Pick<ErrorMatch, 'record' | 'params' | 'causeIndex'>;

/** One possible reason, with the parameters filled in. */
export interface CauseText {
  /** How to recognise this reason among several. */
  when?: string;
  cause: string;
  fix: string;
}

/** The reasons that come into question: the one that the evidence singles out, or else all. */
export function causesOf({ record, params, causeIndex }: Explained, language: Language): CauseText[] {
  const chosen = causeIndex === undefined ? undefined : record.causes[causeIndex];
  const candidates = chosen === undefined ? record.causes : [chosen];
  return candidates.map((cause) => toText(cause, params, { language, single: candidates.length === 1 }));
}

function toText(
  { cause, fix, when }: ErrorCause,
  params: Explained['params'],
  { language, single }: { language: Language; single: boolean },
): CauseText {
  const text = { cause: fillParameters(cause[language], params), fix: fillParameters(fix[language], params) };
  return single || when === undefined ? text : { when: fillParameters(when[language], params), ...text };
}

/** Cause and fix as one text each; several reasons are numbered, each with how to recognise it. */
export function explain(explained: Explained, language: Language): { cause: string; fix: string } {
  const causes = causesOf(explained, language);
  const [only] = causes;
  if (only !== undefined && causes.length === 1) return { cause: only.cause, fix: only.fix };
  return {
    cause: numbered(causes.map(({ when, cause }) => (when === undefined ? cause : labelled(when, cause, language)))),
    fix: numbered(causes.map(({ fix }) => fix)),
  };
}

function labelled(when: string, cause: string, language: Language): string {
  return `${when.replace(/[.。]$/, '')}${language === 'zh' ? '：' : ': '}${cause}`;
}

function numbered(texts: readonly string[]): string {
  return texts.map((text, index) => `(${index + 1}) ${text}`).join(' ');
}
