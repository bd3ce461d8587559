import { asObject } from '../domain/json.ts';
import type { JsonDocument } from '../wire/json-document.ts';
import type { FitContext, FitEffect } from './rule.ts';

/** Asks the upstream for a stream, with the usage that the folded answer must carry. */
export function forceStream({ document, target }: Pick<FitContext, 'document' | 'target'>): FitEffect {
  document.set(['stream'], true);
  if (target.protocol === 'openai-chat') askForUsage(document);
  return { streamed: true };
}

function askForUsage(document: JsonDocument): void {
  document.set(['stream_options'], { ...asObject(document.get('stream_options')), include_usage: true });
}
