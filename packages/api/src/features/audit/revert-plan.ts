import { createPlan, deletePlan, updatePlan } from '../failover/change-plan.ts';
import type { JsonRecord } from './audit-payload.ts';
import type { Reverter } from './reverters.ts';

/** Failover plans. Deleted ones stay in their table: taking that back makes the plan anew. */
export const revertPlan: Reverter = {
  area: 'ROUTING',
  revert: async (services, identity, { entry, payload, current }) => {
    const planId = entry.objectId ?? undefined;
    const row: JsonRecord = { ...current, ...payload.before };
    const given = { ...(row.settings as JsonRecord), name: row.name, scope: row.scope, isEnabled: row.isEnabled };
    const note = `Takes entry ${entry.seq} of the audit log back.`;
    if (entry.operation === 'INSERT') return deletePlan(services, identity, planId, { note });
    if (current.liveKey === null || entry.operation === 'DELETE')
      return createPlan(services, identity, { ...given, note });
    return updatePlan(services, identity, planId, { ...given, note, version: current.version });
  },
};
