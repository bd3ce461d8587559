import { findModel, hasAnthropicEndpoint, isChatModel, listModels } from '../../../catalogue/models.ts';
import type { Protocol } from '../../../domain/protocol.ts';
import type { ProviderQuirks } from '../../../domain/provider.ts';

/** How Model Studio's OpenAI endpoint differs. Sources: compatibility notice 724 (max_tokens), chat page (roles, thinking). */
export const modelStudioQuirks: ProviderQuirks = {
  maxTokensIsMaxCompletionTokens: true,
  noDeveloperRole: true,
  thinkingSwitch: true,
  dashscopeHeaders: true,
};

/** The Anthropic endpoint serves the models its page lists; the OpenAI endpoint is open to all. */
export function modelStudioServes(protocol: Protocol, model: string): boolean {
  if (protocol !== 'anthropic-messages') return true;
  const entry = findModel(model);
  return entry !== undefined && hasAnthropicEndpoint(entry);
}

/** Every chat model of the catalogue. */
export function cataloguedChatModels(): string[] {
  return listModels()
    .filter(isChatModel)
    .map(({ id }) => id);
}

/** Every embedding model of the catalogue that the OpenAI endpoint serves. */
export function cataloguedEmbeddingModels(): string[] {
  return listModels()
    .filter(({ embedding }) => embedding !== undefined)
    .map(({ id }) => id);
}
