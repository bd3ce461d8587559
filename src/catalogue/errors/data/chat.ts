import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Output form, lengths and messages of a chat call. */
const messagesAndLengths = defineErrors({ ...invalidParameter, area: 'chat' }, [
  {
    id: 'chat-stream-only',
    messages: [
      'This model only support stream mode, please enable the stream parameter to access the model. / current user api does not support http call.',
    ],
    patterns: [
      'This model only support stream mode, please enable the stream parameter to access the model.',
      'current user api does not support http call.',
    ],
    cause: [
      'This model answers only as a stream, and the request did not ask for one.',
      '该模型只支持流式输出，而请求没有开启流式。',
    ],
    fix: [
      'Send `stream: true` (native HTTP: header `X-DashScope-SSE: enable`).',
      '设置 `stream: true`（DashScope HTTP 方式为请求头 `X-DashScope-SSE: enable`）。',
    ],
    related: ['thinking-needs-stream', 'omni-audio-needs-stream'],
  },
  {
    id: 'chat-search-unsupported',
    messages: ['This model does not support enable_search.'],
    cause: [
      '`enable_search` is true, and this model has no web search.',
      '`enable_search` 设为 true，但该模型不支持联网搜索。',
    ],
    fix: [
      'Choose a model with web search, or remove `enable_search`.',
      '改用支持联网搜索的模型，或删除 `enable_search`。',
    ],
  },
  {
    id: 'chat-incremental-output-only',
    messages: ['The incremental_output parameter of this model cannot be set to False.'],
    cause: [
      'This model streams increments only, and `incremental_output` was false or missing.',
      '该模型只支持增量流式输出，而 `incremental_output` 为 false 或未设置。',
    ],
    fix: [
      'Set `incremental_output: true` and join the pieces on your side.',
      '设置 `incremental_output: true`，并在客户端拼接各段内容。',
    ],
    protocols: ['dashscope'],
    related: ['thinking-needs-incremental-output'],
  },
  {
    id: 'chat-input-length',
    messages: ['Range of input length should be [1, xxx]'],
    patterns: ['Range of input length should be [1, {max}]', 'Range of input length should be [1,{max}]'],
    causes: [
      {
        when: ['Your own code builds `messages`.', '由自己的代码组装 `messages`。'],
        cause: [
          'All messages together have more tokens than this model reads ({max|its input limit}).',
          '全部消息的 Token 总数超过了该模型的最大输入长度（{max|输入上限}）。',
        ],
        fix: [
          'Shorten or summarise the input to at most {max|the limit in the model list} tokens, or choose a model with a longer window.',
          '把输入缩短或摘要到不超过 {max|模型列表所列上限} 个 Token，或改用上下文更长的模型。',
        ],
      },
      {
        when: [
          'A chat client or the console sends the whole conversation each time.',
          '聊天客户端或控制台每次都会带上整段历史对话。',
        ],
        cause: [
          'The conversation history has grown past what the model reads ({max|its input limit} tokens).',
          '历史对话不断累积，超过了模型可读入的长度（{max|输入上限} 个 Token）。',
        ],
        fix: ['Start a new conversation.', '新建一个会话再继续。'],
      },
      {
        when: ['It shows in a coding tool on a Coding Plan.', '在使用 Coding Plan 的编程工具中出现。'],
        signs: { hosts: ['coding.', 'coding-intl.'] },
        cause: [
          'Conversation and files are longer than the window of the chosen model ({max|202,752 to 1,000,000 tokens}).',
          '对话与文件内容超过了所选模型的上下文长度（{max|202,752～1,000,000 个 Token}）。',
        ],
        fix: [
          'Start a new session (`/new`) or shorten this one (`/compact`), open the tool in a folder with only the files it needs, split the job, or take qwen3.5-plus or qwen3-coder-plus (1,000,000 tokens). In OpenCode set `limit` of the model in opencode.json.',
          '新建会话（`/new`）或压缩上下文（`/compact`），只在包含必要文件的目录中启动工具，把任务拆小，或改用 qwen3.5-plus、qwen3-coder-plus（1,000,000 个 Token）。OpenCode 可在 opencode.json 中为模型设置 `limit`。',
        ],
      },
    ],
    related: ['chat-max-tokens-range'],
    alsoIn: [
      {
        document: 'coding-plan-faq',
        section: 'Common errors and solutions',
        message: '400 InvalidParameter: Range of input length should be [1, xxx]',
      },
      {
        document: 'coding-plan-faq',
        section: 'What are the context windows for each model? How do I handle inputs that exceed the context window?',
      },
    ],
  },
  {
    id: 'chat-content-string',
    messages: ['input content must be a string.'],
    cause: [
      'A message has `content` as a list of parts, and this text-only model takes a string.',
      '某条消息的 `content` 是数组，而该纯文本模型只接受字符串。',
    ],
    fix: [
      'Send `content` as one string instead of `[{"type": "text", ...}]`; images need a model with vision.',
      '把 `content` 写成字符串，不要使用 `[{"type": "text", ...}]`；如需传图，请改用视觉模型。',
    ],
    related: ['chat-pre-process', 'chat-content-required'],
  },
  {
    id: 'chat-content-required',
    messages: ['The content field is a required field.'],
    cause: [
      'A message has no `content`, as in `{"role": "user"}`.',
      '某条消息缺少 `content` 字段，例如 `{"role": "user"}`。',
    ],
    fix: [
      'Give every message a `content`; an assistant message that only calls tools takes an empty string.',
      '为每条消息填写 `content`；只包含工具调用的 assistant 消息可填空字符串。',
    ],
    related: ['chat-content-string'],
  },
  {
    id: 'chat-messages-missing',
    messages: ['Either "prompt" or "messages" must exist and cannot both be none'],
    causes: [
      {
        when: ['The body has no `messages` at all.', '请求体中完全没有 `messages`。'],
        cause: [
          'Neither `messages` nor the old `prompt` parameter was sent.',
          '既没有传 `messages`，也没有传已弃用的 `prompt`。',
        ],
        fix: ['Send `messages`.', '传入 `messages` 参数。'],
      },
      {
        when: [
          '`messages` is there, beside `model`, in a native HTTP call.',
          '使用 DashScope HTTP 调用，且 `messages` 与 `model` 并列。',
        ],
        cause: [
          'The native protocol looks for `messages` inside `input` and found nothing there.',
          'DashScope 协议从 `input` 对象中读取 `messages`，而该处为空。',
        ],
        fix: [
          'Put it one level deeper: `{"model": ..., "input": {"messages": [...]}}`.',
          '把它放进 `input` 对象：`{"model": ..., "input": {"messages": [...]}}`。',
        ],
        signs: { protocols: ['dashscope'] },
      },
    ],
    related: ['chat-messages-empty'],
  },
  {
    id: 'chat-messages-empty',
    messages: ['[] is too short'],
    patterns: ['[] is too short', "[] is too short - 'messages'"],
    cause: ['`messages` is an empty list.', '`messages` 是空数组。'],
    fix: ['Send at least one message.', '至少传入一条消息后再发送请求。'],
    related: ['chat-messages-missing', 'chat-user-message-missing'],
  },
  {
    id: 'chat-message-form',
    messages: ['Input should be a valid dictionary or instance of GPT3Message'],
    cause: [
      'An entry of `messages` is not an object of the expected form, for instance because of a wrong bracket or a missing key.',
      '`messages` 中有元素不是符合要求的对象，常见原因是括号不匹配或缺少键值。',
    ],
    fix: [
      'Make every entry an object with `role` and `content`, and check the nesting of the list.',
      '确保每个元素都是包含 `role` 与 `content` 的对象，并检查数组的嵌套层级。',
    ],
  },
  {
    id: 'chat-user-message-missing',
    messages: ['The input messages do not contain elements with the role of user.'],
    causes: [
      {
        when: ['A model was called directly.', '直接调用模型。'],
        cause: ['`messages` has no user message.', '`messages` 中没有 user 角色的消息。'],
        fix: ['Add a message with the role `user`.', '加入一条 `role` 为 `user` 的消息。'],
      },
      {
        when: ['A workflow application was called.', '通过 API 调用工作流应用。'],
        cause: [
          'Values for the start node were sent in `user_prompt_params`, where the workflow does not look for them.',
          '开始节点的参数写在了 `user_prompt_params` 中，工作流不会从那里读取。',
        ],
        fix: ['Send them in `biz_params`.', '改用 `biz_params` 传递这些参数。'],
      },
    ],
  },
  {
    id: 'chat-pre-process',
    messages: ['An error during model pre-process.'],
    cause: [
      '`content` has a form that the model cannot prepare, usually a list of parts sent to a text-only model.',
      '`content` 的格式无法被模型预处理，通常是把数组形式的内容传给了纯文本模型。',
    ],
    fix: ['Send `content` as a plain string.', '把 `content` 写成普通字符串，不要写成数组。'],
    related: ['chat-content-string'],
  },
  {
    id: 'chat-file-parsing',
    messages: ['File parsing in progress, please try again later.'],
    area: 'files',
    retryable: { kind: 'backoff' },
    cause: [
      'Qwen-Long was asked about a file that the platform has not finished reading.',
      'Qwen-Long 所引用的文件尚未解析完成。',
    ],
    fix: ['Wait until the file has been parsed, then send the request again.', '等待文件解析完成后再重新发送请求。'],
  },
  {
    id: 'model-not-exist',
    messages: ['Model not exist.'],
    area: 'model',
    causes: [
      {
        when: ['The id is close to a real one.', '模型名与真实名称相近。'],
        cause: [
          'The model id is misspelt: wrong upper or lower case, or a space in it.',
          '模型名书写有误：大小写不对，或混入了空格。',
        ],
        fix: [
          'Copy the id from the model list; ids are case sensitive.',
          '从模型列表复制模型名，注意区分大小写且不含空格。',
        ],
      },
      {
        when: [
          'The id looks like `Qwen/Qwen3-235B-A22B-Instruct-2507`.',
          '模型名形如 `Qwen/Qwen3-235B-A22B-Instruct-2507`。',
        ],
        cause: [
          'It is the name of the open-source weights, not the id on Model Studio.',
          '这是开源社区的权重名称，不是百炼的模型名。',
        ],
        fix: [
          'Use the id of the platform, here qwen3-235b-a22b-instruct-2507.',
          '改用百炼的模型名，例如 qwen3-235b-a22b-instruct-2507。',
        ],
      },
    ],
  },
]);

