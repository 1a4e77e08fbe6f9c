import type { ExpressionScope } from '../expressions/expression-environment.ts';
import { scopeNames } from '../expressions/expression-environment.ts';
import type { ProblemPath } from '../validation/workflow-problem.ts';
import type { CallSpec, MapBody, WorkflowStep } from './workflow-definition.ts';

/** A template or expression of a step, and which names it sees. */
export interface StepText {
  /** Within the step. */
  readonly path: ProblemPath;
  readonly kind: 'template' | 'expression';
  readonly source: string;
  /** Names that it sees, `inputs` and `steps` among them. */
  readonly names: readonly string[];
  /** Of an expression. */
  readonly scope: ExpressionScope;
  /** What the value of an expression must be. */
  readonly wants?: 'boolean' | 'list' | 'number';
}

/** Every template and expression of `step`, in the order of its fields. */
export function textsOfStep(step: WorkflowStep): readonly StepText[] {
  switch (step.type) {
    case 'prompt':
      return callTexts(step, [], 'workflow');
    case 'transform':
      return transformTexts(step, [], 'workflow');
    case 'branch':
      return step.cases.map(({ when }, index) =>
        expression(['cases', index, 'when'], when, 'workflow', { wants: 'boolean' }),
      );
    case 'map': {
      const over = expression(['over'], step.over, 'workflow', { wants: 'list' });
      const body =
        step.do.type === 'prompt' ? callTexts(step.do, ['do'], 'item') : transformTexts(step.do, ['do'], 'item');
      return [over, ...body];
    }
    case 'merge':
      if (step.mode === 'best') {
        return step.score === undefined ? [] : [expression(['score'], step.score, 'candidate', { wants: 'number' })];
      }
      if (step.mode === 'vote') return step.key === undefined ? [] : [expression(['key'], step.key, 'candidate')];
      if (step.mode === 'concatenate') {
        return step.heading === undefined ? [] : [template(['heading'], step.heading, scopeNames.candidate)];
      }
      return callTexts(step, [], 'workflow', ['candidates']);
    case 'approval': {
      const message = template(['message'], step.message, scopeNames.workflow);
      return step.subject === undefined ? [message] : [message, expression(['subject'], step.subject, 'workflow')];
    }
  }
}

function callTexts(
  call: Pick<CallSpec, 'system' | 'prompt'>,
  path: ProblemPath,
  scope: ExpressionScope,
  more: readonly string[] = [],
): readonly StepText[] {
  const names = [...scopeNames[scope], ...more];
  const prompt = template([...path, 'prompt'], call.prompt, names);
  return call.system === undefined ? [prompt] : [template([...path, 'system'], call.system, names), prompt];
}

function transformTexts(
  { value, template: text }: Pick<Extract<MapBody, { type: 'transform' }>, 'value' | 'template'>,
  path: ProblemPath,
  scope: ExpressionScope,
): readonly StepText[] {
  return [
    ...(value === undefined ? [] : [expression([...path, 'value'], value, scope)]),
    ...(text === undefined ? [] : [template([...path, 'template'], text, scopeNames[scope])]),
  ];
}

function expression(
  path: ProblemPath,
  source: string,
  scope: ExpressionScope,
  more: Pick<StepText, 'wants'> = {},
): StepText {
  return { path, kind: 'expression', source, scope, names: scopeNames[scope], ...more };
}

function template(path: ProblemPath, source: string, names: readonly string[]): StepText {
  return { path, kind: 'template', source, scope: 'workflow', names };
}
