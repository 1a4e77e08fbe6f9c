import type { FailoverPlan, FailoverSettings } from '@switchyard/core/failover';
import type { FailoverPlan as PlanRow } from '../../generated/prisma/client.ts';

export function toPlan(row: PlanRow): FailoverPlan {
  const { id, name, scope, isEnabled } = row;
  return { id, name, scope, isEnabled, settings: row.settings as unknown as FailoverSettings };
}

/** One plan for each scope and primary. */
export function liveKeyOf(scope: string, { primary }: FailoverSettings): string {
  return JSON.stringify([scope, primary ?? null]);
}
