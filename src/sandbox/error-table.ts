import type { ErrorSource, SandboxError } from './options.ts';
import type { Refusal } from './refusal.ts';

/**
 * The errors that a directive can ask for when no other source is given: status, native code, compatible code and message
 * (source: the platform's error-code page of 2026-06-23 and the Coding Plan's FAQ of 2026-03-20). A code that has several
 * messages stands here with the one that is met most.
 */
const table: readonly SandboxError[] = [
  row(
    400,
    'InvalidParameter',
    'invalid_parameter_error',
    'Required parameter(model) missing or invalid, please check the request parameters.',
  ),
  row(
    400,
    'InvalidParameter.NotSupportEnableThinking',
    'invalid_parameter_error',
    'The model does not support enable_thinking.',
  ),
  row(400, 'invalid_request_error', 'invalid_request_error', 'you must provide a model parameter.'),
  row(400, 'Arrearage', 'Arrearage', 'Access denied, please make sure your account is in good standing.'),
  row(400, 'DataInspectionFailed', 'data_inspection_failed', 'Input data may contain inappropriate content.'),
  row(400, 'FaqRuleBlocked', 'faq_rule_blocked', 'Input or output data is blocked by faq rule.'),
  row(400, 'ClientDisconnect', 'client_disconnect', 'Client disconnected before task finished!'),
  row(400, 'UnsupportedOperation', 'unsupported_operation', 'The operation is unsupported on the referee object.'),
  row(401, 'InvalidApiKey', 'invalid_api_key', 'Incorrect API key provided. '),
  row(401, 'InvalidAccessToken', 'invalid_access_token', 'invalid access token or token expired'),
  row(
    401,
    'NOT AUTHORIZED',
    'not_authorized',
    'Access denied: Either you are not authorized to access this workspace, or the workspace does not exist. Please: Verify the workspace configuration. Check your API endpoint settings. Ensure you are targeting the correct environment.',
  ),
  row(403, 'AccessDenied', 'access_denied', 'Access denied.'),
  row(
    403,
    'AccessDenied.Unpurchased',
    'access_denied',
    'Access to model denied. Please make sure you are eligible for using the model.',
  ),
  row(403, 'Model.AccessDenied', 'access_denied', 'Model access denied.'),
  row(403, 'App.AccessDenied', 'access_denied', 'App access denied.'),
  row(403, 'Workspace.AccessDenied', 'access_denied', 'Workspace access denied.'),
  row(403, 'Endpoint.AccessDenied', 'access_denied', 'Workspace endpoint access denied.'),
  row(
    403,
    'AllocationQuota.FreeTierOnly',
    'AllocationQuota.FreeTierOnly',
    'The free tier of the model has been exhausted. If you want to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
  ),
  row(404, 'ModelNotFound', 'model_not_found', 'The model does not exist or you do not have access to it.'),
  row(404, 'ModelNotSupported', 'model_not_supported', 'Unsupported model for OpenAI compatibility mode.'),
  row(404, 'WorkSpaceNotFound', 'workspace_not_found', 'WorkSpace can not be found.'),
  row(404, 'NotFound', 'not_found', 'Not found!'),
  row(405, 'CodingAgentsOnly', 'coding_agents_only', 'Coding Plan is currently only available for Coding Agents'),
  row(413, 'RequestEntityTooLarge', 'request_entity_too_large', 'Request Entity Too Large'),
  row(429, 'Throttling', 'throttling', 'Requests throttling triggered.'),
  row(429, 'Throttling.RateQuota', 'limit_requests', 'You exceeded your current requests list.'),
  row(429, 'LimitRequests', 'limit_requests', 'You exceeded your current requests list.'),
  row(
    429,
    'Throttling.BurstRate',
    'limit_burst_rate',
    'Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.',
  ),
  row(
    429,
    'Throttling.AllocationQuota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ),
  row(429, 'HourQuotaExceeded', 'insufficient_quota', 'hour allocated quota exceeded'),
  row(429, 'WeekQuotaExceeded', 'insufficient_quota', 'week allocated quota exceeded'),
  row(429, 'MonthQuotaExceeded', 'insufficient_quota', 'month allocated quota exceeded'),
  row(429, 'UsageQuotaExceeded', 'insufficient_quota', 'usage allocated quota exceeded'),
  row(429, 'ConcurrencyQuotaExceeded', 'insufficient_quota', 'concurrency allocated quota exceeded'),
  row(429, 'CommodityNotPurchased', 'commodity_not_purchased', 'Commodity has not purchased yet.'),
  row(429, 'PrepaidBillOverdue', 'prepaid_bill_overdue', 'The prepaid bill is overdue.'),
  row(429, 'PostpaidBillOverdue', 'postpaid_bill_overdue', 'The postpaid bill is overdue.'),
  row(
    500,
    'InternalError',
    'internal_error',
    'An internal error has occured, please try again later or contact service support.',
  ),
  row(500, 'InternalError.Algo', 'internal_error', 'inference internal error.'),
  row(
    500,
    'InternalError.Timeout',
    'internal_error',
    'An internal timeout error has occured during execution, please try again later or contact service support.',
  ),
  row(500, 'SystemError', 'system_error', 'An system error has occured, please try again later.'),
  row(500, 'ModelServiceFailed', 'model_service_failed', 'Failed to request model service.'),
  row(500, 'RequestTimeOut', 'request_timeout', 'Request timed out, please try again later.'),
  row(
    503,
    'ModelServingError',
    'model_serving_error',
    'Too many requests. Your requests are being throttled due to system capacity limits. Please try again later.',
  ),
  row(503, 'ModelUnavailable', 'model_unavailable', 'Model is unavailable, please try again later.'),
];

function row(status: number, nativeCode: string, compatibleCode: string, message: string): SandboxError {
  return { status, nativeCode, compatibleCode, message };
}

/** Errors by native code, then compatible code, then status; case does not matter. */
export const builtInErrors: ErrorSource = {
  find(codeOrId) {
    const wanted = codeOrId.toLowerCase();
    return (
      table.find(({ nativeCode }) => nativeCode.toLowerCase() === wanted) ??
      table.find(({ compatibleCode }) => compatibleCode.toLowerCase() === wanted) ??
      preferredByStatus(wanted)
    );
  },
};

/** `error=429` gives the error that is met most with that status. */
function preferredByStatus(wanted: string): SandboxError | undefined {
  const status = Number(wanted);
  const preferred = { 429: 'Throttling.RateQuota', 403: 'AccessDenied', 503: 'ModelServingError' }[status];
  return table.find((error) => error.status === status && (preferred === undefined || error.nativeCode === preferred));
}

/** Codes whose `type` repeats the code on the OpenAI path, as recorded. */
const codeIsType = new Set([
  'data_inspection_failed',
  'Arrearage',
  'limit_requests',
  'limit_burst_rate',
  'insufficient_quota',
  'internal_error',
]);

/** The error as a refusal, in the envelope that its kind has been seen with. */
export function refusalOf(error: SandboxError): Refusal {
  const { status, nativeCode, compatibleCode: code, message } = error;
  const type = codeIsType.has(code) ? code : 'invalid_request_error';
  return { status, envelope: envelopeFor(status), message, type, code, param: null, nativeCode };
}

function envelopeFor(status: number): Refusal['envelope'] {
  if (status === 405) return 'text';
  return status === 401 || status === 404 ? 'plain' : 'common';
}
