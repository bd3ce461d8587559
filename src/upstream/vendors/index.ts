import type { VendorSummary } from '../../domain/vendor-summary.ts';
import { anthropicCompatible } from './anthropic-compatible.ts';
import { anthropic } from './anthropic.ts';
import { bailian } from './bailian/bailian.ts';
import { deepseek } from './deepseek.ts';
import { gemini } from './gemini.ts';
import { groq } from './groq.ts';
import { minimax } from './minimax.ts';
import { moonshot } from './moonshot.ts';
import { ollama } from './ollama.ts';
import { openaiCompatible } from './openai-compatible.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';
import { sandbox } from './sandbox.ts';
import { defaultBase } from './vendor.ts';
import type { Vendor } from './vendor.ts';
import { vllm } from './vllm.ts';
import { xai } from './xai.ts';
import { zai } from './zai.ts';

/** Every vendor there is; adding one means one file and one line here. */
export const vendors: readonly Vendor[] = [
  bailian,
  openai,
  anthropic,
  deepseek,
  moonshot,
  zai,
  minimax,
  openrouter,
  groq,
  xai,
  gemini,
  ollama,
  vllm,
  openaiCompatible,
  anthropicCompatible,
  sandbox,
];

/** The vendor by its id, or by an alias of its environment names in any case (`dashscope`). */
export function findVendor(name: string): Vendor | undefined {
  return vendors.find(({ id }) => id === name) ?? vendors.find(({ aliases }) => aliases.includes(name.toUpperCase()));
}

/** What configuration needs to know of every vendor. */
export function vendorSummaries(): VendorSummary[] {
  return vendors.map((vendor) => {
    const baseUrl = defaultBaseUrl(vendor);
    return {
      id: vendor.id,
      title: vendor.title,
      aliases: vendor.aliases,
      needsKey: vendor.needsKey,
      ...(baseUrl !== undefined && { defaultBaseUrl: baseUrl }),
      ...(vendor.root && !vendor.root.origin.startsWith('http') && { embedded: true }),
      options: vendor.options ?? [],
      ...(vendor.exampleModel !== undefined && { exampleModel: vendor.exampleModel }),
    };
  });
}

/** As SDKs take it; undefined where there is none or where it is no network address. */
function defaultBaseUrl({ root, surfaces }: Vendor): string | undefined {
  const surface = surfaces['openai-chat'] ?? surfaces['anthropic-messages'];
  if (!root?.origin.startsWith('http') || !surface) return undefined;
  return root.origin + root.prefix + defaultBase(surface);
}
