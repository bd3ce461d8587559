import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Applications, their plugins, knowledge bases and fine-tuning jobs. */
export const applicationErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '403-App.AccessDenied',
    status: [500],
    nativeCodes: ['App.AccessDenied'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'application',
    origin: 'provider',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'application-access-denied',
      status: [403],
      origin: 'account',
      messages: ['App access denied.'],
      causes: [
        {
          when: ['Id or key come from different workspaces.', '应用 ID 与 Key 来自不同业务空间。'],
          cause: [
            'The workspace or the RAM user behind the key may not use this application or model, or application id and key do not belong together.',
            'Key 所属业务空间或 RAM 用户没有该应用（或模型）的权限，或应用 ID 与 Key 不匹配。',
          ],
          fix: [
            'Check the application id, use a key of the same workspace, and grant the permission to workspace and RAM user.',
            '核对应用 ID，使用同一业务空间的 Key，并为业务空间与 RAM 用户授权。',
          ],
        },
        {
          when: ['The application is yours and the ids are right.', '应用归属与 ID 均无误。'],
          cause: [
            'The application is not published, or its published version is stale.',
            '应用尚未发布，或发布的版本已过时。',
          ],
          fix: [
            'Publish it. If everything looks right, refresh the data and publish again; as a last resort create the agent anew.',
            '先发布应用；若配置无误，刷新数据后重新发布，仍失败则重新创建智能体。',
          ],
        },
        {
          when: ['The error shows in Claude Code.', '在 Claude Code 中出现。'],
          cause: ['Claude Code uses the key of a sub-workspace.', 'Claude Code 使用了子业务空间的 Key。'],
          fix: ['Give Claude Code a key of the default workspace.', '为 Claude Code 配置默认业务空间的 Key。'],
        },
      ],
      related: ['account-workspace-denied'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'App.AccessDenied',
        },
      ],
    },
    {
      id: 'application-schema-missing',
      section: '400-InvalidSchema',
      status: [400],
      nativeCodes: ['InvalidSchema'],
      origin: 'client',
      messages: ['Database schema is invalid for text2sql.'],
      cause: [
        'A text-to-SQL request came without the description of the database.',
        '自然语言转 SQL 的请求没有提供数据库 Schema 信息。',
      ],
      fix: ['Add the tables and columns of the database to the request.', '在请求中填写数据库的表与字段信息。'],
      related: ['application-schema-format'],
    },
    {
      id: 'application-schema-format',
      section: '400-InvalidSchemaFormat',
      status: [400],
      nativeCodes: ['InvalidSchemaFormat'],
      origin: 'client',
      messages: ['Database schema format is invalid for text2sql.'],
      cause: ['The description of the tables has a wrong form.', '表信息的格式不正确。'],
      fix: [
        'Compare it with the form in the reference (table names, columns, types) and correct it.',
        '对照接口文档检查并修正表名、字段、类型的写法。',
      ],
      related: ['application-schema-missing'],
    },
    {
      id: 'application-plugin-failed',
      section: '500-InvokePluginFailed',
      nativeCodes: ['InvokePluginFailed'],
      messages: ['Failed to invoke plugin.'],
      cause: ['A plugin that the application calls did not work.', '应用调用插件失败。'],
      fix: [
        'Test the plugin by itself: address, credentials, parameters, whether its server is up. Then run the application again.',
        '单独测试插件的地址、鉴权、参数以及服务是否可用，然后重新运行应用。',
      ],
    },
    {
      id: 'application-process-failed',
      section: '500-AppProcessFailed',
      nativeCodes: ['AppProcessFailed'],
      messages: ['Failed to proceed application request.'],
      cause: ['A step in the flow of the application failed.', '应用流程处理失败。'],
      fix: [
        'Open the application in the console, run it in test mode, and correct the node that turns red.',
        '在控制台打开应用进行调试，找到并修正失败的节点配置。',
      ],
    },
    {
      id: 'application-rewrite-failed',
      section: '500-RewriteFailed',
      nativeCodes: ['RewriteFailed'],
      retryable: { kind: 'backoff' },
      messages: ['Failed to rewrite content for prompt.'],
      cause: [
        'The model call that rewrites the prompt before the real one failed.',
        '用于改写提示词的大模型调用失败。',
      ],
      fix: [
        'Call again after a pause; switch prompt rewriting off if it keeps failing.',
        '稍后重试；若持续失败，可关闭提示词改写功能。',
      ],
    },
    {
      id: 'knowledge-base-retrieval-failed',
      section: '500-RetrivalFailed',
      nativeCodes: ['RetrivalFailed'],
      area: 'knowledge-base',
      messages: ['Failed to retrieve data from documents.'],
      cause: ['Searching the documents of the knowledge base failed.', '知识库文档检索失败。'],
      fix: [
        'Check that the index is built and online, that the application names the right one, and its retrieval settings.',
        '检查文档索引是否构建完成、应用绑定的索引是否正确，以及检索配置。',
      ],
    },
    {
      id: 'fine-tuning-job-not-deletable',
      section: '400-UnsupportedOperation',
      status: [400],
      nativeCodes: ['UnsupportedOperation'],
      area: 'fine-tuning',
      origin: 'client',
      messages: ['The fine-tune job can not be deleted because it is succeeded,failed or canceled.'],
      cause: [
        'A fine-tuning job that has ended (succeeded, failed or cancelled) cannot be deleted.',
        '已结束（成功、失败或取消）的调优任务不能删除。',
      ],
      fix: [
        'Leave it in the list; only jobs in other states can be deleted.',
        '保留即可；只有处于其他状态的任务才能删除。',
      ],
      related: ['async-task-operation-unsupported'],
    },
  ],
);
