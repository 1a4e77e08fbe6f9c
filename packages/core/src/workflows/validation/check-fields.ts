import {
  type CallSpec,
  callSpecOf,
  type WorkflowDefinition,
  type WorkflowStep,
} from '../definition/workflow-definition.ts';
import { checkInputValue } from '../run/read-inputs.ts';
import type { ProblemCollector } from './problem-collector.ts';
import { shown } from './workflow-problem.ts';

/** What each field allows but fields together do not, and ids that stand twice. */
export function checkFields(
  definition: WorkflowDefinition,
  stepIndexes: readonly number[],
  problems: ProblemCollector,
): void {
  const firstPlaces = new Map<string, number>();
  definition.steps.forEach((step, index) => {
    const place = stepIndexes[index] ?? index;
    const at = problems.below('steps', place);
    const first = firstPlaces.get(step.id);
    if (first === undefined) firstPlaces.set(step.id, place);
    else {
      const message = `There is another step "${shown(step.id)}", number ${first + 1}.`;
      at.add('DUPLICATE_STEP', ['id'], message, 'Give one of the two another id.');
    }
    checkStep(step, at);
    const call = callSpecOf(step);
    if (call) checkCall(call, step.type === 'map' ? at.below('do') : at);
  });
  for (const [name, input] of Object.entries(definition.inputs ?? {})) {
    if (input.default === undefined || input.default === null) continue;
    const complaint = checkInputValue(input, input.default);
    if (complaint === undefined) continue;
    const message = `The default of "${name}" ${complaint}.`;
    problems.add('CONTRADICTION', ['inputs', name, 'default'], message, 'Change the default or the type.');
  }
}

function checkStep(step: WorkflowStep, problems: ProblemCollector): void {
  if (step.type === 'transform') checkTransform(step, problems);
  if (step.type === 'map' && step.do.type === 'transform') checkTransform(step.do, problems.below('do'));
  if (step.type === 'merge' && step.mode === 'best' && (step.by === 'score') !== (step.score !== undefined)) {
    const [message, suggestion] =
      step.by === 'score'
        ? [
            'The best by score needs an expression that gives the score.',
            'Add score, for example candidate.output.score.',
          ]
        : ['score is only looked at when by is score.', 'Write by: score, or remove score.'];
    problems.add('CONTRADICTION', ['score'], message, suggestion);
  }
  if (step.type === 'approval' && step.onTimeout !== undefined && step.deadlineMs === undefined) {
    const message = 'onTimeout never happens, because the step has no deadlineMs.';
    problems.add('CONTRADICTION', ['onTimeout'], message, 'Add deadlineMs, or remove onTimeout.', {
      severity: 'warning',
    });
  }
  if (step.type === 'approval' && step.canEdit && step.subject === undefined) {
    problems.add('CONTRADICTION', ['canEdit'], 'There is nothing to edit.', 'Add subject, or remove canEdit.');
  }
}

function checkTransform(
  { value, template }: { readonly value?: string | undefined; readonly template?: string | undefined },
  problems: ProblemCollector,
): void {
  if ((value === undefined) !== (template === undefined)) return;
  if (value === undefined) {
    problems.add('MISSING_FIELD', ['value'], 'The transform does nothing.', 'Add value (an expression) or template.');
  } else {
    const message = 'The transform has an expression and a template; only one of the two can be its output.';
    problems.add('CONTRADICTION', ['template'], message, 'Remove one of the two, or make two steps.');
  }
}

function checkCall({ retry, deadlines, output }: CallSpec, problems: ProblemCollector): void {
  const { initialDelayMs, maxDelayMs } = retry ?? {};
  if (initialDelayMs !== undefined && maxDelayMs !== undefined && initialDelayMs > maxDelayMs) {
    const message = 'initialDelayMs is longer than maxDelayMs.';
    problems.add('CONTRADICTION', ['retry', 'initialDelayMs'], message, 'Raise maxDelayMs or lower initialDelayMs.');
  }
  const { totalMs, overallMs } = deadlines ?? {};
  for (const [name, longer] of [
    ['firstTokenMs', totalMs],
    ['idleMs', totalMs],
    ['totalMs', overallMs],
  ] as const) {
    const own = deadlines?.[name];
    if (own === undefined || longer === undefined || own <= longer) continue;
    const outer = name === 'totalMs' ? 'overallMs' : 'totalMs';
    const message = `${name} is longer than ${outer} and can never be reached.`;
    problems.add('CONTRADICTION', ['deadlines', name], message, `Raise ${outer} or lower ${name}.`, {
      severity: 'warning',
    });
  }
  if (output?.format === 'text' && output.schema !== undefined) {
    const message = 'A schema promises JSON, but the format is text.';
    problems.add('CONTRADICTION', ['output', 'schema'], message, 'Write format: json, or remove the schema.');
  }
}
