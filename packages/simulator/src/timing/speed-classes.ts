/**
 * Lognormal parameters fitted to the successful requests of `latency-llmperf.csv` (ray-project/llmperf-leaderboard
 * @ 27aa9b6a6c42, Apache-2.0; 550 input and 150 output tokens): mean and standard deviation of ln(seconds to first token)
 * and of ln(tokens per second after the first). Each class names the measured series it was fitted to.
 */
export const SPEED_CLASSES = {
  /** groq llama-2-70b-chat: median 0.22 s, 267 tokens/s */
  fastest: { firstTokenMean: -1.5, firstTokenDeviation: 0.19, rateMean: 5.54, rateDeviation: 0.08 },
  /** together llama-2-13b-chat: median 0.55 s with a tail to 2.3 s, 156 tokens/s */
  fast: { firstTokenMean: -0.54, firstTokenDeviation: 0.64, rateMean: 5.03, rateDeviation: 0.11 },
  /** anyscale llama-2-13b-chat: median 0.20 s, 147 tokens/s */
  small: { firstTokenMean: -1.53, firstTokenDeviation: 0.19, rateMean: 4.96, rateDeviation: 0.14 },
  /** together llama-2-7b-chat: median 0.52 s, 101 tokens/s */
  middle: { firstTokenMean: -0.57, firstTokenDeviation: 0.23, rateMean: 4.6, rateDeviation: 0.13 },
  /** together llama-2-70b-chat: median 0.63 s, 87 tokens/s */
  flagship: { firstTokenMean: -0.48, firstTokenDeviation: 0.14, rateMean: 4.44, rateDeviation: 0.13 },
  /** anyscale llama-2-70b-chat rate, fireworks llama-2-70b-chat first token: median 0.52 s, 72 tokens/s */
  steady: { firstTokenMean: -0.7, firstTokenDeviation: 0.24, rateMean: 4.24, rateDeviation: 0.22 },
  /** lepton llama-2-70b-chat: median 0.92 s, 41 tokens/s */
  deliberate: { firstTokenMean: -0.11, firstTokenDeviation: 0.12, rateMean: 3.72, rateDeviation: 0.05 },
  /** bedrock llama-2-13b-chat: median 0.27 s with spread, 40 tokens/s (spread of the rate from perplexity 70b) */
  local: { firstTokenMean: -1.19, firstTokenDeviation: 0.38, rateMean: 3.69, rateDeviation: 0.1 },
  /** replicate llama-2-7b-chat, a shared pool with cold starts: median 3.7 s (first token shortened to 1.2 s), 96 tokens/s */
  pooled: { firstTokenMean: 0.18, firstTokenDeviation: 0.64, rateMean: 4.7, rateDeviation: 0.3 },
} as const;

export type SpeedClass = keyof typeof SPEED_CLASSES;
