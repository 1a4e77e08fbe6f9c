import type { SeededRandom } from '../seeded-random.ts';
import { SPEED_CLASSES, type SpeedClass } from './speed-classes.ts';

/** How fast one request is answered, in real time (speed 1). */
export interface Timing {
  firstTokenMs: number;
  tokensPerSecond: number;
}

/** Seconds that reading one more prompt token adds to the first token. */
const PREFILL_SECONDS_PER_TOKEN = 0.00002;
const MEASURED_PROMPT_TOKENS = 550;

/** Draws time to first token and tokens per second for one request; hidden reasoning delays the first visible token. */
export function drawTiming(
  speed: SpeedClass,
  load: { promptTokens: number; hiddenReasoningTokens: number },
  override: { ttftMs?: number | undefined; tokensPerSecond?: number | undefined },
  random: SeededRandom,
): Timing {
  const parameters = SPEED_CLASSES[speed];
  const firstTokenSeconds = Math.exp(parameters.firstTokenMean + parameters.firstTokenDeviation * random.normal());
  const tokensPerSecond =
    override.tokensPerSecond ?? Math.exp(parameters.rateMean + parameters.rateDeviation * random.normal());
  if (override.ttftMs !== undefined) return { firstTokenMs: override.ttftMs, tokensPerSecond };
  const prefillSeconds = Math.max(0, load.promptTokens - MEASURED_PROMPT_TOKENS) * PREFILL_SECONDS_PER_TOKEN;
  const reasoningSeconds = load.hiddenReasoningTokens / tokensPerSecond;
  return { firstTokenMs: 1000 * (firstTokenSeconds + prefillSeconds + reasoningSeconds), tokensPerSecond };
}
