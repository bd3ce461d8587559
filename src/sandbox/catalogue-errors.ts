import { errorRecords } from '../catalogue/errors/data/index.ts';
import type { ErrorRecord } from '../catalogue/errors/record.ts';
import { lookUp } from '../wire/dispatch.ts';
import type { ErrorSource, SandboxError } from './options.ts';

/**
 * Every error of the catalogue that travels over HTTP, by id, native code or compatible code. Of several records with one
 * code the one that stands for it is taken, else the first. Loaded on demand: the data takes about 100 ms.
 */
export const catalogueErrors: ErrorSource = errorSourceOf(errorRecords);

/** The same for any list of records. */
export function errorSourceOf(records: readonly ErrorRecord[]): ErrorSource {
  const sendable = records.filter(({ status, patterns }) => status.length > 0 && patterns.length > 0);
  const byId = new Map(sendable.map((record) => [record.id, record]));
  return {
    find(codeOrId) {
      const wanted = codeOrId.toLowerCase();
      const holders = sendable.filter((record) => codesOf(record).includes(wanted));
      const record = byId.get(wanted) ?? holders.find(({ generic }) => generic !== undefined) ?? holders[0];
      return record === undefined ? undefined : toSandboxError(record);
    },
  };
}

function codesOf({ nativeCodes, compatibleCodes }: ErrorRecord): string[] {
  return [...nativeCodes, ...compatibleCodes].map((code) => code.toLowerCase());
}

/** Codes for records that are only known by their message. */
const usualCodes: Readonly<Record<string, string>> = {
  '400': 'invalid_parameter_error',
  '401': 'invalid_api_key',
  '403': 'access_denied',
  '404': 'model_not_found',
  '429': 'insufficient_quota',
};

function toSandboxError({ status, nativeCodes, compatibleCodes, patterns }: ErrorRecord): SandboxError {
  const [first = 500] = status;
  const usual = lookUp(usualCodes, String(first)) ?? 'internal_error';
  const fromAlgorithm = first === 400 && nativeCodes.includes('InternalError.Algo.InvalidParameter');
  const text = (patterns[0] ?? '').replace(/\{(\w+)\}/g, (_whole, name: string) => sampleOf(name));
  return {
    status: first,
    nativeCode: nativeCodes[0] ?? compatibleCodes[0] ?? usual,
    compatibleCode: compatibleCodes[0] ?? nativeCodes[0] ?? usual,
    message: fromAlgorithm ? `<400> InternalError.Algo.InvalidParameter: ${text}` : text,
  };
}

/** A value for a part of a message that varies. */
function sampleOf(name: string): string {
  const numbers: Record<string, string> = {
    min: '1',
    lowest: '1',
    max: '8192',
    highest: '100',
    seconds: '23',
    count: '1',
  };
  return lookUp(numbers, name) ?? (/bytes$/i.test(name) ? '10' : 'xxx');
}
