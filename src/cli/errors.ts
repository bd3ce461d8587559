import { createErrorCatalogue } from '../catalogue/errors/catalogue.ts';
import { areas } from '../catalogue/errors/record.ts';
import type { ErrorRecord } from '../catalogue/errors/record.ts';
import { filterRecords, isArea } from '../catalogue/errors/search.ts';
import { codesOf, summaryView } from '../catalogue/errors/view.ts';
import { areaText } from '../catalogue/errors/words.ts';
import type { CliContext } from './context.ts';
import { languageOf, words } from './explain-words.ts';
import { clip, styled, wrap } from './terminal-text.ts';

/** Its options on the command line. */
export interface ErrorsOptions {
  area?: string;
  search?: string;
  json?: boolean;
  lang?: string;
}

/** `atelier errors`: lists the catalogue. Gives the exit code: 0 listed, 1 nothing passes the filter, 2 no such area. */
export function listErrors(context: CliContext, { area, search, json, lang }: ErrorsOptions): number {
  const language = languageOf(lang, context.env);
  const { screen } = context;
  if (area !== undefined && !isArea(area)) {
    context.writeError(
      `${wrap(`There is no area "${area}"; there are: ${areas.join(', ')}`, screen.columns).join('\n')}\n`,
    );
    return 2;
  }
  const found = filterRecords(createErrorCatalogue().records, { area, search });
  if (json === true) {
    const errors = found.map((record) => summaryView(record, { docOf: (id) => `/errors/${id}` }));
    context.write(`${JSON.stringify({ errors }, undefined, 2)}\n`);
  } else if (found.length === 0) {
    context.writeError(`${words[language].none}\n`);
  } else {
    const idWidth = Math.max(...found.map(({ id }) => id.length));
    const sections = areas.flatMap((name) => {
      const members = found.filter((record) => record.area === name);
      const title = styled(areaText(name, language), 'bold', screen);
      return members.length === 0
        ? []
        : [`${title}\n${members.map((record) => `${row(record, idWidth, context)}\n`).join('')}`];
    });
    context.write(`${sections.join('\n')}\n${words[language].listed(found.length)}\n`);
  }
  return found.length > 0 ? 0 : 1;
}

const statusWidth = 6;

/** `  400   chat-max-tokens-range   Range of max_tokens should be [1, {max}]`, cut to the terminal. */
function row(record: ErrorRecord, idWidth: number, { screen }: CliContext): string {
  const status = String(record.status[0] ?? '-').padEnd(statusWidth);
  const id = record.id.padEnd(idWidth);
  const message = record.patterns[0] ?? codesOf(record)[0] ?? '';
  const room = screen.columns - 2 - statusWidth - idWidth - 1;
  const shown = room < 10 ? '' : ` ${clip(message, room)}`;
  return `  ${styled(status, 'dim', screen)}${styled(id, 'cyan', screen)}${shown}`.trimEnd();
}
