/** The version that Anthropic's API requires on every call; a client's own version replaces it. Source: docs.anthropic.com/en/api/versioning. */
export const anthropicVersion = { 'anthropic-version': '2023-06-01' } as const;
