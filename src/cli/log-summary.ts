import type { ErrorCatalogue } from '../catalogue/errors/catalogue.ts';
import type { ErrorMatch } from '../catalogue/errors/matcher.ts';

/** One kind of error in a log. */
export interface LoggedError {
  match: ErrorMatch;
  count: number;
  samples: { line: number; text: string }[];
}

/** Characters of a line that are looked at, samples kept of each kind, and lines whose result is remembered. */
const lineLimit = 8_192;
const sampleLimit = 3;
const memoryLimit = 5_000;

/** Lines without any of these are not looked up: most lines of a log report no error. */
const suspicious =
  /err|warn|fail|exce|exhaust|too |block|forbid|denied|invalid|illegal|incorrect|limit|throttl|quota|refus|reject|time.?out|timed out|unsupport|not |must |should |missing|overdue|unavailable|\b[45]\d\d\b|[A-Z]{3,}_[A-Z]{3,}/i;

/** Counts the errors of a log, line by line, in bounded memory. */
export class LogSummary {
  readonly #matchText: ErrorCatalogue['matchText'];
  readonly #kinds = new Map<string, LoggedError>();
  readonly #seen = new Map<string, ErrorMatch | undefined>();
  lines = 0;

  constructor({ matchText }: Pick<ErrorCatalogue, 'matchText'>) {
    this.#matchText = matchText;
  }

  add(line: string): void {
    this.lines += 1;
    const text = line.slice(0, lineLimit);
    if (!suspicious.test(text)) return;
    const match = this.#lookUp(text);
    if (match === undefined) return;
    const known = this.#kinds.get(match.record.id);
    const kind = known ?? { match, count: 0, samples: [] };
    if (known === undefined) this.#kinds.set(match.record.id, kind);
    kind.count += 1;
    if (kind.samples.length < sampleLimit) kind.samples.push({ line: this.lines, text });
  }

  /** The most frequent first. */
  errors(): LoggedError[] {
    return [...this.#kinds.values()].toSorted((a, b) => b.count - a.count);
  }

  /** Logs repeat themselves with other times and numbers. */
  #lookUp(text: string): ErrorMatch | undefined {
    const form = text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/gi, '0');
    if (this.#seen.has(form)) return this.#seen.get(form);
    const match = this.#matchText(text).find(isClear);
    if (this.#seen.size < memoryLimit) this.#seen.set(form, match);
    return match;
  }
}

/** How sure each kind of evidence must be; a bare status may be any number. */
const clearFrom: Readonly<Record<ErrorMatch['by'], number>> = {
  id: 0,
  message: 0.75,
  wording: 0.7,
  code: 0.6,
  status: 2,
};

function isClear({ by, confidence }: ErrorMatch): boolean {
  return confidence >= clearFrom[by];
}

const entryStart =
  /^\s*(?:\[?\d{4}[-/]\d\d[-/]\d\d|\[?\d\d:\d\d:\d\d|\{"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d|\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b)/;

/** Whether a text is a log rather than one pasted error: several lines that begin like entries. */
export function isLog(text: string): boolean {
  let entries = 0;
  for (const line of text.split('\n', 400)) {
    if (entryStart.test(line)) entries += 1;
    if (entries === 3) return true;
  }
  return false;
}
