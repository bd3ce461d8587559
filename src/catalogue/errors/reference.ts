import { fillParameters } from './fill.ts';
import { areas } from './record.ts';
import type { ErrorArea, ErrorCause, ErrorRecord, ErrorSource, Retryable } from './record.ts';
import { sourceDocuments } from './sources.ts';

const introduction = `# Errors

Every error that Alibaba Cloud Model Studio, its plans, its SDKs and the tools around it are known to report, with cause and fix
in English and Chinese. The server adds the same facts to error responses, \`atelier explain\` prints them for pasted text, and
\`GET /errors/{id}\` serves them. \`{name}\` in a message stands for a part that varies.

Retry says whether sending the same request again can help: *never*; *with growing pauses*; or *after* a time or a moment.
`;

const untilWords: Readonly<Record<NonNullable<Extract<Retryable, { kind: 'after' }>['until']>, string>> = {
  'window-5h': 'the 5-hour window has room again',
  'window-week': 'the weekly window has reset (Monday 00:00, UTC+8)',
  'window-month': 'the monthly window has reset (subscription day, 00:00, UTC+8)',
  paid: 'the bill is paid',
  minute: 'a minute',
};

/** The page `docs/errors.md`: all records by area; each record's heading is its id, so `#<id>` leads to it. */
export function errorReference(records: readonly ErrorRecord[]): string {
  const sections = areas
    .map((area) => ({ area, members: membersOf(area, records) }))
    .filter(({ members }) => members.length > 0);
  const contents = sections.map(({ area, members }) => `- [${areaTitle(area)}](#${area}) (${members.length})`);
  const bodies = sections.map(({ area, members }) => `## ${areaTitle(area)}\n\n${members.map(recordEntry).join('\n')}`);
  return `${[introduction, `${contents.join('\n')}\n`, ...bodies].join('\n')}`;
}

function membersOf(area: ErrorArea, records: readonly ErrorRecord[]): ErrorRecord[] {
  return records.filter((record) => record.area === area).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function areaTitle(area: ErrorArea): string {
  const words = area.replaceAll('-', ' ');
  const special: Partial<Record<ErrorArea, string>> = { sdk: 'SDK', websocket: 'WebSocket' };
  return special[area] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function recordEntry(record: ErrorRecord): string {
  const related = (record.related ?? []).map((id) => `[${id}](#${id})`);
  const lines = [
    `### ${record.id}`,
    '',
    ...record.patterns.map((pattern) => `- \`${pattern}\``),
    ...(record.patterns.length > 0 ? [''] : []),
    factsLine(record),
    '',
    ...record.causes.flatMap((cause, index) => causeLines(cause, record.causes.length > 1 ? index + 1 : undefined)),
    ...(related.length > 0 ? [`See also ${related.join(', ')}.`, ''] : []),
    `Source: ${[...new Set(record.sources.map(sourceWords))].join('; ')}.`,
    '',
  ];
  return lines.join('\n');
}

function factsLine(record: ErrorRecord): string {
  const codes = [...new Set([...record.nativeCodes, ...record.compatibleCodes])].map((code) => `\`${code}\``);
  const facts = [
    record.status.length > 0 ? `HTTP ${record.status.join(', ')}` : undefined,
    codes.length > 0 ? codes.join(', ') : undefined,
    record.protocols.join(', '),
    `origin: ${record.origin}`,
    `retry: ${retryWords(record.retryable)}`,
  ];
  return facts.filter((fact) => fact !== undefined && fact !== '').join(' · ');
}

/** Whether and when to try again, in English: `never`, `with growing pauses`, `after the bill is paid`. */
export function retryWords(retryable: Retryable): string {
  if (retryable.kind === 'never') return 'never';
  if (retryable.kind === 'backoff')
    return retryable.ramp === true ? 'with long, growing pauses' : 'with growing pauses';
  if (retryable.until !== undefined) return `after ${untilWords[retryable.until]}`;
  return retryable.seconds === undefined ? 'after a while' : `after ${retryable.seconds} seconds`;
}

function causeLines({ cause, fix, when }: ErrorCause, number: number | undefined): string[] {
  const words = (text: string): string => fillParameters(text, {});
  const mark = number === undefined ? '-' : `${number}.`;
  const english = [
    ...(when === undefined ? [] : [`*${when.en}*`]),
    `**Cause:** ${words(cause.en)}`,
    `**Fix:** ${words(fix.en)}`,
  ];
  const chinese = [
    ...(when === undefined ? [] : [`*${when.zh}*`]),
    `**原因：** ${words(cause.zh)}`,
    `**解决：** ${words(fix.zh)}`,
  ];
  const indent = ' '.repeat(mark.length + 1);
  return [`${mark} ${english.join(' ')}`, '', `${indent}${chinese.join(' ')}`, ''];
}

function sourceWords({ document, section }: ErrorSource): string {
  const known = sourceDocuments[document];
  const title = known?.title ?? document;
  const name = known?.address === undefined ? title : `[${title}](${known.address})`;
  return `${name}, \`${section}\``;
}
