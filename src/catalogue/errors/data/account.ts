import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Permissions, workspaces, free quotas and bills of the account behind a key. */
export const accountErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '401-NOT AUTHORIZED',
    status: [403],
    nativeCodes: ['NOT AUTHORIZED'],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'account',
    origin: 'account',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'account-workspace-unauthorized',
      // Clients may send `X-DashScope-WorkSpace`.
      concerns: 'request',
      status: [401],
      origin: 'client',
      priority: 1,
      messages: [
        'Access denied: Either you are not authorized to access this workspace, or the workspace does not exist. Please: Verify the workspace configuration. Check your API endpoint settings. Ensure you are targeting the correct environment.',
      ],
      patterns: [
        'Access denied: Either you are not authorized to access this workspace, or the workspace does not exist. Please: Verify the workspace configuration. Check your API endpoint settings. Ensure you are targeting the correct environment.',
        'Either you are not authorized to access this workspace, or the workspace does not exist',
      ],
      causes: [
        {
          when: ['The id is not in your list of workspaces.', '该 ID 不在你的业务空间列表中。'],
          cause: [
            'The workspace id is wrong, or your account is not a member of that workspace.',
            'WorkspaceId 无效，或当前账号不是该业务空间的成员。',
          ],
          fix: [
            'Copy the id from the workspace details page and have the account added as a member. Check the header `X-DashScope-WorkSpace` and ids inside host names.',
            '从业务空间详情页复制 WorkspaceId，并让管理员把账号加入成员；同时检查 `X-DashScope-WorkSpace` 请求头与域名中的空间 ID。',
          ],
        },
        {
          when: ['The workspace exists and you are a member.', '空间存在且你是成员。'],
          cause: ['The service endpoint is of another region than the account.', '服务接入点与账号所属站点不一致。'],
          fix: [
            'China site accounts call the Beijing endpoint, international accounts the Singapore one; choose the same in online debugging.',
            '中国站用户使用北京地域接入点，国际站用户使用新加坡地域接入点；在线调试时也要选择正确的服务地址。',
          ],
        },
      ],
      related: ['account-workspace-denied', 'account-gateway-workspace-unauthorized'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'NOT AUTHORIZED',
        },
      ],
    },
    {
      id: 'account-model-access-denied',
      concerns: 'model',
      section: '403-AccessDenied/access_denied',
      nativeCodes: ['AccessDenied'],
      compatibleCodes: ['access_denied'],
      generic: true,
      priority: -1,
      messages: ['Access denied.'],
      patterns: ['Access denied.'],
      cause: [
        'The account may not use this model: it is open on request only, or its free quota is gone and it cannot be paid for per call (e.g. deepseek-r1-distill-llama-70b).',
        '没有该模型的访问权限：模型需要申请，或免费额度已用完且不支持按量付费（如 deepseek-r1-distill-llama-70b）。',
      ],
      fix: [
        'Apply for the model in the console, or name another one that is sold per call.',
        '在控制台申请开通该模型，或改用支持按量付费的模型。',
      ],
      related: ['account-free-quota-exceeded'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Access denied.',
        },
      ],
    },
    {
      id: 'account-service-not-activated',
      section: '403-AccessDenied.Unpurchased',
      nativeCodes: ['AccessDenied.Unpurchased'],
      messages: ['Access to model denied. Please make sure you are eligible for using the model.'],
      cause: ['Model Studio is not activated for this Alibaba Cloud account.', '该阿里云账号尚未开通百炼服务。'],
      fix: [
        'Sign in with the main account, choose the region in the Model Studio console, finish the identity check (person or company), and accept the service terms; activation is automatic. No terms shown means that it is active already: then check that the key is of this account.',
        '使用主账号登录，在百炼控制台选择地域，完成个人或企业实名认证，阅读并同意服务协议后自动开通。若没有弹出协议，说明已开通，请核对 Key 是否属于该账号。',
      ],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'AccessDenied.Unpurchased',
        },
      ],
    },
    {
      id: 'account-model-denied',
      concerns: 'model',
      section: '403-Model.AccessDenied',
      nativeCodes: ['Model.AccessDenied'],
      messages: ['Model access denied.'],
      causes: [
        {
          when: ['A standard model such as qwen-plus.', '调用的是 qwen-plus 等标准模型。'],
          cause: [
            'A key of a sub-workspace calls a standard model for which that workspace has no permission.',
            '子业务空间的 Key 调用了未授权给该空间的标准模型。',
          ],
          fix: [
            'Have an administrator grant the model to the workspace (model call authorisation), or use a key of the default workspace.',
            '由管理员在该业务空间中授予模型调用权限，或改用默认业务空间的 Key。',
          ],
        },
        {
          when: ['A model that you deployed yourself.', '调用的是自己部署的模型。'],
          cause: [
            'A custom model is called with the key of another workspace than the one it is deployed in.',
            '用其他业务空间的 Key 调用了自定义部署的模型。',
          ],
          fix: [
            'Use a key of the workspace of the deployment; no further permission is needed there.',
            '使用模型部署所在业务空间的 Key，无需额外授权。',
          ],
        },
      ],
      related: ['account-workspace-denied'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Model.AccessDenied',
        },
      ],
    },
    {
      id: 'account-workspace-denied',
      // Clients may send `X-DashScope-WorkSpace`.
      concerns: 'request',
      section: '403-Workspace.AccessDenied',
      nativeCodes: ['Workspace.AccessDenied'],
      messages: ['Workspace access denied.'],
      cause: [
        'The key may not use applications or models of this workspace.',
        '没有该业务空间中应用或模型的访问权限。',
      ],
      fix: [
        'Grant the model to the sub-workspace, or use a key of the main account, which reaches all workspaces.',
        '为子业务空间授权相应模型，或使用主账号的 Key（可访问所有业务空间）。',
      ],
      related: ['account-model-denied', 'account-workspace-unauthorized'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Workspace.AccessDenied',
        },
      ],
    },
    {
      id: 'account-workspace-not-found',
      // Clients may send `X-DashScope-WorkSpace`.
      concerns: 'request',
      section: '404-WorkSpaceNotFound',
      status: [404],
      nativeCodes: ['WorkSpaceNotFound'],
      origin: 'client',
      messages: ['WorkSpace can not be found.'],
      cause: ['There is no workspace with this id.', '业务空间不存在。'],
      fix: [
        'Copy the workspace id from the workspace details page of the console and correct the header `X-DashScope-WorkSpace` or the host name; leave both out to use the default workspace.',
        '从控制台的业务空间详情页复制 ID，更正 `X-DashScope-WorkSpace` 请求头或域名；不指定则使用默认空间。',
      ],
      related: ['account-workspace-unauthorized'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'WorkSpaceNotFound',
        },
      ],
    },
    {
      id: 'account-gateway-workspace-unauthorized',
      section: '200- BailianGateway.Workspace.NotAuthorised',
      status: [200],
      nativeCodes: ['BailianGateway.Workspace.NotAuthorised'],
      protocols: ['client'],
      messages: ['200- BailianGateway.Workspace.NotAuthorised'],
      patterns: ['BailianGateway.Workspace.NotAuthorised'],
      causes: [
        {
          when: ['You opened a saved or pasted link.', '通过收藏或粘贴的链接进入。'],
          cause: [
            'The address of the console page has special characters or an unusual form, so the workspace check fails.',
            '访问的控制台 URL 含特殊字符或格式不规范，导致业务空间鉴权失败。',
          ],
          fix: [
            'Open the home page of the Model Studio console again and go to the page from there.',
            '重新打开百炼控制台首页，再从首页进入目标页面。',
          ],
        },
        {
          when: ['You are signed in as a RAM user.', '使用 RAM 子账号登录。'],
          cause: ['A RAM user works in a workspace without permission.', 'RAM 子账号没有该业务空间的权限。'],
          fix: [
            'The main account, or a RAM user with administrative permission, has to grant access to the workspace.',
            '由主账号或具有管理权限的 RAM 账号为该子账号授予业务空间权限。',
          ],
        },
      ],
      related: ['account-workspace-unauthorized'],
    },
    {
      id: 'account-free-quota-exceeded',
      concerns: 'model',
      section: '429-Throttling.AllocationQuota/insufficient_quota',
      status: [429, 400],
      nativeCodes: ['Throttling.AllocationQuota'],
      compatibleCodes: ['insufficient_quota'],
      messages: ['Free allocated quota exceeded.'],
      cause: [
        'The free quota of this model is used up or has run out, and the model cannot be paid for per call.',
        '该模型的免费额度已过期或用尽，且不支持按量付费。',
      ],
      fix: [
        'Use another model; instead of Qwen-Audio, for example, the non-realtime Qwen-Omni. Waiting does not help.',
        '换用其他模型，例如用非实时的千问 Omni 代替 Qwen-Audio；等待不会恢复。',
      ],
      related: ['account-free-tier-only'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Free allocated quota exceeded.',
        },
      ],
    },
    {
      id: 'account-free-tier-only',
      concerns: 'model',
      section: '403-AllocationQuota.FreeTierOnly',
      nativeCodes: ['AllocationQuota.FreeTierOnly'],
      messages: [
        'The free tier of the model has been exhausted. If you want to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
      ],
      causes: [
        {
          when: ['The switch is on in the console.', '控制台中该开关为开启状态。'],
          cause: [
            'You switched on "stop when the free quota is used up", and the free quota of this model is gone.',
            '已开启“免费额度用完即停”，且该模型的免费额度已用尽。',
          ],
          fix: [
            'Wait until the console shows the quota as used up (it refreshes every minute), then switch the option off to go on as paid calls; or use another model.',
            '等控制台显示免费额度已用尽（每分钟更新，可手动刷新）后关闭该开关即可付费继续使用，或换用其他模型。',
          ],
        },
        {
          when: ['The account is new.', '账号是新注册的。'],
          cause: [
            'A new account used up its free quota before the sign-up was completed.',
            '新用户尚未完成注册认证即用尽免费额度。',
          ],
          fix: ['Complete the sign-up, then call again.', '完成注册流程后再调用。'],
        },
        {
          when: ['The calls come from a coding tool that should use the plan.', '请求来自本应使用套餐的编程工具。'],
          cause: [
            'You have a Coding Plan, but the call went to the pay-as-you-go address.',
            '已订阅 Coding Plan，但请求发到了按量付费地址。',
          ],
          fix: [
            'Set the base URL of the plan (it contains `coding`) and the plan key (`sk-sp-`).',
            '改用套餐专属 Base URL（含 `coding`）与专属 Key（`sk-sp-`）。',
          ],
        },
      ],
      related: ['account-free-quota-exceeded', 'plan-charged-despite-subscription'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'AllocationQuota.FreeTierOnly',
        },
      ],
    },
    {
      id: 'account-workspace-not-purchased',
      section: '429-CommodityNotPurchased',
      status: [429],
      nativeCodes: ['CommodityNotPurchased'],
      messages: ['Commodity has not purchased yet.'],
      cause: ['The workspace has no subscription.', '业务空间尚未订购。'],
      fix: ['Buy the service of the workspace in the console, then call again.', '先在控制台购买业务空间服务再调用。'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'CommodityNotPurchased',
        },
      ],
    },
    {
      id: 'account-prepaid-overdue',
      section: '429-PrepaidBillOverdue',
      status: [429],
      nativeCodes: ['PrepaidBillOverdue'],
      messages: ['The prepaid bill is overdue.'],
      cause: ['The prepaid subscription of the workspace has run out.', '业务空间的预付费账单已到期。'],
      fix: ['Renew it in the billing pages of the console.', '在费用中心续费。'],
      related: ['account-postpaid-overdue'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'PrepaidBillOverdue',
        },
      ],
    },
    {
      id: 'account-postpaid-overdue',
      section: '429-PostpaidBillOverdue',
      status: [429],
      nativeCodes: ['PostpaidBillOverdue'],
      messages: ['The postpaid bill is overdue.'],
      cause: [
        'The model inference service, billed afterwards, has expired because of an open bill.',
        '后付费的模型推理服务已到期失效。',
      ],
      fix: [
        'Pay the open bill in the console and wait until the balance is updated.',
        '在控制台结清账单，等待余额更新后再调用。',
      ],
      related: ['account-prepaid-overdue'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'PostpaidBillOverdue',
        },
      ],
    },
  ],
);
