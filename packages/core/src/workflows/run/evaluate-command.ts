import { cachedExpression, cachedTemplate } from '../definition/compile-text.ts';
import {
  defaultMapItems,
  type MapBody,
  type WorkflowDefinition,
  type WorkflowStep,
} from '../definition/workflow-definition.ts';
import { workflowGraph } from '../definition/workflow-graph.ts';
import { ExpressionFailed } from '../expressions/compile-expression.ts';
import type { ExpressionScope } from '../expressions/expression-environment.ts';
import { TemplateFailed } from '../templates/compile-template.ts';
import { toPlainValue, ValueTooLarge } from '../values/bounded-value.ts';
import { approvalIdOf } from './ask-for-budget.ts';
import { collectCandidates, MergeFailed, mergeCandidates } from './merge-candidates.ts';
import type { EvaluateCommand } from './run-command.ts';
import { contextOfOutputs, contextOfStep, type RunContext } from './run-context.ts';
import type { JournalFact, RunError } from './run-fact.ts';
import { type RunState, type StepState, stepOf } from './run-state.ts';

/**
 * Does the work that an `evaluate` command asks for and says what to record. Pure, never throws: what the author's
 * template or expression cannot do becomes the failure of the step. Its time is bounded by the limits of templates and
 * expressions; a shell runs it where it can be killed all the same, and records {@link evaluationFailed} when it was.
 */
export function evaluateCommand(
  command: EvaluateCommand,
  definition: WorkflowDefinition,
  state: RunState,
): JournalFact {
  try {
    return evaluate(command, definition, state);
  } catch (error) {
    return evaluationFailed(command, state, toRunError(error));
  }
}

/** What to record when the work of `command` failed or was killed. */
export function evaluationFailed(command: EvaluateCommand, state: RunState, error: RunError): JournalFact {
  const { stepId, itemIndex } = command;
  if (stepId === undefined) return { type: 'run-failing', retry: state.retries, error };
  const place = { stepId, generation: stepOf(state, stepId).generation };
  return itemIndex === undefined
    ? { type: 'step-failed', ...place, error }
    : { type: 'item-failed', ...place, itemIndex, error };
}

function evaluate(command: EvaluateCommand, definition: WorkflowDefinition, state: RunState): JournalFact {
  const { stepId, itemIndex = 0 } = command;
  if (stepId === undefined) return finishRun(definition, state);
  const step = workflowGraph(definition).steps.get(stepId);
  if (!step) throw new EvaluationImpossible(stepId);
  const current = stepOf(state, stepId);
  const place = { stepId, generation: current.generation };
  const context = contextOfStep(state, definition, stepId);
  switch (step.type) {
    case 'transform':
      return { type: 'step-completed', ...place, output: evaluateBody(step, context, 'workflow') };
    case 'branch':
      return { type: 'step-completed', ...place, ...chooseCase(step, context) };
    case 'map': {
      if (command.what === 'list-items') return { type: 'items-listed', ...place, items: listItems(step, context) };
      if (step.do.type !== 'transform') throw new EvaluationImpossible(stepId);
      const item = current.items?.values[itemIndex];
      const output = evaluateBody(step.do, { ...context, item, index: itemIndex }, 'item');
      return { type: 'item-completed', ...place, itemIndex, output };
    }
    case 'merge': {
      if (step.mode === 'llm') throw new EvaluationImpossible(stepId);
      const result = mergeCandidates(step, collectCandidates(step, state, definition), context);
      return { type: 'step-completed', ...place, ...result, output: toPlainValue(result.output) };
    }
    case 'approval':
      return requestApproval(step, current, context);
    default:
      throw new EvaluationImpossible(stepId);
  }
}

function finishRun(definition: WorkflowDefinition, state: RunState): JournalFact {
  if (!definition.outputs) {
    const { sinks } = workflowGraph(definition);
    const outputs = Object.fromEntries(sinks.map((id) => [id, stepOf(state, id).output ?? null]));
    return { type: 'run-finished', retry: state.retries, outcome: 'completed', outputs };
  }
  const context = contextOfOutputs(state, definition);
  const outputs = Object.entries(definition.outputs).map(([name, source]) => {
    try {
      return [name, evaluateExpression(source, context, 'workflow')];
    } catch (error) {
      const { code, message } = toRunError(error);
      throw new NamedFailure(code, `The output "${name}": ${message}`);
    }
  });
  return { type: 'run-finished', retry: state.retries, outcome: 'completed', outputs: Object.fromEntries(outputs) };
}

