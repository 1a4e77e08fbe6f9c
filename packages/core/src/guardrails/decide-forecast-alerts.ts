import { thresholdAmount } from './alerts/crossed-thresholds.ts';
import type { Budget } from './budget.ts';
import type { WindowForecast } from './forecast-window.ts';

/** What a forecast gives reason to say. `share`: the share of the limit that is foreseen; 1 is the limit itself. */
export type ForecastFinding =
  | { readonly type: 'forecast'; readonly share: number; readonly status: 'firing' | 'resolved' }
  | { readonly type: 'burn-rate'; readonly status: 'firing' | 'resolved' };

/** From this burn rate on people are told. */
export const alarmingBurnRate = 2;
/** Before so much of the limit is used, a high burn rate is the noise of a window's beginning. */
const leastUsedShare = 0.1;
/** What is over must be clearly over, so that a forecast near the line does not ring at every look. */
const clearShare = 0.9;
const calmBurnRate = 1.5;

/**
 * What to tell of a budget's forecast, or to take back: the highest of its thresholds below the limit, or the limit
 * itself, that the forecast reaches and the spending has not; and that it burns at more than twice the pace it is meant for.
 * Nothing is said where the forecast lies between a line and nine tenths of it: what was said holds.
 */
export function decideForecastAlerts(
  budget: Pick<Budget, 'alertThresholds'>,
  figures: { readonly spent: bigint; readonly limit: bigint },
  forecast: Pick<WindowForecast, 'atEnd' | 'burnRate'>,
): readonly ForecastFinding[] {
  const { spent, limit } = figures;
  const findings: ForecastFinding[] = [];
  if (limit <= 0n) return findings;
  const { atEnd, burnRate } = forecast;
  if (atEnd) {
    const shares = [...new Set([...budget.alertThresholds.filter((share) => share < 1), 1])].sort((a, b) => a - b);
    const lineOf = (share: number) => thresholdAmount(limit, share);
    // Of several lines that it will cross only the highest is news.
    const highest = shares.findLast((share) => (share === 1 ? atEnd.likely > limit : atEnd.likely >= lineOf(share)));
    for (const share of shares) {
      const line = lineOf(share);
      if (share === highest && spent < line) findings.push({ type: 'forecast', share, status: 'firing' });
      else if (atEnd.likely < thresholdAmount(line, clearShare))
        findings.push({ type: 'forecast', share, status: 'resolved' });
    }
  }
  if (burnRate !== undefined) {
    const isMuch = spent >= thresholdAmount(limit, leastUsedShare);
    if (burnRate > alarmingBurnRate && isMuch) findings.push({ type: 'burn-rate', status: 'firing' });
    else if (burnRate < calmBurnRate) findings.push({ type: 'burn-rate', status: 'resolved' });
  }
  return findings;
}
