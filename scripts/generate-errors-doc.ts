import { writeFileSync } from 'node:fs';

import { errorRecords } from '../src/catalogue/errors/data/index.ts';
import { errorReference } from '../src/catalogue/errors/reference.ts';

writeFileSync(new URL('../docs/errors.md', import.meta.url), errorReference(errorRecords));
