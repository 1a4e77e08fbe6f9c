/** Whether `pattern` names `modelId`: the same, or its beginning followed by a star (`openai/*`). */
export function matchesPattern(pattern: string, modelId: string): boolean {
  return pattern.endsWith('*') ? modelId.startsWith(pattern.slice(0, -1)) : pattern === modelId;
}
