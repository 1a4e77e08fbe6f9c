import { formatUsd } from '@switchyard/core/kernel';
import type { CallOrigin } from '@switchyard/core/metrics';
import type { ReportIncident, ReportWeek } from '@switchyard/core/reports';
import type { Services } from '../../container.ts';
import { readIncidentEffects } from '../health/outage-bill.ts';

const mostIncidents = 20;

/** Incidents that touched the week, with what they cost the team; trouble of shared providers only where it met the team. */
export async function readWeekIncidents(
  services: Services,
  { teamId, origin, week }: { readonly teamId: string; readonly origin: CallOrigin; readonly week: ReportWeek },
): Promise<readonly ReportIncident[]> {
  const rows = await services.prisma.healthIncident.findMany({
    where: {
      AND: [
        { OR: [{ teamId: null }, { teamId }] },
        { OR: [{ closedAt: null }, { closedAt: { gte: new Date(week.fromMs) } }] },
      ],
      origin: origin === 'live' ? 'LIVE' : 'SIMULATED',
      startedAt: { lt: new Date(week.toMs) },
      rehearsalId: null,
    },
    orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
    take: mostIncidents,
  });
  const incidents: ReportIncident[] = [];
  for (const row of rows) {
    const effects = await readIncidentEffects(services, teamId, row);
    const fallbackCalls = effects.fallbacks.reduce((sum, { calls }) => sum + calls, 0);
    if (row.teamId === null && effects.failedCalls === 0 && fallbackCalls === 0) continue;
    incidents.push({
      id: row.id,
      provider: row.displayName,
      severity: row.severity,
      startedAt: row.startedAt.toISOString(),
      closedAt: row.closedAt?.toISOString() ?? null,
      failedCalls: effects.failedCalls,
      fallbackCalls,
      billUsd: formatUsd(
        effects.fallbacks.reduce((sum, { extraNanoUsd }) => sum + extraNanoUsd, effects.failedNanoUsd),
      ),
      isPartial: effects.isPartial || effects.unknownCostCalls > 0,
    });
  }
  return incidents;
}
