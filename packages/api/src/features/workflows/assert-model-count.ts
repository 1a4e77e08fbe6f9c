import { callSpecOf, type WorkflowDefinition } from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';
import { ConflictFailure } from '../../user-errors.ts';

/**
 * Refuses a workflow that names several models while `workflow.multiModel` is off, for the team or the installation. What
 * stands behind one name (a role, a chain, `auto`) is one.
 */
export function assertModelCount(
  { providers, teamSettings }: Pick<Services, 'providers' | 'teamSettings'>,
  teamId: string,
  definition: WorkflowDefinition,
  path: readonly string[],
): void {
  const ofInstallation = providers.snapshot.configuration.features['workflow.multiModel'] ?? true;
  const ofTeam = teamSettings.of(teamId).features['workflow.multiModel'] ?? true;
  if (ofInstallation && ofTeam) return;
  const names = new Set(definition.steps.flatMap((step) => callSpecOf(step)?.models?.map(({ model }) => model) ?? []));
  if (names.size <= 1) return;
  const where = ofInstallation ? 'the settings of your team (Team, Settings)' : 'the configuration file';
  throw new ConflictFailure(
    'WORKFLOWS.SINGLE_MODEL',
    `Workflows with several models are switched off (workflow.multiModel) in ${where}. This one names ${[...names].join(', ')}.`,
    path,
  );
}
