import type { SharedFields } from '../define.ts';

/** What the messages of the section `400-InvalidParameter` have in common. Algorithm services put a code of their own before the text. */
export const invalidParameter: SharedFields = {
  document: 'error-codes',
  section: '400-InvalidParameter',
  status: [400],
  nativeCodes: ['InvalidParameter', 'InternalError.Algo.InvalidParameter'],
  compatibleCodes: ['invalid_parameter_error'],
  protocols: ['openai', 'anthropic', 'dashscope'],
  area: 'request',
  origin: 'client',
  retryable: { kind: 'never' },
};
