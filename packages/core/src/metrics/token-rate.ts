/**
 * Output tokens per second while the model was writing: `outputTokens / (latency − time to first token)`.
 * Undefined when a figure is missing or all output came in one piece, because a rate over no time means nothing.
 */
export function computeTokensPerSecond(figures: {
  readonly outputTokens?: number | undefined;
  readonly latencyMs?: number | undefined;
  readonly timeToFirstTokenMs?: number | undefined;
}): number | undefined {
  const { outputTokens, latencyMs, timeToFirstTokenMs } = figures;
  if (outputTokens === undefined || latencyMs === undefined || timeToFirstTokenMs === undefined) return undefined;
  const writingMs = latencyMs - timeToFirstTokenMs;
  return writingMs >= 1 && outputTokens > 0 ? (outputTokens * 1000) / writingMs : undefined;
}
