import type { Services } from '../../container.ts';
import type { HealthIncident } from '../../generated/prisma/client.ts';
import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { titleOf } from '../comparisons/comparison.types.ts';
import { IncidentType } from './incident.types.ts';
import { failedInIncident } from './outage-bill.ts';

const mostAffected = 50;

interface Affected {
  readonly kind: 'comparison' | 'run';
  readonly id: string;
  readonly title: string;
  readonly failedCalls: number;
  readonly at: Date;
}

/** Comparisons and runs of the team of which calls failed in the incident, the newest first. */
function readAffected(services: Services, teamId: string, incident: HealthIncident): Promise<readonly Affected[]> {
  const inIncident = failedInIncident(teamId, incident, services.clock.nowMs());
  return services.prisma.$queryRaw<Affected[]>`
    WITH failed AS (
      SELECT r."runId", CASE WHEN r.source = 'comparison-lane' THEN r."sourceId" END AS "laneId", r."startedAt"
      FROM call_record r WHERE ${inIncident})
    SELECT 'comparison' AS kind, c.id, left(c.prompt, 500) AS title,
      count(*)::int AS "failedCalls", max(f."startedAt") AS at
    FROM failed f JOIN comparison_lane l ON l.id = f."laneId" AND l."teamId" = ${teamId}
      JOIN comparison c ON c.id = l."comparisonId" AND c."teamId" = ${teamId}
    GROUP BY c.id
    UNION ALL
    SELECT 'run' AS kind, w.id, coalesce(w."workflowTitle", w."workflowName") AS title,
      count(*)::int AS "failedCalls", max(f."startedAt") AS at
    FROM failed f JOIN run w ON w.id = f."runId" AND w."teamId" = ${teamId}
    GROUP BY w.id
    ORDER BY at DESC, id LIMIT ${mostAffected}`;
}

const IncidentAffectedKindEnum = builder.enumType('IncidentAffectedKind', {
  description: 'What an incident reached.',
  values: {
    COMPARISON: { value: 'comparison', description: 'A comparison, by one of its lanes.' },
    RUN: { value: 'run', description: 'A run of a workflow.' },
  } as const,
});

const IncidentAffectedType = builder.objectRef<Affected>('IncidentAffected').implement({
  description: 'A comparison or a run of which calls failed in an incident; others may have answered in their place.',
  fields: (t) => ({
    kind: t.field({ type: IncidentAffectedKindEnum, description: 'What it is.', resolve: ({ kind }) => kind }),
    targetId: t.id({
      description: 'The id of the comparison or run.',
      resolve: ({ kind, id }) => encodeId(kind === 'run' ? 'Run' : 'Comparison', id),
    }),
    title: t.string({
      description: 'What it is called.',
      resolve: ({ kind, title }) => (kind === 'run' ? title : titleOf(title)),
    }),
    failedCalls: t.exposeInt('failedCalls', { description: 'How many of its calls failed.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the last of them began.' }),
  }),
});

builder.prismaObjectField(IncidentType, 'affected', (t) =>
  t.field({
    type: [IncidentAffectedType],
    description: `Comparisons and runs of your team of which calls failed in it, the newest first; at most ${mostAffected}.`,
    complexity: 20,
    select: { id: true },
    resolve: async ({ id }, _args, { services, identity }) => {
      const row = await services.prisma.healthIncident.findUniqueOrThrow({ where: { id } });
      return [...(await readAffected(services, identity.teamId, row))];
    },
  }),
);
