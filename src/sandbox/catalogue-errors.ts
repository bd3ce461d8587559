import { errorRecords } from '../catalogue/errors/data/index.ts';
import type { ErrorArea, ErrorProtocol, ErrorRecord } from '../catalogue/errors/record.ts';
import { lookUp } from '../wire/dispatch.ts';
import type { ErrorSource, SandboxError } from './options.ts';
import { fillMessage } from './sample-message.ts';

/** Records by id, native code or compatible code. Of several with one code the one that stands for it is taken, else the first. */
export function errorSourceOf(records: readonly ErrorRecord[]): ErrorSource {
  const sendable = records.filter(isSendable);
  const byId = new Map(sendable.map((record) => [record.id, record]));
  return {
    find(codeOrId, model) {
      const wanted = codeOrId.toLowerCase();
      const holders = sendable.filter((record) => codesOf(record).includes(wanted));
      const record = byId.get(wanted) ?? holders.find(({ generic }) => generic !== undefined) ?? holders[0];
      return record === undefined ? undefined : toSandboxError(record, model);
    },
  };
}

const servedProtocols: ReadonlySet<ErrorProtocol> = new Set(['openai', 'anthropic', 'dashscope']);

/** What SDKs, clients and sockets report of themselves is in no HTTP answer, and the gateway's errors are not the platform's. */
export function isSendable({ area, protocols }: ErrorRecord): boolean {
  return area !== 'gateway' && area !== 'client-tool' && protocols.some((protocol) => servedProtocols.has(protocol));
}

function codesOf({ nativeCodes, compatibleCodes }: ErrorRecord): string[] {
  return [...nativeCodes, ...compatibleCodes].map((code) => code.toLowerCase());
}

/** Codes for records that are only known by their message: native, then compatible. */
const usualCodes: Readonly<Record<string, readonly [string, string]>> = {
  '400': ['InvalidParameter', 'invalid_parameter_error'],
  '401': ['InvalidApiKey', 'invalid_api_key'],
  '403': ['AccessDenied', 'access_denied'],
  '404': ['ModelNotFound', 'model_not_found'],
  '413': ['RequestEntityTooLarge', 'request_entity_too_large'],
  '429': ['Throttling.AllocationQuota', 'insufficient_quota'],
};
const serverCodes: readonly [string, string] = ['InternalError', 'internal_error'];

/** Models of these areas are run by the service whose messages carry a prefix (recorded answers). */
const algorithmAreas: ReadonlySet<ErrorArea> = new Set([
  'chat',
  'tools',
  'thinking',
  'structured-output',
  'vision',
  'audio',
  'omni',
  'translation',
  'embeddings',
]);
const algorithmCode = 'InternalError.Algo.InvalidParameter';

function toSandboxError(record: ErrorRecord, model: string | undefined): SandboxError {
  const { status, nativeCodes, compatibleCodes, area } = record;
  // A finished task reports its failure with a code and no status of its own.
  const [first = 400] = status;
  const [native, compatible] = lookUp(usualCodes, String(first)) ?? serverCodes;
  const text = fillMessage(record, model);
  const prefixed = first === 400 && nativeCodes.includes(algorithmCode) && algorithmAreas.has(area);
  return {
    status: first,
    nativeCode: nativeCodes[0] ?? native,
    compatibleCode: compatibleCodes[0] ?? nativeCodes[0] ?? compatible,
    message: prefixed ? `<400> ${algorithmCode}: ${text}` : text,
  };
}

/** Every error of the catalogue that a server answers with. Loaded on demand: the data takes about 100 ms. */
export const catalogueErrors: ErrorSource = errorSourceOf(errorRecords);
