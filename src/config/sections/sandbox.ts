import * as z from 'zod';
import { choice } from '../kinds.ts';
import { section, setting } from '../setting.ts';

const words = { true: 'on', false: 'off' } as const;

/** The embedded Model Studio. */
export const sandboxSchema = section('The embedded sandbox: a strict Model Studio without key and network.', {
  enabled: setting(
    z
      .preprocess(
        (value) => (value === true ? words.true : value === false ? words.false : value),
        choice(['auto', 'on', 'off']),
      )
      .default('auto'),
    {
      description: '`auto` uses it only while no other provider is configured; `on` always; `off` never.',
      env: 'ATELIER_SANDBOX',
    },
  ),
});
