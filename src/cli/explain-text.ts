import { causesOf } from '../catalogue/errors/explanation.ts';
import type { CauseText, Language } from '../catalogue/errors/explanation.ts';
import type { ErrorMatch } from '../catalogue/errors/matcher.ts';
import type { ErrorRecord } from '../catalogue/errors/record.ts';
import { secondsUntilRetry } from '../catalogue/errors/retry-time.ts';
import { codesOf, sourceText, sourcesOf } from '../catalogue/errors/view.ts';
import { areaText, retryText } from '../catalogue/errors/words.ts';
import { words } from './explain-words.ts';
import { labelled, styled, wrap } from './terminal-text.ts';
import type { Screen, Style } from './terminal-text.ts';

/** How and for whom a match is printed. */
export interface Print {
  language: Language;
  screen: Screen;
  /** Epoch milliseconds. */
  now: number;
}

const indent = 9;
/** Long lines are hard to read, however wide the terminal is. */
const widest = 110;

/** One match in full: which error, why, what to do, whether to retry, where it is written. */
export function matchText(match: ErrorMatch, print: Print): string {
  const { language, now } = print;
  const { record } = match;
  const text = words[language];
  const causes = causesOf(match, language);
  const wait = match.retryAfterSeconds ?? secondsUntilRetry(record.retryable, now);
  const retry =
    retryText(record.retryable, language) + (wait === undefined ? '' : text.within(duration(wait, language)));
  const lines = [
    headline(record, print, match.params),
    ...note(match, print),
    '',
    ...causes.flatMap((cause) => causeLines(cause, print)),
    ...field(text.retry, retry, print, retryStyles[record.retryable.kind]),
    ...field(text.source, sourcesOf(record).map(sourceText).join('; '), print, 'dim'),
  ];
  return `${lines.join('\n')}\n`;
}

const retryStyles: Readonly<Record<ErrorRecord['retryable']['kind'], Style>> = {
  never: 'red',
  backoff: 'green',
  after: 'yellow',
};

/** `chat-max-tokens-range  HTTP 400 · Chat`, and below it the message as the platform words it, with what is known of it. */
export function headline(record: ErrorRecord, { language, screen }: Print, params: ErrorMatch['params'] = {}): string {
  const facts = [
    ...(record.status.length > 0 ? [`HTTP ${record.status.join(', ')}`] : []),
    areaText(record.area, language),
  ];
  const pattern = record.patterns[0] ?? codesOf(record)[0] ?? '';
  const title = pattern.replace(/\{(\w+)\}/g, (open, name: string) => params[name] ?? open);
  const first = `${styled(record.id, 'bold', screen)}  ${styled(facts.join(' · '), 'dim', screen)}`;
  return [first, ...wrap(title, columnsOf(screen)).map((line) => styled(line, 'cyan', screen))].join('\n');
}

function columnsOf({ columns }: Screen): number {
  return Math.min(columns, widest);
}

function note({ by }: ErrorMatch, { language, screen }: Print): string[] {
  const text = words[language];
  const notes: Partial<Record<ErrorMatch['by'], string>> = {
    code: text.byCode,
    status: text.byStatus,
    wording: text.byWording,
  };
  const said = notes[by];
  return said === undefined ? [] : wrap(said, columnsOf(screen)).map((line) => styled(line, 'yellow', screen));
}

function causeLines({ when, cause, fix }: CauseText, print: Print): string[] {
  const { language, screen } = print;
  const text = words[language];
  return [
    ...(when === undefined ? [] : wrap(when, columnsOf(screen)).map((line) => styled(line, 'bold', screen))),
    ...field(text.cause, cause, print),
    ...field(text.fix, fix, print, 'green'),
    ...(when === undefined ? [] : ['']),
  ];
}

/** A labelled paragraph; the style is that of the label, or of a dim paragraph as a whole. */
function field(label: string, value: string, { screen }: Print, style?: Style): string[] {
  const lines = labelled(label, value, { columns: columnsOf(screen), indent });
  if (style === 'dim') return lines.map((line) => styled(line, 'dim', screen));
  const [first = '', ...rest] = lines;
  return [styled(label, style ?? 'bold', screen) + first.slice(label.length), ...rest];
}

const units = [
  { en: 'd', zh: '天', size: 86_400 },
  { en: 'h', zh: '小时', size: 3_600 },
  { en: 'min', zh: '分钟', size: 60 },
  { en: 's', zh: '秒', size: 1 },
] as const;

/** The two largest units: `2 d 4 h`. */
function duration(seconds: number, language: Language): string {
  let rest = Math.ceil(seconds);
  const parts: string[] = [];
  for (const unit of units) {
    const count = Math.floor(rest / unit.size);
    rest -= count * unit.size;
    if (count > 0) parts.push(`${count} ${unit[language]}`);
  }
  return parts.length === 0 ? `0 ${units[3][language]}` : parts.slice(0, 2).join(' ');
}
