// Writes docs/fit.md from the rules in src/fit and the requests of test/e2e/support/fit-{cases,always}.ts.
import { writeFileSync } from 'node:fs';

import { fitReference } from '../test/e2e/support/fit-reference.ts';

writeFileSync(new URL('../docs/fit.md', import.meta.url), fitReference());
