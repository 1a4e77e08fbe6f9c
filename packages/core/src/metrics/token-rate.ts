import type { Usage } from '../spec/index.ts';

/**
 * Tokens per second while the model was writing: `streamed tokens / (latency − time to first token)`, where reasoning
 * that was not streamed does not count, because it was done before the first token. Undefined when a figure is missing
 * or all output came in one piece: a rate over no time means nothing.
 */
export function computeTokensPerSecond(figures: {
  readonly usage: Usage;
  readonly isReasoningStreamed: boolean;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs: number | undefined;
}): number | undefined {
  const { usage, latencyMs, timeToFirstTokenMs } = figures;
  if (usage.outputTokens === undefined || timeToFirstTokenMs === undefined) return undefined;
  const streamedTokens = usage.outputTokens - (figures.isReasoningStreamed ? 0 : (usage.reasoningTokens ?? 0));
  const writingMs = latencyMs - timeToFirstTokenMs;
  return writingMs >= 1 && streamedTokens > 0 ? (streamedTokens * 1000) / writingMs : undefined;
}
