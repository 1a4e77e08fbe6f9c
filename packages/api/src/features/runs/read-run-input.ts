import { toStorableText } from '@switchyard/core/kernel';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { parseInput } from '../../parse-input.ts';
import { NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { tagsInput } from '../comparisons/lane-limits-input.ts';
import type { RunSource } from './run-record.ts';
import type { ApprovalDecision, PreviewStepInput, RerunInput, StartRunInput, WantedWorkflow } from './run-service.ts';

const values = z.record(z.string(), z.unknown());
const version = z.int().min(0).nullish();
const stepId = z.string().min(1).max(64);
const comment = z.string().trim().max(2_000).nullish();
const mostSteps = 1_000;
const longestDeadlineSeconds = 90 * 24 * 60 * 60;

const workflowFields = { workflow: z.string().min(1).max(64).nullish(), workflowId: z.string().nullish() };

const pinned = z
  .array(z.object({ stepId, output: z.unknown().optional(), modelOutputs: z.record(z.string(), values).nullish() }))
  .max(mostSteps)
  .nullish();

/** What an app calls a user or session of its own; blank is none. */
export const unitName = z
  .string()
  .trim()
  .max(256)
  .nullish()
  .transform((name) => (name ? toStorableText(name) : undefined));

const startInput = z.object({
  ...workflowFields,
  version,
  inputs: values.nullish(),
  tags: tagsInput,
  deadlineSeconds: z.int().min(1).max(longestDeadlineSeconds).nullish(),
  pinned,
  source: z.enum(['api', 'dashboard', 'cli'], { error: () => 'Give API, DASHBOARD or CLI.' }).nullish(),
  subject: unitName,
  session: unitName,
  idempotencyKey: idempotencyKeyInput,
});

const previewInput = z.object({
  ...workflowFields,
  definition: z.unknown().optional(),
  version,
  stepId,
  inputs: values.nullish(),
  outputs: pinned,
  idempotencyKey: idempotencyKeyInput,
});

const rerunInput = z.object({
  changes: z
    .object({
      inputs: values.nullish(),
      models: z
        .array(z.object({ stepId, models: z.array(z.string().min(1).max(200)).min(1).max(16) }))
        .max(mostSteps)
        .nullish(),
      pinned,
      fromStepIds: z.array(stepId).max(mostSteps).nullish(),
      isWhole: z.boolean().nullish(),
      version,
      tags: tagsInput,
    })
    .nullish(),
  idempotencyKey: idempotencyKeyInput,
});

const retryInput = z.object({ fromStepId: stepId.nullish(), idempotencyKey: idempotencyKeyInput });

const decisionInput = z.object({ approvalId: z.string().min(1).max(200), comment, value: z.unknown().optional() });

/** What starts a run of whoever asks when they do not say. */
export const sourceOf = ({ apiKeyId }: Identity): RunSource => (apiKeyId === undefined ? 'dashboard' : 'api');

/** Reads what a client wants to start; throws `ValidationFailure`, and `NotFoundFailure` for an id of another kind. */
export function readStartInput(identity: Identity, rawInput: unknown): StartRunInput {
  const given = parseInput(startInput, rawInput);
  return {
    workflow: readWorkflow(given),
    ...(given.version != null && { version: given.version }),
    inputs: given.inputs ?? {},
    ...(given.tags.length > 0 && { tags: given.tags }),
    ...(given.deadlineSeconds != null && { deadlineMs: given.deadlineSeconds * 1_000 }),
    ...(given.pinned && { pinned: byStep(given.pinned, ['input', 'pinned']) }),
    source: given.source ?? sourceOf(identity),
    ...(given.subject !== undefined && { subject: given.subject }),
    ...(given.session !== undefined && { session: given.session }),
    ...key(given),
  };
}

/** Reads which step a client wants to try, as {@link readStartInput} does. */
export function readPreviewInput(rawInput: unknown): PreviewStepInput {
  const given = parseInput(previewInput, rawInput);
  const hasDefinition = given.definition !== undefined && given.definition !== null;
  if (hasDefinition && (given.workflow != null || given.workflowId != null)) throw oneWorkflow();
  return {
    workflow: hasDefinition ? { definition: given.definition } : readWorkflow(given),
    ...(given.version != null && { version: given.version }),
    stepId: given.stepId,
    inputs: given.inputs ?? {},
    ...(given.outputs && { outputs: byStep(given.outputs, ['input', 'outputs']) }),
    ...key(given),
  };
}

/** Reads what is to be different in a rerun, as {@link readStartInput} does. */
export function readRerunInput(identity: Identity, runId: string, rawInput: unknown): RerunInput {
  const given = parseInput(rerunInput, rawInput);
  const { inputs, models, pinned: outputs, fromStepIds, isWhole, version: other, tags } = given.changes ?? {};
  return {
    runId,
    ...(inputs && { inputs }),
    ...(models && {
      models: Object.fromEntries(models.map(({ stepId: step, models: names }) => [step, names] as const)),
    }),
    ...(outputs && { pinned: byStep(outputs, ['input', 'changes', 'pinned']) }),
    ...(fromStepIds && { fromStepIds }),
    ...(isWhole && { isWhole }),
    ...(other != null && { version: other }),
    ...(tags && tags.length > 0 && { tags }),
    source: sourceOf(identity),
    ...key(given),
  };
}

/** Reads how a run is to go on. */
export function readRetryInput(runId: string, rawInput: unknown) {
  const given = parseInput(retryInput, rawInput);
  return { runId, ...(given.fromStepId != null && { fromStepId: given.fromStepId }), ...key(given) };
}

/** Reads what somebody says to what a run asks. */
export function readDecision(runId: string, isApproved: boolean, rawInput: unknown): ApprovalDecision {
  const given = parseInput(decisionInput, rawInput);
  refuseLarge(given.value, ['input', 'value']);
  return {
    runId,
    approvalId: given.approvalId,
    isApproved,
    ...(given.comment && { comment: given.comment }),
    ...(given.value !== undefined && given.value !== null && { value: given.value }),
  };
}

/** The raw id of a run in the input; throws `NotFoundFailure` for the id of something else. */
export function readRunId(input: { readonly runId: string }): string {
  const id = decodeId(input.runId, 'Run');
  if (id === undefined) throw new NotFoundFailure('run', ['input', 'runId']);
  return id;
}

function readWorkflow({
  workflow: name,
  workflowId,
}: {
  readonly workflow?: string | null | undefined;
  readonly workflowId?: string | null | undefined;
}): WantedWorkflow {
  if ((name == null) === (workflowId == null)) throw oneWorkflow();
  if (name != null) return { name };
  const id = decodeId(workflowId ?? '', 'Workflow');
  if (id === undefined) throw new NotFoundFailure('workflow', ['input', 'workflowId']);
  return { workflowId: id };
}

function oneWorkflow(): ValidationFailure {
  const message = 'Name one workflow: exactly one of workflow and workflowId (a preview also takes definition).';
  return new ValidationFailure([{ path: ['input', 'workflow'], message, code: 'custom' }]);
}

function key({ idempotencyKey }: { readonly idempotencyKey?: string | undefined }) {
  return idempotencyKey === undefined ? {} : { idempotencyKey };
}

/** Characters, as of the inputs of a run: it is read whenever the run is. */
const largestGiven = 5_000_000;

function refuseLarge(value: unknown, path: readonly string[]): void {
  if (value === undefined || JSON.stringify(value).length <= largestGiven) return;
  const message = `What is given has more than ${largestGiven} characters as JSON.`;
  throw new ValidationFailure([{ path, message, code: 'too_big' }]);
}

type Pinned = NonNullable<z.output<typeof pinned>>;

function byStep(outputs: Pinned, path: readonly string[]): NonNullable<RerunInput['pinned']> {
  const twice = outputs.findIndex(({ stepId: id }, index) => outputs.slice(0, index).some((o) => o.stepId === id));
  if (twice >= 0) {
    const message = `The step "${outputs[twice]?.stepId}" stands twice in the list.`;
    throw new ValidationFailure([{ path: [...path, String(twice), 'stepId'], message, code: 'custom' }]);
  }
  refuseLarge(outputs, path);
  return Object.fromEntries(
    outputs.map(({ stepId: id, output, modelOutputs }) => [
      id,
      { output: output ?? null, ...(modelOutputs && { modelOutputs }) },
    ]),
  );
}
