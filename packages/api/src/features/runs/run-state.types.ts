import type { RunError, runErrorCodes } from '@switchyard/core/workflows';
import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enums.ts';
import { type RunSource, type RunStateName, runSources, runStates, type StepRecord } from './run-record.ts';

export const RunStateEnum = builder.enumType('RunState', {
  description: 'Where a run stands.',
  values: valuesOf<RunStateName>(
    {
      queued: 'Nobody has begun it yet.',
      running: 'At least one step is at work.',
      waiting: 'Nothing happens before a person decides; see `approvals`.',
      cancelling: 'It was cancelled; its open calls are being stopped.',
      completed: 'All steps that had to be done are done.',
      failed: 'It ended without its outputs; see `error`. It can be retried.',
      cancelled: 'A person stopped it. It can be retried.',
    },
    runStates,
  ),
});

export const RunSourceEnum = builder.enumType('RunSource', {
  description: 'Which way in a run came.',
  values: valuesOf<RunSource>(
    {
      api: 'GraphQL, with an API key.',
      dashboard: 'The dashboard.',
      'openai-compatible': '`workflow:name` as the model of an OpenAI-compatible client.',
      cli: '`switchyard run`.',
      comparison: 'A lane of a comparison.',
      preview: 'One step alone, with sample values.',
      experiment: 'An answer of a test whose variant is a workflow.',
    },
    runSources,
  ),
});

const stepStates = ['pending', 'running', 'waiting', 'completed', 'failed', 'skipped'] as const;

export const StepStateEnum = builder.enumType('StepState', {
  description: 'Where a step of a run stands.',
  values: valuesOf<StepRecord['state']>(
    {
      pending: 'It waits for other steps.',
      running: 'It is at work.',
      waiting: 'It waits for a person.',
      completed: 'It has its output.',
      failed: 'It has none; see `error`.',
      skipped: 'It was not to be done; see `reason`.',
    },
    stepStates,
  ),
});

const stepTypes = ['prompt', 'transform', 'branch', 'map', 'merge', 'approval'] as const;

export const WorkflowStepTypeEnum = builder.enumType('WorkflowStepType', {
  description: 'What a step of a workflow does.',
  values: valuesOf<StepRecord['type']>(
    {
      prompt: 'Asks one model, or several side by side.',
      transform: 'Makes a value of other values.',
      branch: 'Decides where to go on.',
      map: 'Does the same with every entry of a list.',
      merge: 'Makes one answer of several.',
      approval: 'Asks a person.',
    },
    stepTypes,
  ),
});

const remedies: Readonly<Partial<Record<string, string>>> = {
  'RUN.DEADLINE': 'Give the run more time, or make its steps faster.',
  'RUN.TOO_LARGE': 'Pass on less between the steps, or split the work over several runs, then run it anew.',
  'STEP.DEADLINE': 'Raise deadlineMs of the step, or choose a faster model.',
  'STEP.FAILED': 'Look at the step that is named, mend it, and retry from there.',
  'STEP.UNKNOWN': 'Publish the workflow again and rerun it.',
  'TEMPLATE.FAILED': 'Mend the template of the step, publish, and rerun.',
  'EXPRESSION.FAILED': 'Mend the expression of the step, publish, and rerun.',
  'VALUE.TOO_LARGE': 'Pass on less: cut the text or split the list.',
  'EVALUATION.KILLED': 'Make the template or expression simpler: it ran too long.',
  'EVALUATION.UNAVAILABLE': 'The server is short of memory or threads: retry the run in a while.',
  'MAP.NOT_A_LIST': 'Let `over` give a list.',
  'MAP.TOO_MANY_ITEMS': 'Shorten the list, or raise maxItems of the step.',
  'MAP.OUTPUTS_TOO_LARGE': 'Let each entry answer shorter, or split the list over several runs.',
  'MERGE.NO_CANDIDATES': 'Let at least one of the merged steps have an output.',
  'MERGE.NO_MAJORITY': 'Lower minShare, add voters, or let a tie go to the first.',
  'MERGE.SCORE': 'Let `score` give a number for every candidate.',
  'APPROVAL.REJECTED': 'A person declined. Change what was asked for and rerun.',
  'APPROVAL.TIMEOUT': 'Nobody decided in time. Retry from this step.',
  'BUDGET.REFUSED': 'Raise the budget or wait for its next window, then retry.',
  'OUTPUT.INVALID': 'Make the prompt or the schema clearer, or choose a model that can be held to JSON, then retry.',
  'MODEL.NOT_AVAILABLE': 'Look at the health of the model, or add another one to the step, then retry.',
  'ROLE.UNRESOLVED': 'Give the role a model, then retry.',
  'CALL.STOPPED': 'Retry the run: its call was stopped.',
} satisfies Partial<Record<(typeof runErrorCodes)[number], string>>;

/** What to do about a failure of a run or step, in one sentence. */
export function remedyForRunError(code: string): string {
  return remedies[code] ?? 'Look at the attempts of the step, then retry it.';
}

export const RunErrorType = builder.objectRef<RunError>('RunError').implement({
  description: 'Why a run, a step or an entry of a map failed.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable; switch on it: `OUTPUT.INVALID`, `MODEL.RATE_LIMIT`, …' }),
    message: t.exposeString('message', { description: 'For people: names the place.' }),
    remedy: t.string({ description: 'What to do about it.', resolve: ({ code }) => remedyForRunError(code) }),
  }),
});
