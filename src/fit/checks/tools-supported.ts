import { acceptsTools } from '../../catalogue/models.ts';
import { asArray } from '../../domain/json.ts';
import { refusal } from './check.ts';
import type { FitCheck } from './check.ts';

/** `The tool call is not supported.` (error-code page). */
export const toolsSupported: FitCheck = {
  id: 'tools-supported',
  doc: 'Tools for a model that cannot call any are refused before they are sent.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  check({ document, model }) {
    if (!model || acceptsTools(model) || !document.has('tools') || asArray(document.get('tools')).length === 0)
      return undefined;
    const fix = `${model.id} cannot call tools: choose a model that can, or leave the tools out.`;
    return refusal('The tool call is not supported.', { param: 'tools', fix });
  },
};
