import type { GrainHorizons } from '@switchyard/core/metrics';
import type { MetricState } from '../../generated/prisma/client.ts';

/** From when on what is kept of a scope: what holds for all of them, and its records. */
export function toHorizons(
  state: Pick<MetricState, 'minutesFromMs' | 'hoursFromMs' | 'partsFromMs' | 'weeksUntilMs'> | null | undefined,
  scope: { readonly recordsFromMs: bigint } | null | undefined,
): GrainHorizons {
  return {
    minutesFromMs: Number(state?.minutesFromMs ?? 0),
    hoursFromMs: Number(state?.hoursFromMs ?? 0),
    partsFromMs: Number(state?.partsFromMs ?? 0),
    weeksUntilMs: Number(state?.weeksUntilMs ?? 0),
    recordsFromMs: Number(scope?.recordsFromMs ?? 0),
  };
}
