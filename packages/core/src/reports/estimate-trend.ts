import { type CannotTell, cannotTell, type Interval, studentEstimate } from '../stats/index.ts';

export interface Trend {
  readonly kind: 'trend';
  /** Change per step, in the unit of the values. */
  readonly slope: number;
  readonly interval: Interval;
  readonly pValue: number;
  /** `level` where the interval holds 0: the data do not show that it rises or falls. */
  readonly direction: 'rising' | 'falling' | 'level';
  /** How many steps had a value. */
  readonly steps: number;
}

/** With fewer steps a line goes through anything. */
export const fewestTrendSteps = 6;
const largestCorrelation = 0.9;

/**
 * Whether values that follow each other in equal steps rise or fall; undefined ones are left out and keep their place. Least
 * squares; the standard error is widened, and the degrees of freedom lessened, by the correlation of neighbouring
 * residuals (first-order autoregression, (1 + r) / (1 − r); r with the correction of its bias by Kendall 1954), because a
 * busy day is followed by a busy day. `confidence` 0.95 unless given.
 */
export function estimateTrend(
  values: readonly (number | undefined)[],
  options: { readonly confidence?: number } = {},
): Trend | CannotTell {
  const points = values.flatMap((y, x) => (y === undefined ? [] : [{ x, y }]));
  const count = points.length;
  if (points.some(({ y }) => !Number.isFinite(y))) return cannotTell('not-finite', 'A value is not a finite number.');
  if (count < fewestTrendSteps) {
    return cannotTell(
      'too-few',
      `A trend takes ${fewestTrendSteps} whole steps with calls, there are ${count}: choose a longer range or shorter steps.`,
    );
  }
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / count;
  let squaresX = 0;
  let products = 0;
  for (const { x, y } of points) {
    squaresX += (x - meanX) ** 2;
    products += (x - meanX) * (y - meanY);
  }
  const slope = products / squaresX;
  const residuals = points.map(({ x, y }) => y - meanY - slope * (x - meanX));
  const squares = residuals.reduce((sum, residual) => sum + residual * residual, 0);
  // Rounding dust of a constant series is none.
  if (squares <= 1e-24 * count * meanY * meanY && slope * slope * squaresX <= 1e-24 * count * meanY * meanY) {
    return { ...flat(options.confidence), steps: count };
  }
  let neighbours = 0;
  for (let place = 1; place < count; place++) neighbours += residuals[place]! * residuals[place - 1]!;
  const raw = squares > 0 ? neighbours / squares : 0;
  const correlation = Math.min(largestCorrelation, Math.max(0, raw + (1 + 4 * Math.max(0, raw)) / count));
  const widening = (1 + correlation) / (1 - correlation);
  const estimate = studentEstimate(
    {
      estimate: slope,
      standardError: Math.sqrt((squares / (count - 2) / squaresX) * widening),
      degreesOfFreedom: Math.max(1, count / widening - 2),
    },
    options,
  );
  if (estimate.kind === 'cannot-tell') {
    // Without any scatter the line itself is the truth.
    const interval = { low: slope, high: slope, confidence: options.confidence ?? 0.95 };
    return { kind: 'trend', slope, interval, pValue: 0, direction: slope > 0 ? 'rising' : 'falling', steps: count };
  }
  const { interval, pValue } = estimate;
  const direction = interval.low > 0 ? 'rising' : interval.high < 0 ? 'falling' : 'level';
  return { kind: 'trend', slope, interval, pValue, direction, steps: count };
}

function flat(confidence = 0.95): Omit<Trend, 'steps'> {
  return { kind: 'trend', slope: 0, interval: { low: 0, high: 0, confidence }, pValue: 1, direction: 'level' };
}
