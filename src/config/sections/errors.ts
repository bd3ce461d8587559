import { flag } from '../kinds.ts';
import { section, setting } from '../setting.ts';

/** What the gateway says about errors. */
export const errorsSchema = section('What the gateway adds to errors; docs/errors.md lists all that it knows.', {
  explain: setting(flag().default(true), {
    description:
      'Put the extension object `atelier` with cause, fix and whether to retry into error answers, also inside streams. ' +
      'Status, code and message stay as they are either way.',
    env: 'ATELIER_EXPLAIN_ERRORS',
  }),
});
