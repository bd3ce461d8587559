/** A document that the catalogue's facts come from. */
export interface SourceDocument {
  title: string;
  /** The day the document gives as its last change, `YYYY-MM-DD`. */
  updated?: string;
  address?: string;
}

/** Short name, as in `ErrorSource.document`, to document. */
export const sourceDocuments: Readonly<Record<string, SourceDocument>> = {
  'error-codes': {
    title: 'Alibaba Cloud Model Studio: Error codes',
    updated: '2026-06-23',
    address: 'https://www.alibabacloud.com/help/en/model-studio/error-code',
  },
  'coding-plan-faq': { title: 'Alibaba Cloud Model Studio: Coding Plan FAQ' },
  'openai-chat': { title: 'Alibaba Cloud Model Studio: OpenAI compatible chat' },
  'anthropic-messages': { title: 'Alibaba Cloud Model Studio: Anthropic compatible messages' },
  gateway: { title: 'Atelier' },
  contract: { title: 'Observed behaviour of the Model Studio service' },
};