/** Numbers outside their ranges. */
const sampling = defineErrors({ ...invalidParameter, area: 'chat' }, [
  {
    id: 'chat-max-tokens-range',
    messages: ['Range of max_tokens should be [1, xxx]'],
    patterns: [
      'Range of max_tokens should be [1, {max}]',
      'Range of max_tokens should be [1,{max}]',
      'Range of max_completion_tokens should be [1, {max}]',
    ],
    causes: [
      {
        when: ['Your own code or request sets the value.', '取值来自自己的代码或请求。'],
        cause: [
          '`max_tokens` is not between 1 and {max|the longest answer of this model}.',
          '`max_tokens` 不在 1 到 {max|该模型最大输出长度} 之间。',
        ],
        fix: [
          'Set `max_tokens` to at most {max|the maximum output of the model list}, or leave it out.',
          '把 `max_tokens` 设为不超过 {max|模型列表中的最大输出 Token 数} 的值，或不传该参数。',
        ],
      },
      {
        when: ['It shows in OpenCode.', '在 OpenCode 中出现。'],
        cause: [
          '`limit.output` of the model in opencode.json is above what the model can answer ({max|its maximum output}).',
          'opencode.json 中该模型的 `limit.output` 超过了模型的最大输出长度（{max|最大输出}）。',
        ],
        fix: [
          'Lower `limit.output` of this model to at most {max|its maximum output} and start OpenCode again.',
          '把该模型的 `limit.output` 调整为不超过 {max|最大输出} 的值，然后重启 OpenCode。',
        ],
      },
    ],
    related: ['chat-input-length', 'thinking-budget-range'],
    alsoIn: [
      {
        document: 'coding-plan-faq',
        section:
          'OpenCode shows "InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, xxxx]." What should I do?',
        message: 'InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, xxxx].',
      },
    ],
  },
  {
    id: 'chat-temperature-range',
    messages: ["Temperature should be in [0.0, 2.0)/'temperature' must be Float"],
    patterns: ['Temperature should be in [0.0, 2.0)', "'temperature' must be Float"],
    cause: [
      '`temperature` is not a number from 0 up to, but not including, 2.',
      '`temperature` 不是大于等于 0 且小于 2 的数字。',
    ],
    fix: [
      'Use a number such as 0.7; 2 itself is refused, 1.99 is accepted.',
      '使用 0.7 之类的数字；2 会被拒绝，1.99 可以。',
    ],
    related: ['chat-top-p-range'],
  },
  {
    id: 'chat-top-p-range',
    messages: ["Range of top_p should be (0.0, 1.0]/'top_p' must be Float"],
    patterns: ['Range of top_p should be (0.0, 1.0]', "'top_p' must be Float"],
    cause: ['`top_p` is not a number above 0 and up to 1.', '`top_p` 不是大于 0 且小于等于 1 的数字。'],
    fix: ['Use a number such as 0.8; 0 is refused, 1 is accepted.', '使用 0.8 之类的数字；0 会被拒绝，1 可以。'],
    related: ['chat-temperature-range'],
  },
  {
    id: 'chat-top-k-range',
    messages: ['Parameter top_k be greater than or equal to 0'],
    cause: ['`top_k` is negative.', '`top_k` 小于 0。'],
    fix: ['Set `top_k` to 0 or more, or leave it out.', '把 `top_k` 设为大于等于 0 的值，或不传该参数。'],
  },
  {
    id: 'chat-repetition-penalty-range',
    messages: ['Repetition_penalty should be greater than 0.0'],
    cause: ['`repetition_penalty` is 0 or negative.', '`repetition_penalty` 小于或等于 0。'],
    fix: ['Set it above 0; 1.0 means no penalty.', '把该参数设为大于 0 的值，1.0 表示不做惩罚。'],
  },
  {
    id: 'chat-presence-penalty-range',
    messages: ['Presence_penalty should be in [-2.0, 2.0]'],
    cause: ['`presence_penalty` is outside -2.0 to 2.0.', '`presence_penalty` 超出 -2.0 到 2.0 的范围。'],
    fix: ['Choose a value from -2.0 to 2.0.', '取 -2.0 到 2.0 之间的值。'],
  },
  {
    id: 'chat-n-range',
    messages: ['Range of n should be [1, 4]'],
    patterns: ['Range of n should be [1, {max}]'],
    cause: ['`n`, the number of answers, is not between 1 and {max|4}.', '返回结果数 `n` 不在 1 到 {max|4} 之间。'],
    fix: [
      'Ask for 1 to {max|4} answers; send several requests for more.',
      '把 `n` 设为 1 到 {max|4}；需要更多结果时分多次请求。',
    ],
  },
  {
    id: 'chat-seed-range-native',
    messages: ['Range of seed should be [0, 9223372036854775807]'],
    patterns: ['Range of seed should be [0, {max}]'],
    protocols: ['dashscope'],
    cause: [
      'In the native protocol `seed` has to lie between 0 and {max|9223372036854775807}.',
      'DashScope 协议下 `seed` 必须在 0 到 {max|9223372036854775807} 之间。',
    ],
    fix: ['Send a whole number in that range, or leave `seed` out.', '传入该范围内的整数，或不传 `seed`。'],
    related: ['chat-seed-range'],
  },
  {
    id: 'chat-stop-form',
    messages: [
      'The "stop" parameter must be of type "str", "list[str]", "list[int]", or "list[list[int]]", and all elements within the list must be of the same type.',
    ],
    cause: [
      '`stop` is neither a string nor a list of strings, of token ids, or of lists of token ids, or it mixes them.',
      '`stop` 既不是字符串，也不是由字符串、Token ID 或 Token ID 数组组成的列表，或者混用了多种类型。',
    ],
    fix: [
      'Send one string, or a list whose elements all have the same type.',
      '传入单个字符串，或元素类型完全一致的列表。',
    ],
  },
]);

