import type { PatternHit } from './pattern.ts';
import type { ErrorRecord } from './record.ts';

/** What recognised the record: its own id, its message, a text much like it, or only the code or the status. */
export type MatchBasis = 'id' | 'message' | 'wording' | 'code' | 'status';

/** A record that one piece of evidence points to, before the pieces are weighed against each other. */
export interface Finding {
  record: ErrorRecord;
  /** 0 to 1. */
  confidence: number;
  by: MatchBasis;
  /** Letters and digits of the pattern that was found. */
  weight: number;
  hit: PatternHit;
}

/** For findings that have no place in the text. */
export const noHit: PatternHit = { start: 0, end: 0, params: {} };
