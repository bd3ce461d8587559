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

/** The catalogue for those who cannot wait for it. */
export interface ErrorCatalogueHolder {
  /** Reads the data on the first call. All calls share one catalogue. */
  load: () => Promise<ErrorCatalogue>;
  /** What has been read; undefined before that. */
  loaded: () => ErrorCatalogue | undefined;
}

export function errorCatalogueHolder(): ErrorCatalogueHolder {
  const read = lazyErrorCatalogue();
  let catalogue: ErrorCatalogue | undefined;
  return {
    load: async () => (catalogue ??= await read()),
    loaded: () => catalogue,
  };
}
