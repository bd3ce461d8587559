import { resolve } from 'node:path';

/** Where foreign clients are installed for the tests: beside the sources, not part of them. */
export const clientsFolder = resolve(import.meta.dirname, '../../../.clients');
