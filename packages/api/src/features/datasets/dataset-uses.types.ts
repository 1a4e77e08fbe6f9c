import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { ExperimentType } from '../experiments/experiment.types.ts';
import { DatasetType, DatasetVersionType } from './dataset.types.ts';

interface Use {
  readonly id: string;
}

/** Ids of the tests whose definition names a version of the dataset, those that changed last first. */
async function findUses({ prisma }: Services, teamId: string, datasetId: string): Promise<readonly string[]> {
  // Ids of versions are random, so one that stands in a definition is meant there.
  const rows = await prisma.$queryRaw<Use[]>`
    SELECT e.id FROM experiment e WHERE e."teamId" = ${teamId} AND EXISTS (
      SELECT 1 FROM dataset_version v WHERE v."teamId" = ${teamId} AND v."datasetId" = ${datasetId}
        AND strpos(e.definition, '"' || v.id || '"') > 0)
    ORDER BY e."updatedAt" DESC, e.id DESC`;
  return rows.map(({ id }) => id);
}

builder.prismaObjectFields(DatasetType, (t) => ({
  usedByCount: t.int({
    description: 'How many tests name one of its versions, drafts too.',
    complexity: { field: 2, multiplier: 1 },
    select: { id: true },
    resolve: async ({ id }, _args, { services, identity }) => (await findUses(services, identity.teamId, id)).length,
  }),
  usedBy: t.prismaField({
    type: [ExperimentType],
    description: 'The tests that name one of its versions, those that changed last first, fifty at the most.',
    complexity: { field: 10, multiplier: 10 },
    select: { id: true },
    resolve: async (query, { id }, _args, { services, identity: { teamId } }) => {
      const ids = await findUses(services, teamId, id);
      return services.prisma.experiment.findMany({
        ...query,
        where: { teamId, id: { in: ids.slice(0, 50) } },
        orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
      });
    },
  }),
}));

interface ClusterCount {
  readonly name: string;
  readonly count: number;
}

const ClusterType = builder.objectRef<ClusterCount>('DatasetCluster').implement({
  description: 'Items that are alike.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What they have in common.' }),
    itemCount: t.exposeInt('count', { description: 'How many they are.' }),
  }),
});

builder.prismaObjectFields(DatasetVersionType, (t) => ({
  clusterCount: t.int({
    description: 'How many clusters it has; items without one are not counted.',
    complexity: { field: 5, multiplier: 1 },
    select: { id: true },
    resolve: async ({ id }, _args, { services, identity: { teamId } }) => {
      const [row] = await services.prisma.$queryRaw<{ count: number }[]>`
        SELECT count(DISTINCT cluster)::int AS count FROM dataset_item WHERE "versionId" = ${id} AND "teamId" = ${teamId}`;
      return row?.count ?? 0;
    },
  }),
  clusters: t.field({
    type: [ClusterType],
    description: 'Its largest clusters, fifty at the most.',
    complexity: { field: 10, multiplier: 1 },
    select: { id: true },
    resolve: ({ id }, _args, { services, identity: { teamId } }) =>
      services.prisma.$queryRaw<ClusterCount[]>`
        SELECT cluster AS name, count(*)::int AS count FROM dataset_item
        WHERE "versionId" = ${id} AND "teamId" = ${teamId} AND cluster IS NOT NULL
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`,
  }),
}));
