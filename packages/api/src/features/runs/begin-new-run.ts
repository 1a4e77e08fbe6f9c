import { createHash } from 'node:crypto';
import { beginRun, type GivenOutput, type RunEvent, type WorkflowDefinition } from '@switchyard/core/workflows';
import type { Identity } from '../../auth/identity.ts';
import { ConflictFailure, IdempotencyFailure, ValidationFailure } from '../../user-errors.ts';
import { toRunRecord } from './run.repository.ts';
import { toDefinitionText } from './run-definitions.ts';
import type { RunParts } from './run-parts.ts';
import { isLiveTraffic, type RunRecord, type RunSource } from './run-record.ts';

/** A team's runs that have not ended; more are nobody's honest work. */
const mostActive = 10_000;

/** A run that is to be begun, with everything looked up. */
export interface WantedRun {
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowVersion: number | undefined;
  readonly definition: WorkflowDefinition;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly given?: Readonly<Record<string, GivenOutput>>;
  readonly tags: readonly string[];
  readonly source: RunSource;
  readonly previewStepId?: string;
  readonly rerunOfId?: string;
  readonly subject?: string | undefined;
  readonly session?: string | undefined;
  readonly experimentId?: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/**
 * What was asked for, before anything was looked up: a repeated call gives the run that the first one made, whatever has
 * become of the workflow since. Throws `IdempotencyFailure` when the key was used for something else.
 */
export async function findRepeated(
  { runs }: RunParts,
  { teamId }: Identity,
  idempotencyKey: string | undefined,
  requestHash: string,
): Promise<RunRecord | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const row = await runs.findByKey(teamId, idempotencyKey);
  if (!row) return undefined;
  if (row.requestHash === requestHash) return toRunRecord(row);
  throw new IdempotencyFailure(
    'IDEMPOTENCY.CONFLICT',
    'This idempotency key was used with another input. Use a new key for a new request.',
    ['input', 'idempotencyKey'],
  );
}

/** Tells a repeated call from another one with the same key. Throws `ValidationFailure` for what cannot be written as JSON. */
export function hashRequest(operation: string, request: object): string {
  const { idempotencyKey: _key, ...rest } = request as { readonly idempotencyKey?: string };
  return createHash('sha256')
    .update(toText([operation, rest]))
    .digest('base64url');
}

function toText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = 'The input is nested too deeply or too large.';
    throw new ValidationFailure([{ path: ['input'], message, code: 'too_deep' }]);
  }
}

/**
 * Stores a run and gives it to the engine of this process, or to whoever looks for due runs first. Throws
 * `ValidationFailure` for wrong inputs and `ConflictFailure` when the team has far too many runs.
 */
export async function beginNewRun(
  parts: RunParts,
  identity: Identity,
  wanted: WantedRun,
  requestHash: string,
): Promise<RunRecord> {
  const { clock, ids, runs, engine, definitions, pool, instanceId, leaseMs } = parts;
  const { teamId, userId, apiKeyId } = identity;
  pool.warm();
  const nowMs = clock.nowMs();
  const id = ids.next('run');
  const beginning = beginRun(id, wanted.definition, wanted.inputs, nowMs, wanted.given);
  if (!beginning.isReady) {
    const issues = beginning.problems.map(({ path, message }) => ({
      path: ['input', 'inputs', ...path.filter((name) => name !== '')],
      code: 'invalid',
      message,
    }));
    throw new ValidationFailure(issues);
  }
  if ((await runs.countActive(teamId)) >= mostActive) {
    const message = `A team has at most ${mostActive} runs that have not ended. Cancel some, or wait.`;
    throw new ConflictFailure('RUNS.TOO_MANY', message, ['input']);
  }
  const first: RunEvent = { ...beginning.fact, seq: 1, atMs: nowMs };
  const text = toDefinitionText(wanted.definition);
  const isOwn = engine.hasRoomFor(teamId);
  const sinceMs = clock.monotonicMs();
  const isCreated = await runs.create(
    {
      id,
      teamId,
      workflowId: wanted.workflowId,
      workflowName: wanted.workflowName,
      workflowTitle: wanted.definition.title ?? null,
      workflowVersion: wanted.workflowVersion ?? null,
      definition: text,
      source: wanted.source,
      previewStepId: wanted.previewStepId ?? null,
      state: isOwn ? 'running' : 'queued',
      inputs: JSON.stringify(beginning.fact.inputs),
      tags: [...wanted.tags],
      startedById: userId ?? null,
      apiKeyId: apiKeyId ?? null,
      rerunOfId: wanted.rerunOfId ?? null,
      subject: wanted.subject ?? null,
      session: wanted.session ?? null,
      experimentId: wanted.experimentId ?? null,
      idempotencyKey: wanted.idempotencyKey ?? null,
      requestHash: wanted.idempotencyKey === undefined ? null : requestHash,
      stepCount: wanted.definition.steps.length,
      wakeAt: new Date(nowMs),
      deadlineAt: new Date(beginning.fact.deadlineAtMs),
      createdAt: new Date(nowMs),
      ...(isOwn && { leaseToken: 1, ownerId: instanceId }),
    },
    first,
    isOwn ? leaseMs : undefined,
  );
  if (!isCreated) {
    const repeated = await findRepeated(parts, identity, wanted.idempotencyKey, requestHash);
    if (repeated) return repeated;
    throw new ConflictFailure('RUNS.TOO_MANY', 'The run could not be stored. Try again.', ['input']);
  }
  const { subject, session, source, rerunOfId } = wanted;
  const isTraffic = isLiveTraffic({ source, rerunOfId });
  const isPatient = source === 'experiment';
  const caller = { userId, apiKeyId, subject, session, isTraffic, isPatient };
  const run = { runId: id, teamId, workflowName: wanted.workflowName, tags: wanted.tags, ...caller };
  if (isOwn) engine.adopt(run, 1, definitions.read(text), [first], sinceMs);
  else engine.nudge(id);
  const record = await runs.find(teamId, id);
  if (!record) throw new ConflictFailure('RUNS.ENDED', 'The run was deleted meanwhile.', ['input']);
  return record;
}