/** Checks at the edge of the compatible endpoint, which answers `invalid_request_error`. */
const edge = defineErrors(
  {
    ...invalidParameter,
    nativeCodes: [],
    compatibleCodes: ['invalid_request_error'],
    protocols: ['openai'],
    area: 'chat',
  },
  [
    {
      id: 'chat-seed-range',
      section: '400-invalid_request_error-invalid_value',
      compatibleCodes: ['invalid_value', 'invalid_request_error'],
      messages: ["-1 is lesser than the minimum of 0 - 'seed'/'seed' must be Integer"],
      patterns: [
        "{value} is lesser than the minimum of {min} - 'seed'",
        "{value} is greater than the maximum of {max} - 'seed'",
        "'seed' must be Integer",
      ],
      cause: [
        'In the OpenAI-compatible protocol `seed` has to be a whole number from 0 to 2147483647 (received: {value|another value}).',
        'OpenAI 兼容协议下 `seed` 必须是 0 到 2147483647 之间的整数（收到：{value|其他值}）。',
      ],
      fix: [
        'Send a whole number in that range, or leave `seed` out; -1 for "random" is not known here.',
        '传入该范围内的整数，或不传 `seed`；这里不支持用 -1 表示随机。',
      ],
      related: ['chat-seed-range-native'],
    },
    {
      id: 'model-parameter-missing',
      section: '400-invalid_request_error',
      messages: ['you must provide a model parameter.'],
      area: 'model',
      cause: ['The request names no model.', '请求中没有 `model` 参数。'],
      fix: ['Add `model` with an id of the model list.', '加入 `model` 参数，取值为模型列表中的模型名。'],
      related: ['model-not-exist'],
    },
    {
      id: 'chat-role-unknown',
      document: 'contract',
      section: '2.1 POST /chat/completions, request body',
      messages: ["developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'"],
      patterns: [
        "{role} is not one of [{roles}] - 'messages.['{index}].role'",
        "{role} is not one of ['system', 'assistant', 'user', 'tool', 'function']",
      ],
      cause: [
        'A message has the role {role|developer}, which this endpoint does not know.',
        '某条消息的角色 {role|developer} 不被该接口识别。',
      ],
      fix: [
        'Use system, user, assistant or tool; what OpenAI calls `developer` is `system` here.',
        '角色只能使用 system、user、assistant 或 tool；OpenAI 的 `developer` 在此应写作 `system`。',
      ],
    },
  ],
);

export const chatErrors: readonly ErrorRecord[] = [...messagesAndLengths, ...sampling, ...edge];
