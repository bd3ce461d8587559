import type { ErrorCatalogue } from './catalogue.ts';

/**
 * A function that gives the catalogue and reads its data on the first call only, so that a program that meets no error
 * starts without it. All calls share one catalogue.
 */
export function lazyErrorCatalogue(): () => Promise<ErrorCatalogue> {
  let loading: Promise<ErrorCatalogue> | undefined;
  return () => {
    loading ??= import('./catalogue.ts').then(({ createErrorCatalogue }) => createErrorCatalogue());
    return loading;
  };
}
