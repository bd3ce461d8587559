import type { Vendor } from '../vendor.ts';
import { priceScopeOf } from './hosts.ts';
import { locateBailian } from './locate.ts';
import { modelStudioQuirks, modelStudioServes } from './model-studio.ts';
import { surfacesOf } from './surfaces.ts';

/** Alibaba Cloud Model Studio, also called Bailian and DashScope. Sources: help.aliyun.com/zh/model-studio (base-url, regions, get-api-key). */
export const bailian = {
  id: 'bailian',
  title: 'Alibaba Cloud Model Studio',
  aliases: ['DASHSCOPE'],
  needsKey: true,
  keyEnv: ['BAILIAN_API_KEY', 'DASHSCOPE_API_KEY'],
  root: { origin: 'https://dashscope.aliyuncs.com', prefix: '' },
  surfaces: surfacesOf('payg'),
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  serves: modelStudioServes,
  quirks: modelStudioQuirks,
  options: ['region', 'workspace', 'plan'],
  catalogued: true,
  exampleModel: 'qwen-plus',
  locate: locateBailian,
  priceScope: priceScopeOf,
} as const satisfies Vendor;
