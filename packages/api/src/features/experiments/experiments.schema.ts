import { toStorableText } from '@switchyard/core/kernel';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { ExperimentType } from './experiment.types.ts';

builder.queryFields((t) => ({
  experiment: t.prismaField({
    type: ExperimentType,
    nullable: true,
    description: 'One test; null when your team has no such.',
    args: { id: t.arg.globalID({ required: true, description: 'Its id.', for: ExperimentType }) },
    resolve: (query, _root, { id }, { services, identity }) =>
      services.prisma.experiment.findUnique({ ...query, where: { id_teamId: { id: id.id, teamId: identity.teamId } } }),
  }),
  experiments: t.prismaConnection(
    {
      type: ExperimentType,
      cursor: 'id',
      description: "Your team's tests, those that changed last first.",
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: {
        state: t.arg.string({ description: 'Only in this state: draft, running or ended.' }),
        search: t.arg.string({ description: 'A part of the name.' }),
      },
      totalCount: (_root, args, { services, identity }) =>
        services.prisma.experiment.count({ where: toWhere(identity.teamId, args) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'tests');
        const where = toWhere(identity.teamId, args);
        return services.prisma.experiment.findMany({
          ...query,
          where,
          orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'ExperimentConnection', description: 'A page of tests.' },
    { name: 'ExperimentEdge' },
  ),
}));

function toWhere(
  teamId: string,
  { state, search }: { readonly state?: string | null | undefined; readonly search?: string | null | undefined },
) {
  const text = search ? toStorableText(search.trim()) : '';
  return {
    teamId,
    ...(state != null && { state: toStorableText(state) }),
    ...(text && { name: { contains: text, mode: 'insensitive' as const } }),
  };
}
