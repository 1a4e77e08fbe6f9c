import { builder } from '../../graphql/builder.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { InvalidWorkflowFailure } from '../workflows/invalid-workflow.ts';
import {
  readDecision,
  readPreviewInput,
  readRerunInput,
  readRetryInput,
  readRunId,
  readStartInput,
} from './read-run-input.ts';
import {
  ApproveStepInput,
  DeclineStepInput,
  PreviewStepInput,
  RerunWorkflowInput,
  RetryRunInput,
  RunIdInput,
  StartRunInput,
} from './run.inputs.ts';
import { RunType } from './run.types.ts';
import type { RunRecord } from './run-record.ts';

/** A success type that holds the run as it now is. */
const runSuccess = (name: string, description: string) =>
  builder.objectRef<RunRecord>(name).implement({
    description,
    fields: (t) => ({ run: t.field({ type: RunType, description: 'The run as it now is.', resolve: (run) => run }) }),
  });

const StartRunSuccess = runSuccess('StartRunSuccess', 'The run is stored and begins; subscribe to `runEvents`.');
const PreviewStepSuccess = runSuccess('PreviewStepSuccess', 'The step is being tried; subscribe to `runEvents`.');
const RerunWorkflowSuccess = runSuccess('RerunWorkflowSuccess', 'A new run begins; subscribe to `runEvents`.');
const RetryRunSuccess = runSuccess('RetryRunSuccess', 'The run goes on; its events count on.');
const CancelRunSuccess = runSuccess('CancelRunSuccess', 'The run ends as soon as its open calls are stopped.');
const ApproveStepSuccess = runSuccess('ApproveStepSuccess', 'The run goes on.');
const DeclineStepSuccess = runSuccess('DeclineStepSuccess', 'The run goes on as the step says for a no.');
const DeleteRunSuccess = builder.objectRef<{ readonly deletedId: string }>('DeleteRunSuccess').implement({
  description: 'The run is gone, with its events; what it cost stays on record.',
  fields: (t) => ({ deletedId: t.exposeID('deletedId', { description: 'The id it had.' }) }),
});

const changing = [ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure] as const;
const starting = [InvalidWorkflowFailure, ...changing, IdempotencyFailure] as const;

builder.mutationFields((t) => ({
  startRun: t.field({
    type: StartRunSuccess,
    description: 'Runs a workflow. Returns as soon as that is durable. Costs model money.',
    complexity: { field: 10, multiplier: 1 },
    errors: outcomes('StartRunResult', ...starting),
    args: { input: t.arg({ type: StartRunInput, required: true, description: 'What to run.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      services.runs.start(identity, readStartInput(identity, input)),
  }),
  previewStep: t.field({
    type: PreviewStepSuccess,
    description:
      'Tries one step with sample values, by the same engine and against the same limits. Costs model money.',
    complexity: { field: 10, multiplier: 1 },
    errors: outcomes('PreviewStepResult', ...starting),
    args: { input: t.arg({ type: PreviewStepInput, required: true, description: 'What to try.' }) },
    resolve: (_root, { input }, { services, identity }) => services.runs.preview(identity, readPreviewInput(input)),
  }),
  rerunWorkflow: t.field({
    type: RerunWorkflowSuccess,
    description:
      'A new run of what an earlier one carried out, with changes. Counts against the same limits. Costs model money.',
    complexity: { field: 10, multiplier: 1 },
    errors: outcomes('RerunWorkflowResult', ...starting),
    args: { input: t.arg({ type: RerunWorkflowInput, required: true, description: 'What to repeat.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      services.runs.rerun(identity, readRerunInput(identity, readRunId(input), input)),
  }),
  retryRun: t.field({
    type: RetryRunSuccess,
    description: 'Lets a run that is over go on, keeping every call that succeeded. Costs model money.',
    errors: outcomes('RetryRunResult', ...changing, IdempotencyFailure),
    args: { input: t.arg({ type: RetryRunInput, required: true, description: 'Which run, from where.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      services.runs.retry(identity, readRetryInput(readRunId(input), input)),
  }),
  cancelRun: t.field({
    type: CancelRunSuccess,
    description: 'Stops a run; what was used until then is charged. Of a run that is over nothing changes.',
    errors: outcomes('CancelRunResult', ...changing),
    args: { input: t.arg({ type: RunIdInput, required: true, description: 'What to stop.' }) },
    resolve: (_root, { input }, { services, identity }) => services.runs.cancel(identity, readRunId(input)),
  }),
  approveStep: t.field({
    type: ApproveStepSuccess,
    description: 'Says yes to what a run asks. `approvers` of the approval says who may; for a budget admins.',
    errors: outcomes('ApproveStepResult', ...changing),
    args: { input: t.arg({ type: ApproveStepInput, required: true, description: 'To what.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      services.runs.decideApproval(identity, readDecision(readRunId(input), true, input)),
  }),
  declineStep: t.field({
    type: DeclineStepSuccess,
    description: 'Says no to what a run asks. `approvers` of the approval says who may; for a budget admins.',
    errors: outcomes('DeclineStepResult', ...changing),
    args: { input: t.arg({ type: DeclineStepInput, required: true, description: 'To what.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      services.runs.decideApproval(identity, readDecision(readRunId(input), false, input)),
  }),
  deleteRun: t.field({
    type: DeleteRunSuccess,
    description: 'Deletes a run that is over. The records of its calls stay: they are the bill.',
    errors: outcomes('DeleteRunResult', ...changing),
    args: { input: t.arg({ type: RunIdInput, required: true, description: 'What to delete.' }) },
    resolve: async (_root, { input }, { services, identity }) => {
      await services.runs.delete(identity, readRunId(input));
      return { deletedId: input.runId };
    },
  }),
}));
