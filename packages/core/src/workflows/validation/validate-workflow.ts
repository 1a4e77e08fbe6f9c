import { type ReadDefinition, readDefinition } from '../definition/read-definition.ts';
import { readWorkflowText } from '../definition/read-workflow-text.ts';
import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';
import { checkFields } from './check-fields.ts';
import { checkGraph } from './check-graph.ts';
import { checkModels } from './check-models.ts';
import { checkTexts } from './check-texts.ts';
import { ProblemCollector } from './problem-collector.ts';
import type { WorkflowEnvironment } from './workflow-environment.ts';
import type { WorkflowProblem } from './workflow-problem.ts';

export interface WorkflowValidation {
  /** Set when no problem is an error: it can be published and run. */
  readonly definition: WorkflowDefinition | undefined;
  /** All problems at once, errors and warnings. */
  readonly problems: readonly WorkflowProblem[];
}

/**
 * Checks plain data as a definition against what the team has now: shape, ids, rings, unreachable steps, templates,
 * variables, types, roles, models, credentials, capabilities. One mistake hides no other. Pure; never throws.
 */
export function validateWorkflow(input: unknown, environment: WorkflowEnvironment): WorkflowValidation {
  const read = readDefinition(input);
  const problems = new ProblemCollector();
  problems.addAll(read.problems);
  if (read.definition) checkAll(read.definition, read, environment, problems);
  const found = problems.finish();
  const isSound = !found.some(({ severity }) => severity === 'error');
  return { definition: isSound ? read.definition : undefined, problems: found };
}

/** The same for YAML or JSON text; every problem also has its place in the text. */
export function validateWorkflowText(text: string, environment: WorkflowEnvironment): WorkflowValidation {
  const source = readWorkflowText(text);
  if (source.problems.length > 0) return { definition: undefined, problems: source.problems };
  const { definition, problems } = validateWorkflow(source.value, environment);
  const placed = problems.map((problem) => ({ ...problem, filePosition: source.locate(problem.path) }));
  return { definition, problems: placed };
}

function checkAll(
  definition: WorkflowDefinition,
  { stepIndexes, brokenStepIds }: ReadDefinition,
  environment: WorkflowEnvironment,
  problems: ProblemCollector,
): void {
  const places = new Map(definition.steps.map((step, index) => [step, stepIndexes[index] ?? index]));
  const placeOf = (step: WorkflowStep | undefined) => (step && places.get(step)) ?? 0;
  checkFields(definition, stepIndexes, problems);
  checkGraph(definition, brokenStepIds, placeOf, problems);
  checkTexts(definition, brokenStepIds, placeOf, problems);
  checkModels(definition, environment, placeOf, problems);
}
