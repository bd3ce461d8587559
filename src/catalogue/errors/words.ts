import type { Language } from './explanation.ts';
import { retryWords } from './reference.ts';
import type { Bilingual, ErrorArea, ErrorRecord, Retryable } from './record.ts';

/** Whether and when to try again, in words that stand alone. */
export function retryText(retryable: Retryable, language: Language): string {
  if (language === 'en') return retryWords(retryable);
  if (retryable.kind === 'never') return '不要重试';
  if (retryable.kind === 'backoff') return retryable.ramp === true ? '以较长的递增间隔重试' : '以递增间隔重试';
  if (retryable.until !== undefined) return untilText[retryable.until];
  return retryable.seconds === undefined ? '稍后重试' : `${retryable.seconds} 秒后重试`;
}

const untilText: Readonly<Record<NonNullable<Extract<Retryable, { kind: 'after' }>['until']>, string>> = {
  'window-5h': '5 小时窗口恢复额度后重试',
  'window-week': '每周额度重置后重试（周一 00:00，UTC+8）',
  'window-month': '每月额度重置后重试（订阅日 00:00，UTC+8）',
  paid: '缴清费用后重试',
  minute: '一分钟后重试',
};

const origins: Readonly<Record<ErrorRecord['origin'], Bilingual>> = {
  client: { en: 'the request', zh: '请求方' },
  gateway: { en: 'the gateway', zh: '网关' },
  provider: { en: 'the provider', zh: '提供商' },
  network: { en: 'the network', zh: '网络' },
  account: { en: 'the account', zh: '账号' },
  'client-tool': { en: 'the client tool', zh: '客户端工具' },
};

/** Where the reason lies, for a person. */
export function originText(origin: ErrorRecord['origin'], language: Language): string {
  return origins[origin][language];
}

const areaNames: Readonly<Record<ErrorArea, Bilingual>> = {
  request: { en: 'Request', zh: '请求' },
  chat: { en: 'Chat', zh: '对话' },
  tools: { en: 'Tools', zh: '工具调用' },
  thinking: { en: 'Thinking', zh: '思考模式' },
  'structured-output': { en: 'Structured output', zh: '结构化输出' },
  vision: { en: 'Vision', zh: '视觉理解' },
  audio: { en: 'Audio', zh: '音频理解' },
  omni: { en: 'Omni', zh: '全模态' },
  translation: { en: 'Translation', zh: '翻译' },
  'speech-synthesis': { en: 'Speech synthesis', zh: '语音合成' },
  'speech-recognition': { en: 'Speech recognition', zh: '语音识别' },
  'voice-cloning': { en: 'Voice cloning', zh: '声音复刻' },
  image: { en: 'Image', zh: '图像生成' },
  video: { en: 'Video', zh: '视频生成' },
  music: { en: 'Music', zh: '音乐生成' },
  embeddings: { en: 'Embeddings', zh: '向量' },
  rerank: { en: 'Rerank', zh: '重排序' },
  files: { en: 'Files', zh: '文件' },
  batch: { en: 'Batch', zh: '批量推理' },
  'async-task': { en: 'Async task', zh: '异步任务' },
  workflow: { en: 'Workflow', zh: '工作流' },
  application: { en: 'Application', zh: '应用' },
  'fine-tuning': { en: 'Fine tuning', zh: '模型调优' },
  deployment: { en: 'Deployment', zh: '模型部署' },
  'knowledge-base': { en: 'Knowledge base', zh: '知识库' },
  moderation: { en: 'Moderation', zh: '内容审核' },
  'rate-limit': { en: 'Rate limit', zh: '限流' },
  plan: { en: 'Plan', zh: '套餐' },
  account: { en: 'Account', zh: '账号与费用' },
  auth: { en: 'Auth', zh: '鉴权' },
  model: { en: 'Model', zh: '模型' },
  network: { en: 'Network', zh: '网络' },
  websocket: { en: 'WebSocket', zh: 'WebSocket' },
  sdk: { en: 'SDK', zh: 'SDK' },
  'client-tool': { en: 'Client tool', zh: '客户端工具' },
  server: { en: 'Server', zh: '服务端' },
  gateway: { en: 'Gateway', zh: '网关' },
};

export function areaText(area: ErrorArea, language: Language): string {
  return areaNames[area][language];
}
