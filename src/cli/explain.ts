import { createErrorCatalogue } from '../catalogue/errors/catalogue.ts';
import type { ErrorCatalogue } from '../catalogue/errors/catalogue.ts';
import type { ErrorMatch } from '../catalogue/errors/matcher.ts';
import { matchView } from '../catalogue/errors/view.ts';
import type { JsonObject } from '../domain/json.ts';
import type { CliContext } from './context.ts';
import { matchText } from './explain-text.ts';
import type { Print } from './explain-text.ts';
import { languageOf, words } from './explain-words.ts';
import { isLog, LogSummary } from './log-summary.ts';
import type { LoggedError } from './log-summary.ts';
import { clip, styled, wrap } from './terminal-text.ts';

/** Its options on the command line. */
export interface ExplainOptions {
  code?: string;
  status?: string;
  json?: boolean;
  lang?: string;
}

/** Characters of a pasted text; what is longer is read as a log. */
const pastedLimit = 65_536;
/** Errors of one text that are explained in full, and others that are named. */
const shownLimit = 4;

/**
 * `atelier explain`: cause, fix and whether to retry for a pasted text, a code or a status; a summary for a log on standard
 * input. Gives the exit code: 0 found, 1 not, 2 wrong use.
 */
export async function explain(context: CliContext, text: string | undefined, options: ExplainOptions): Promise<number> {
  const print: Print = { language: languageOf(options.lang, context.env), screen: context.screen, now: Date.now() };
  const report = { context, print, json: options.json === true };
  if (options.status !== undefined && !/^[1-5]\d\d$/.test(options.status)) {
    context.writeError(`--status is an HTTP status such as 429, not "${options.status}"\n`);
    return 2;
  }
  const named = options.code !== undefined || options.status !== undefined;
  if (named || (text !== undefined && text !== '-')) {
    return reportMatches(matchGiven(createErrorCatalogue(), text ?? '', options), report);
  }
  if (text === undefined && context.input.isTerminal) {
    return reportUsage(report);
  }
  return explainInput(report);
}

/** There was nothing to explain: how to give something. */
function reportUsage({ context, print }: Report): number {
  context.writeError(`${words[print.language].usage.join('\n')}\n`);
  return 2;
}

interface Report {
  context: CliContext;
  print: Print;
  json: boolean;
}

function matchGiven(catalogue: ErrorCatalogue, text: string, { code, status }: ExplainOptions): ErrorMatch[] {
  const record = catalogue.byId(text.trim());
  if (record) return [{ record, confidence: 1, by: 'id', params: {} }];
  if (code === undefined && status === undefined) return catalogue.matchText(text);
  return catalogue.matchError({
    ...(text === '' ? {} : { message: text }),
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status: Number(status) }),
  });
}

/** Standard input: one pasted error, or a log of any length. */
async function explainInput(report: Report): Promise<number> {
  const catalogue = createErrorCatalogue();
  const summary = new LogSummary(catalogue);
  let head: string | undefined = '';
  let carry = '';
  const feed = (text: string): void => {
    const lines = (carry + text).split('\n');
    carry = lines.pop() ?? '';
    if (carry.length > pastedLimit) carry = '';
    for (const line of lines) summary.add(line);
  };
  for await (const chunk of report.context.input.read()) {
    if (head === undefined) {
      feed(chunk);
      continue;
    }
    head += chunk;
    if (head.length <= pastedLimit) continue;
    feed(head);
    head = undefined;
  }
  if (head?.trim() === '') return reportUsage(report);
  if (head !== undefined && !isLog(head)) return reportMatches(catalogue.matchText(head), report);
  feed(head ?? '');
  if (carry !== '') summary.add(carry);
  return reportLog(summary, report);
}

function reportMatches(matches: readonly ErrorMatch[], { context, print, json }: Report): number {
  const { language, screen } = print;
  if (json) {
    const views = matches.map((match) => matchView(match, viewOptions(print)));
    context.write(`${JSON.stringify({ matches: views }, undefined, 2)}\n`);
    return matches.length > 0 ? 0 : 1;
  }
  if (matches.length === 0) return reportNothing(context, print);
  const shown = clearOnes(matches);
  const others = matches.filter((match) => !shown.includes(match) && match.by === shown[0]?.by).slice(0, shownLimit);
  const also = others.map(({ record }) => record.id).join(', ');
  const tail = also === '' ? [] : wrap(`${words[language].also}${also}`, screen.columns);
  context.write([...shown.map((match) => matchText(match, print)), ...tail.map((line) => `${line}\n`)].join('\n'));
  return 0;
}

/** Those named by id, else those whose message was recognised, else the likeliest one. */
function clearOnes(matches: readonly ErrorMatch[]): readonly ErrorMatch[] {
  const named = matches.filter(({ by }) => by === 'id');
  const recognised = matches.filter(({ by, confidence }) => by === 'message' && confidence >= 0.75);
  const clear = named.length > 0 ? named : recognised;
  return (clear.length > 0 ? clear : matches.slice(0, 1)).slice(0, shownLimit);
}

function reportNothing(context: CliContext, { language, screen }: Print): number {
  const { nothing, nothingHelp } = words[language];
  const lines = [nothing, ...nothingHelp].flatMap((line) => wrap(line, screen.columns));
  context.writeError(`${lines.join('\n')}\n`);
  return 1;
}

function reportLog(summary: LogSummary, { context, print, json }: Report): number {
  const errors = summary.errors();
  if (json) {
    const view = { lines: summary.lines, errors: errors.map((error) => loggedView(error, print)) };
    context.write(`${JSON.stringify(view, undefined, 2)}\n`);
  } else if (errors.length === 0) {
    return reportNothing(context, print);
  } else {
    const count = errors.reduce((sum, error) => sum + error.count, 0);
    const heading = words[print.language].errors(count, errors.length, summary.lines);
    context.write([`${heading}\n`, ...errors.map((error) => loggedText(error, print))].join('\n'));
  }
  return errors.length > 0 ? 0 : 1;
}

function loggedView({ match, count, samples }: LoggedError, print: Print): JsonObject {
  return { count, ...matchView(match, viewOptions(print)), samples };
}

function loggedText({ match, count, samples }: LoggedError, print: Print): string {
  const { screen, language } = print;
  const { line, more } = words[language];
  const lines = samples.map((sample) => {
    const place = language === 'zh' ? `${line} ${sample.line} 行` : `${line} ${sample.line}`;
    return styled(`  ${place}  ${clip(sample.text, Math.max(20, screen.columns - place.length - 6))}`, 'dim', screen);
  });
  const rest = count - samples.length;
  if (rest > 0) lines.push(styled(`  + ${rest} ${more}`, 'dim', screen));
  return `${styled(`${count} ×`, 'bold', screen)} ${matchText(match, print)}${lines.join('\n')}\n`;
}

function viewOptions({ language, now }: Print): Parameters<typeof matchView>[1] {
  return { language, now, docOf: (id) => `/errors/${id}` };
}
