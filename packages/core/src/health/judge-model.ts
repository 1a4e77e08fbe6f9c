import type { OutcomeCounts } from './health-score.ts';
import { scoreHealth } from './health-score.ts';
import { defaultHealthSettings, type HealthStatus } from './judge-health.ts';

/**
 * The status of one model by the calls of the last minutes; that of its provider when it was not called, and never better than
 * that of a provider that is down unless its own calls are answered.
 */
export function judgeModel(
  counts: OutcomeCounts,
  providerStatus: HealthStatus,
  settings = defaultHealthSettings,
): HealthStatus {
  const answers = counts.successes + counts.limited;
  if (answers + counts.faults === 0) return providerStatus;
  if (answers === 0)
    return counts.faults >= settings.faultsInRow || providerStatus === 'down' ? 'down' : providerStatus;
  const score = scoreHealth(counts)?.score ?? 0;
  const isEnough = answers + counts.faults >= settings.minOutcomes;
  if (isEnough && score < settings.downBelow) return 'down';
  const troubled = counts.faults + counts.limited + counts.slow + counts.verySlow;
  return isEnough && troubled >= settings.minTroubled && score < settings.degradedBelow ? 'degraded' : 'healthy';
}
