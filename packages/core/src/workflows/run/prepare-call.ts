import type { DeliveryMode } from '../../dispatch/index.ts';
import { type CallParameters, mergeParameters } from '../../roles/index.ts';
import type { Strategy } from '../../routing/index.ts';
import type { ModelMessage, OutputFormat } from '../../spec/index.ts';
import { type CallSpec, callSpecOf, type WorkflowDefinition } from '../definition/workflow-definition.ts';
import { workflowGraph } from '../definition/workflow-graph.ts';
import { entryAt } from './chunked-list.ts';
import { renderTemplate, toRunError } from './evaluate-command.ts';
import { collectCandidates } from './merge-candidates.ts';
import { contextOfStep } from './run-context.ts';
import type { RunError } from './run-fact.ts';
import { type OpenCall, type RunState, type SlotState, stepOf } from './run-state.ts';

/** One model that may answer a prepared call, in the step's words. */
export interface PreparedModel {
  /** `provider/model`, an alias, a chain or `role:name`. */
  readonly model: string;
  readonly parameters: CallParameters;
  readonly guardrails: NonNullable<NonNullable<CallSpec['models']>[number]['guardrails']>;
  readonly routingWeight?: number;
}

/** Everything that a caller of models needs to make one call of a run. Plain data, no secrets. */
export interface PreparedCall {
  readonly call: OpenCall;
  /** Either a role, whose models are looked up now, or models in order. */
  readonly role?: string;
  readonly models: readonly PreparedModel[];
  /** `manual` when one model was picked out of a parallel step. */
  readonly strategy: Strategy;
  /** Of the step; those of a model stand with the model and win. */
  readonly parameters: CallParameters;
  readonly delivery?: DeliveryMode;
  readonly retry: NonNullable<CallSpec['retry']>;
  readonly deadlines: NonNullable<CallSpec['deadlines']>;
  readonly needs: NonNullable<CallSpec['needs']>;
  readonly ratingShare: number;
  readonly tags: readonly string[];
  /** As the step promises it, for reading the answer with `readOutput`. */
  readonly output: CallSpec['output'];
  /** The same for the vendor. */
  readonly format: OutputFormat;
  readonly system?: string;
  readonly messages: readonly ModelMessage[];
}

export type Preparation =
  | { readonly isReady: true; readonly prepared: PreparedCall }
  | { readonly isReady: false; readonly error: RunError };

/**
 * Renders the prompt of a call that has begun. Pure; the same state gives the same prompt. What a template cannot do is an
 * error to be recorded as `call-failed` without anybody being asked.
 */
export function prepareCall(call: OpenCall, definition: WorkflowDefinition, state: RunState): Preparation {
  const step = workflowGraph(definition).steps.get(call.stepId);
  const spec = step && callSpecOf(step);
  if (!step || !spec) {
    const message = `The workflow has no step "${call.stepId}" that asks models.`;
    return { isReady: false, error: { code: 'STEP.UNKNOWN', message } };
  }
  const current = stepOf(state, call.stepId);
  const candidates = step.type === 'merge' ? collectCandidates(step, state, definition) : undefined;
  if (candidates?.length === 0) {
    const message = 'None of the steps to merge has an output.';
    return { isReady: false, error: { code: 'MERGE.NO_CANDIDATES', message } };
  }
  const { itemIndex } = call;
  const item = itemIndex === undefined ? undefined : current.items && entryAt(current.items.states, itemIndex);
  const context = {
    ...contextOfStep(state, definition, call.stepId),
    ...(candidates && { candidates }),
    ...(itemIndex !== undefined && { item: current.items?.values[itemIndex], index: itemIndex }),
  };
  const slot = (itemIndex === undefined ? current.slots : (item?.slots ?? []))[call.slot];
  try {
    const system = spec.system === undefined ? undefined : renderTemplate(spec.system, context);
    const prompt = renderTemplate(spec.prompt, context);
    return { isReady: true, prepared: assemble(call, spec, system, messagesOf(call, prompt, slot)) };
  } catch (error) {
    return { isReady: false, error: toRunError(error) };
  }
}

function messagesOf(call: OpenCall, prompt: string, slot: SlotState | undefined): readonly ModelMessage[] {
  const question: ModelMessage = { role: 'user', content: [{ type: 'text', text: prompt }] };
  const wrong = slot?.answer;
  if (call.purpose === 'answer' || wrong?.outputProblem === undefined) return [question];
  const complaint = `Your answer cannot be used: ${wrong.outputProblem} Answer again with nothing but the JSON that was asked for.`;
  return [
    question,
    { role: 'assistant', content: [{ type: 'text', text: wrong.text }] },
    { role: 'user', content: [{ type: 'text', text: complaint }] },
  ];
}

function assemble(
  call: OpenCall,
  spec: CallSpec,
  system: string | undefined,
  messages: readonly ModelMessage[],
): PreparedCall {
  const all = spec.models ?? [];
  const isParallel = spec.strategy === 'parallel';
  const models = (isParallel ? all.slice(call.slot, call.slot + 1) : all).map(
    ({ model, parameters, guardrails, routingWeight }) => ({
      model,
      parameters: mergeParameters(parameters as CallParameters | undefined),
      guardrails: guardrails ?? {},
      ...(routingWeight !== undefined && { routingWeight }),
    }),
  );
  return {
    call,
    ...(spec.role !== undefined && { role: spec.role }),
    models,
    strategy: isParallel ? 'manual' : (spec.strategy ?? 'manual'),
    parameters: mergeParameters(spec.parameters as CallParameters | undefined),
    ...(spec.delivery && { delivery: spec.delivery }),
    retry: spec.retry ?? {},
    deadlines: spec.deadlines ?? {},
    needs: spec.needs ?? {},
    ratingShare: spec.ratingShare ?? 0,
    tags: spec.tags ?? [],
    output: spec.output,
    format: formatOf(spec.output),
    ...(system !== undefined && { system }),
    messages,
  };
}

function formatOf(output: CallSpec['output']): OutputFormat {
  if (output?.format !== 'json') return { type: 'text' };
  const { schema, name } = output;
  return { type: 'json', ...(schema && { schema }), ...(name !== undefined && { name }) };
}
