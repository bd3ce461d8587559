/** A message of the error page that has a cause. */
export interface PageMessage {
  section: string;
  /** Absent when the cause stands right under the heading. */
  message?: string;
  line: number;
}

/** What the error page holds, as far as the catalogue has to cover it. */
export interface ErrorPage {
  sections: string[];
  messages: PageMessage[];
}

const numberedHeading = /^\d{3}(?:\/\d{3})?-\s?\S/;
const wordHeadings = new Set(['SDK Errors', 'WebSocket Errors', 'Coding Plan']);
/** Lines that only name the code of the message below them. */
const codeHeadings = new Set(['NetworkError', 'mismatched_model', 'duplicate_custom_id']);
const causeLine = /^\s*(?:•\s*)?(?:Possible cause|Cause)(?: \d+)?\s*:/;
const answerLine = /^(?:Possible cause|Cause|Solution)(?: \d+)?\s*:/;
const indented = /^\s|^•/;

/** Reads the plain text of the error page: headings, message lines, and under each message its cause and solution. */
export function parseErrorPage(text: string): ErrorPage {
  const lines = text.split('\n').map((line) => line.replaceAll('\u00a0', ' ').trimEnd());
  const page: ErrorPage = { sections: [], messages: [] };
  let section = '';
  lines.forEach((line, index) => {
    if (codeHeadings.has(line)) {
      page.sections.push(line);
    } else if (isHeading(line)) {
      section = line;
      page.sections.push(line);
    } else if (causeLine.test(line) && section !== '') {
      const found = messageAbove(lines, index, section);
      if (found !== undefined && !page.messages.some(({ line: known }) => known === found.line))
        page.messages.push(found);
    }
  });
  return page;
}

function isHeading(line: string): boolean {
  return numberedHeading.test(line) || wordHeadings.has(line);
}

/** The nearest paragraph above that can be a message; nothing when the line is a further cause of the message before. */
function messageAbove(lines: readonly string[], causeIndex: number, section: string): PageMessage | undefined {
  for (let index = causeIndex - 1; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    if (line === '' || indented.test(line) || line.endsWith(':')) continue;
    if (answerLine.test(line)) return undefined;
    return isHeading(line) ? { section, line: index } : { section, message: line, line: index };
  }
  return undefined;
}

/** The texts that a message line stands for: alternatives apart, with a value in every place left open. */
export function sampleTexts(message: string): string[] {
  return message
    .split(/\s\/\s?|\s?\/\s|(?<=[)\]'.])\/|\/(?=parameter\.)/)
    .map((part) =>
      part
        .replace(/xxx|yyy|%s|\{[a-z]+\}/g, 'sample-7')
        .replace(/\bxxs\b/, '60s')
        .trim(),
    )
    .filter((part) => part !== '' && !part.startsWith('('));
}

/** Message lines are compared without regard to white space. */
export function sameLine(a: string, b: string): boolean {
  return a.replace(/\s+/g, ' ').trim() === b.replace(/\s+/g, ' ').trim();
}
