import type { Services } from '../../container.ts';
import type { CallRecord } from '../../generated/prisma/client.ts';

export interface Within {
  readonly fromMs: number;
  readonly toMs: number;
}

const mostCalls = 200;

/**
 * Records of the calls that answered, the oldest first. They are written behind the answers, so what waits is written
 * first. Found through the index of team and time: `within` keeps the search short.
 */
export async function findAnsweringCalls(
  { prisma, callRecords }: Pick<Services, 'prisma' | 'callRecords'>,
  teamId: string,
  wanted: { readonly sourceId?: string; readonly runId?: string; readonly stepId?: string },
  { fromMs, toMs }: Within,
): Promise<readonly CallRecord[]> {
  await callRecords.flush();
  return prisma.callRecord.findMany({
    where: { teamId, startedAt: { gte: new Date(fromMs), lte: new Date(toMs) }, outcome: 'succeeded', ...wanted },
    orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
    take: mostCalls,
  });
}
