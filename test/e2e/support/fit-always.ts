import type { FitCase } from './fit-cases.ts';

/** What is done for every request without a switch, and why it has none. `test/e2e/fit-always.test.ts` proves each. */
export interface AlwaysCase {
  id: string;
  without: readonly FitCase['without'][];
  doc: string;
  reason: string;
}

export const anthropicBearer = {
  id: 'anthropic-bearer',
  without: [{ status: 401, message: 'No API-key provided.' }],
  doc: "Model Studio's Anthropic endpoint gets the provider's key as `Authorization: Bearer`, whichever header the client sends its own key in. Pay-as-you-go hosts take both forms, the hosts of the plans this one only.",
  reason:
    "How a provider takes its key belongs to its address: it is set with the vendor, and nothing of the client's request is changed.",
} as const satisfies AlwaysCase;

export const toolIds = {
  id: 'tool-ids',
  without: [
    {
      answered: 'Answers with `"id": ""` in every further piece of a streamed tool call, which broke several clients.',
    },
    { answered: 'Other backends leave out the id of a call, or the `finish_reason`.' },
  ],
  doc: 'On the way back every tool call has an id and a name, once and never empty. A whole answer has a `finish_reason`; a stream gets it behind whole tool calls, and any other that ends without one ends in an error event, with no `[DONE]`.',
  reason:
    'The answer means the same, and is what the protocol promises; the id stands in the log and, of whole answers, in `x-atelier-adjusted`.',
} as const satisfies AlwaysCase;

export const alwaysCases: readonly AlwaysCase[] = [anthropicBearer, toolIds];