type ScopedContext = RunContext & { readonly item?: unknown; readonly index?: number };

function evaluateBody(
  body: Pick<Extract<MapBody, { type: 'transform' }>, 'value' | 'template'>,
  context: ScopedContext,
  scope: ExpressionScope,
): unknown {
  if (body.value !== undefined) return evaluateExpression(body.value, context, scope);
  return renderTemplate(body.template ?? '', context);
}

function chooseCase(step: Extract<WorkflowStep, { type: 'branch' }>, context: RunContext) {
  for (const [index, { when, goTo }] of step.cases.entries()) {
    const holds = evaluateExpression(when, context, 'workflow');
    if (typeof holds !== 'boolean') {
      throw new NamedFailure('EXPRESSION.FAILED', `Case ${index + 1} is neither true nor false.`);
    }
    if (holds) return { chosen: goTo, output: { chosen: goTo, case: index } };
  }
  const goTo = step.default ?? [];
  return { chosen: goTo, output: { chosen: goTo, case: step.cases.length } };
}

function listItems(step: Extract<WorkflowStep, { type: 'map' }>, context: RunContext): readonly unknown[] {
  const list = evaluateExpression(step.over, context, 'workflow');
  if (!Array.isArray(list)) throw new NamedFailure('MAP.NOT_A_LIST', 'A map needs a list, but there is none.');
  const most = step.maxItems ?? defaultMapItems;
  if (list.length <= most) return list;
  throw new NamedFailure('MAP.TOO_MANY_ITEMS', `The list has ${list.length} entries; maxItems allows ${most}.`);
}

function requestApproval(
  step: Extract<WorkflowStep, { type: 'approval' }>,
  current: StepState,
  context: RunContext,
): JournalFact {
  const subject = step.subject === undefined ? undefined : evaluateExpression(step.subject, context, 'workflow');
  return {
    type: 'approval-requested',
    stepId: step.id,
    generation: current.generation,
    approvalId: approvalIdOf(step.id, current),
    kind: 'step',
    message: renderTemplate(step.message, context),
    ...(subject !== undefined && { subject }),
    ...(step.deadlineMs !== undefined && { expiresAtMs: (current.startedAtMs ?? 0) + step.deadlineMs }),
  };
}

function evaluateExpression(source: string, context: ScopedContext, scope: ExpressionScope): unknown {
  const result = cachedExpression(source, scope);
  if (!result.isValid) throw new NamedFailure('EXPRESSION.FAILED', result.problem.message);
  return result.expression.evaluate({ ...context });
}

/** `source` with `context`. Throws {@link TemplateFailed}. */
export function renderTemplate(source: string, context: object): string {
  const result = cachedTemplate(source);
  if (!result.isValid) throw new TemplateFailed(result.problem.message);
  return result.template.render({ ...context });
}

/** A failure with a code of its own. */
class NamedFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

class EvaluationImpossible extends NamedFailure {
  constructor(stepId: string) {
    super('STEP.UNKNOWN', `The workflow has no step "${stepId}" that could do this.`);
  }
}

/** The failure of a template, expression or merge as it is recorded. */
export function toRunError(error: unknown): RunError {
  const message = error instanceof Error ? error.message : 'It failed.';
  if (error instanceof NamedFailure || error instanceof MergeFailed) return { code: error.code, message };
  if (error instanceof TemplateFailed) return { code: 'TEMPLATE.FAILED', message };
  if (error instanceof ExpressionFailed) {
    const code = error.cause instanceof ValueTooLarge ? 'VALUE.TOO_LARGE' : 'EXPRESSION.FAILED';
    return { code, message };
  }
  if (error instanceof ValueTooLarge) return { code: 'VALUE.TOO_LARGE', message };
  return { code: 'STEP.FAILED', message };
}
