import type { ExperimentDefinition, ExperimentProblem } from '@switchyard/core/experiments';
import { validateWorkflow, workflowGraph } from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';
import { findPublished } from '../workflows/find-workflow.ts';
import { readWorkflowEnvironment } from '../workflows/workflow-environment.ts';
import { splitStepOf, withVariant } from './variant-step.ts';

type Source = Extract<ExperimentDefinition['source'], { type: 'live-split' }>;

/** How a running live split holds its step, so that no two tests run on one. */
export const liveStepOf = ({ workflowName, stepId }: Pick<Source, 'workflowName' | 'stepId'>): string =>
  `${workflowName}/${stepId}`;

/** What keeps a live split from being started as the workflow and the team stand now. */
export async function findSplitProblems(
  services: Services,
  teamId: string,
  { variants }: Pick<ExperimentDefinition, 'variants'>,
  source: Source,
): Promise<readonly ExperimentProblem[]> {
  const problems: ExperimentProblem[] = [];
  const error = (path: ExperimentProblem['path'], message: string) =>
    problems.push({ severity: 'error', path, message });
  const { workflowName, stepId } = source;
  const published = await findPublished(services, teamId, workflowName);
  if (!published) {
    error(['source', 'workflowName'], `There is no workflow "${workflowName}" in force. Publish it first.`);
    return problems;
  }
  const { definition } = published;
  const index = definition.steps.findIndex(({ id }) => id === stepId);
  if (!splitStepOf(definition, stepId)) {
    const known = definition.steps.flatMap(({ id }) => (splitStepOf(definition, id) ? [`"${id}"`] : []));
    const hint = known.length > 0 ? `Steps that can be split: ${known.join(', ')}.` : 'No step of it can be split.';
    const why = index < 0 ? 'has no such step' : 'does not ask one model at a time in that step';
    error(['source', 'stepId'], `The workflow "${workflowName}" ${why}. ${hint}`);
    return problems;
  }
  const other = await services.prisma.experiment.findUnique({
    where: { teamId_liveStep: { teamId, liveStep: liveStepOf(source) } },
    select: { name: true },
  });
  if (other) error(['source', 'stepId'], `The test "${other.name}" runs on this step. Stop it first, or wait.`);
  const waitsFor = mentions(definition, stepId);
  const environment = readWorkflowEnvironment(services, teamId);
  for (const [place, variant] of variants.entries()) {
    if (variant.workflow) continue;
    if (variant.strategy === 'parallel') {
      error(
        ['variants', place, 'strategy'],
        'A live split takes one answer from each variant; it cannot ask side by side.',
      );
      continue;
    }
    const changed = withVariant(definition, stepId, variant);
    const { problems: found } = validateWorkflow(changed, environment);
    for (const { path, message, severity } of found) {
      const [, ofStep, field] = path;
      if (severity !== 'error' || path[0] !== 'steps' || ofStep !== index) continue;
      const at = field === 'models' || field === 'role' ? 'model' : field;
      const isOwn = typeof at === 'string' && Object.hasOwn(variant, at);
      if (isOwn) error(['variants', place, at], message);
    }
    const late = [...mentions(changed, stepId)].filter((id) => !waitsFor.has(id));
    if (late.length > 0) {
      const names = late.map((id) => `"${id}"`).join(', ');
      error(
        ['variants', place, 'prompt'],
        `It looks at ${names}, which the step does not wait for. Add it to \`after\` of the step.`,
      );
    }
  }
  return problems;
}

const mentions = (definition: Parameters<typeof workflowGraph>[0], stepId: string): ReadonlySet<string> =>
  new Set((workflowGraph(definition).dependencies.get(stepId) ?? []).map(({ on }) => on));
