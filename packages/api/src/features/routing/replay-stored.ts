import { type DecisionBasis, type Replay, replayDecision } from '@switchyard/core/routing';
import type { Services } from '../../container.ts';
import type { RoutingDecisionModel } from '../../generated/prisma/models.ts';
import { toDecisionRecord } from './decision.mapping.ts';

type StoredRow = Pick<
  RoutingDecisionModel,
  'id' | 'teamId' | 'request' | 'plan' | 'seed' | 'servedModelId' | 'frameHash' | 'figuresHash' | 'basis'
>;

/** A decision made again, or the reason in words why that cannot be done. */
export type StoredReplay = (Replay & { readonly problem?: undefined }) | { readonly problem: string };

/** Makes a stored decision again from what was known then. Reads the snapshot; changes nothing. */
export async function replayStored(services: Pick<Services, 'routing'>, row: StoredRow): Promise<StoredReplay> {
  const { teamId, frameHash, figuresHash, basis } = row;
  if (frameHash === null || figuresHash === null || basis === null) {
    return { problem: 'It was made before Switchyard kept what decisions are made upon.' };
  }
  try {
    const snapshot = await services.routing.snapshots.read(teamId, { frameHash, figuresHash });
    if (!snapshot) return { problem: 'What was known at that moment is not stored any more.' };
    return replayDecision(toDecisionRecord(row), basis as unknown as DecisionBasis, snapshot);
  } catch (error) {
    if (error instanceof RangeError) return { problem: error.message };
    throw error;
  }
}
