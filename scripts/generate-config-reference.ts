import { writeFileSync } from 'node:fs';

import { configReference } from '../src/config/reference.ts';
import { vendorSummaries } from '../src/upstream/vendors/index.ts';

writeFileSync(new URL('../docs/config.md', import.meta.url), configReference(vendorSummaries()));
