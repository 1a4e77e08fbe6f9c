/** The kinds of provider Switchyard speaks to. Several instances of one kind may stand side by side. */
export const providerTypes = ['openai', 'anthropic', 'google', 'ollama', 'huggingface', 'cohere', 'custom'] as const;

export type ProviderType = (typeof providerTypes)[number];
