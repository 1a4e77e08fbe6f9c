import { type WorkflowDefinition, workflowGraph } from '@switchyard/core/workflows';
import { ValidationFailure } from '../../user-errors.ts';

/** Where the answer of a chat comes from. */
export interface AnswerSource {
  /** The step whose text is the answer, so that it can be streamed as it is written; undefined when it is made of more. */
  readonly streamedStepId: string | undefined;
  /** The answer from the outputs of a run that has completed. */
  readonly read: (outputs: Readonly<Record<string, unknown>>) => string;
}

/** Where several outputs are declared, this one is the answer. */
const answerOutput = 'answer';

/**
 * Which output of a workflow is the answer of a chat: `wanted`, else the only one, else the one called `answer`, else all of
 * them as JSON. Text stays text, everything else is JSON. Throws `ValidationFailure` when there is no output `wanted`.
 */
export function findAnswerSource(definition: WorkflowDefinition, wanted: string | undefined): AnswerSource {
  const declared = definition.outputs ?? sinkOutputs(definition);
  const names = Object.keys(declared);
  if (wanted !== undefined && !Object.hasOwn(declared, wanted)) {
    const message = `The workflow "${definition.name}" has no output "${wanted}". It has: ${names.join(', ') || 'none'}.`;
    throw new ValidationFailure([{ path: ['model'], message, code: 'custom' }]);
  }
  const name = wanted ?? (names.length === 1 ? names[0] : names.find((each) => each === answerOutput));
  if (name === undefined) return { streamedStepId: undefined, read: toText };
  const source = declared[name] ?? '';
  return { streamedStepId: streamedStep(definition, source), read: (outputs) => toText(outputs[name] ?? null) };
}

/** Without declared outputs those of all steps that nothing depends on stand under their ids. */
function sinkOutputs(definition: WorkflowDefinition): Readonly<Record<string, string>> {
  return Object.fromEntries(workflowGraph(definition).sinks.map((id) => [id, `steps.${id}.output`]));
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null, undefined, 2);
}

const plainOutput = /^\s*steps\.([A-Za-z][A-Za-z0-9_]*)\.output\s*$/;

/** The step whose one answer, as text, is the value of `source`; undefined when it is anything else. */
function streamedStep(definition: WorkflowDefinition, source: string): string | undefined {
  const [, id] = plainOutput.exec(source) ?? [];
  const step = definition.steps.find((each) => each.id === id);
  if (!step) return undefined;
  const isAnswer = step.type === 'prompt' || (step.type === 'merge' && step.mode === 'llm');
  if (!isAnswer || step.output?.format === 'json') return undefined;
  return step.strategy === 'parallel' && (step.models?.length ?? 0) > 1 ? undefined : step.id;
}
