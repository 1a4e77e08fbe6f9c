/** A unified model name taken apart. */
export interface ModelIdParts {
  /** Id of the provider instance: `openai`, `openai-eu`. */
  readonly providerId: string;
  /** The vendor's own name, which may hold slashes: `meta-llama/Llama-3.3-70B-Instruct`. */
  readonly vendorModelId: string;
}

/**
 * Splits `<provider>/<vendor model id>` at the first slash. Answers undefined when a side is missing, so that an alias
 * (`smart`) is told apart from a name.
 */
export function splitModelId(modelId: string): ModelIdParts | undefined {
  const slash = modelId.indexOf('/');
  if (slash <= 0 || slash === modelId.length - 1) return undefined;
  return { providerId: modelId.slice(0, slash), vendorModelId: modelId.slice(slash + 1) };
}

/** The inverse of {@link splitModelId}. */
export function joinModelId(parts: ModelIdParts): string {
  return `${parts.providerId}/${parts.vendorModelId}`;
}
