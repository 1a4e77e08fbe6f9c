import { formatUsd, toStorableText } from '@switchyard/core/kernel';
import { builder, defaultPageSize } from '../../graphql/builder.ts';
import { badInput } from '../../graphql/errors.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { UserFailure } from '../../user-errors.ts';
import { ExperimentProblemType } from '../experiments/experiment.types.ts';
import { checkScorer } from './check-scorer.ts';
import { SavedScorerType, ScorerKindEnum } from './saved-scorer.types.ts';
import { TryScorerInput, toTrial } from './try-scorer.inputs.ts';
import { estimateScorer, type ScorerEstimate } from './try-scorer.ts';

const usd = (amount: bigint | undefined) => (amount === undefined ? null : formatUsd(amount));

const EstimateType = builder.objectRef<ScorerEstimate>('ScorerEstimate').implement({
  description: 'What a try of a scorer would cost. Nothing was called.',
  fields: (t) => ({
    calls: t.exposeInt('calls', { description: 'Calls of the judge; 0 for a check.' }),
    likelyUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it will probably cost; null without a price.',
      resolve: ({ likelyNanoUsd }) => usd(likelyNanoUsd),
    }),
    maxUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The most that it can cost: what `tryScorer` wants accepted. Null without a price.',
      resolve: ({ maxNanoUsd }) => usd(maxNanoUsd),
    }),
    fits: t.exposeBoolean('fits', { description: 'Whether every hard budget has room for it.' }),
    unavailableReason: t.string({
      nullable: true,
      description: 'Why the judge cannot be called; null when it can.',
      resolve: ({ unavailableReason }) => unavailableReason ?? null,
    }),
  }),
});

interface Filter {
  readonly kind?: 'check' | 'judge' | null | undefined;
  readonly search?: string | null | undefined;
}

function toWhere(teamId: string, { kind, search }: Filter) {
  const text = search ? toStorableText(search.trim()) : '';
  return {
    teamId,
    ...(kind != null && { kind }),
    ...(text && { name: { contains: text, mode: 'insensitive' as const } }),
  };
}

builder.queryFields((t) => ({
  savedScorer: t.prismaField({
    type: SavedScorerType,
    nullable: true,
    description: 'One saved scorer; null when your team has no such.',
    args: { id: t.arg.globalID({ required: true, description: 'Its id.', for: SavedScorerType }) },
    resolve: (query, _root, { id }, { services, identity: { teamId } }) =>
      services.prisma.savedScorer.findUnique({ ...query, where: { id_teamId: { id: id.id, teamId } } }),
  }),
  savedScorers: t.prismaConnection(
    {
      type: SavedScorerType,
      cursor: 'id',
      description: "Your team's saved scorers and judges, those that changed last first.",
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: {
        kind: t.arg({ type: ScorerKindEnum, description: 'Only checks, or only judges.' }),
        search: t.arg.string({ description: 'A part of the name.' }),
      },
      totalCount: (_root, args, { services, identity }) =>
        services.prisma.savedScorer.count({ where: toWhere(identity.teamId, args) }),
      resolve: (query, _root, args, { services, identity }) => {
        assertPageSize(args, 'scorers');
        return services.prisma.savedScorer.findMany({
          ...query,
          where: toWhere(identity.teamId, args),
          orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'SavedScorerConnection', description: 'A page of saved scorers.' },
    { name: 'SavedScorerEdge' },
  ),
  scorerProblems: t.field({
    type: [ExperimentProblemType],
    description: 'What is wrong with a scorer as it is being written, at its fields; nothing when it could be saved.',
    args: { content: t.arg({ type: 'JSON', required: true, description: '`{ check: … }` or `{ judge: … }`.' }) },
    resolve: (_root, { content }, { services, identity }) => [
      ...checkScorer(services, identity.teamId, content).problems,
    ],
  }),
  scorerEstimate: t.field({
    type: EstimateType,
    description: 'What `tryScorer` with the same input would cost. Calls nothing.',
    complexity: { field: 10, multiplier: 1 },
    args: { input: t.arg({ type: TryScorerInput, required: true, description: 'As for `tryScorer`.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      try {
        return await estimateScorer(services, identity, toTrial(input));
      } catch (error) {
        if (error instanceof UserFailure) throw badInput(error.message);
        throw error;
      }
    },
  }),
}));
