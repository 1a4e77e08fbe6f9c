import type { CallPurpose } from '@switchyard/core/metrics';
import type { Identity } from '../../auth/identity.ts';

/** On whose behalf a lane calls its model. */
export function purposeOf(identity: Identity, laneId: string, tags: readonly string[] = []): CallPurpose {
  return {
    teamId: identity.teamId,
    source: 'comparison-lane',
    sourceId: laneId,
    ...(identity.userId !== undefined && { userId: identity.userId }),
    ...(identity.apiKeyId !== undefined && { apiKeyId: identity.apiKeyId }),
    ...(tags.length > 0 && { tags }),
  };
}
