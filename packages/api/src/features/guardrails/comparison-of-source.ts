import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';
import { BudgetApprovalType } from './approval.types.ts';
import { BudgetBreachType } from './budget-breach.types.ts';

const description = 'The comparison that the call belongs to; null for other calls, and when it was deleted.';

/** The comparison of a lane, by what call records name; those of one answer are read at once. */
async function comparisonOf(
  { prisma }: Services,
  { teamId, source, sourceId }: { readonly teamId: string; readonly source: string; readonly sourceId: string | null },
): Promise<string | null> {
  if (source !== 'comparison-lane' || sourceId === null) return null;
  const lane = await prisma.comparisonLane.findUnique({
    where: { id_teamId: { id: sourceId, teamId } },
    select: { comparisonId: true },
  });
  return lane ? encodeId('Comparison', lane.comparisonId) : null;
}

builder.prismaObjectField(BudgetBreachType, 'comparisonId', (t) =>
  t.id({ nullable: true, description, resolve: (row, _args, { services }) => comparisonOf(services, row) }),
);
builder.prismaObjectField(BudgetApprovalType, 'comparisonId', (t) =>
  t.id({ nullable: true, description, resolve: (row, _args, { services }) => comparisonOf(services, row) }),
);
