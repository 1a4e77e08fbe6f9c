import type { CallPurpose } from '@switchyard/core/metrics';
import type { RoutingPreferences } from '@switchyard/core/routing';
import type { TeamRouting } from './team-routing.ts';

/** What step and role of a call say about routing, the narrowest first. */
export function narrowPreferences(
  team: TeamRouting,
  { workflowId, stepId, role }: Pick<CallPurpose, 'workflowId' | 'stepId' | 'role'>,
): readonly (RoutingPreferences | undefined)[] {
  return [
    stepId === undefined ? undefined : team.preferencesOf(`step:${workflowId ?? ''}/${stepId}`),
    role === undefined ? undefined : team.preferencesOf(`role:${role}`),
  ];
}
