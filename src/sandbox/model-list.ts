import { isChatModel, listModels } from '../catalogue/models.ts';
import type { JsonObject } from '../domain/json.ts';

/** 2025-01-01: the platform's own dates are not known. */
const created = 1_735_689_600;

/** `GET /models` in OpenAI's shape. The platform's own shape is not published; embeddings are known to be missing from it. */
export function listModelsBody(): JsonObject {
  const data = listModels()
    .filter(isChatModel)
    .map(({ id }) => ({ id, object: 'model', created, owned_by: 'system' }));
  return { object: 'list', data };
}
