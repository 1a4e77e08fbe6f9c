import { type ProviderErrorKind, providerErrorKinds } from '@switchyard/core/spec';
import type { RunError } from '@switchyard/core/workflows';
import { InvalidWorkflowFailure } from '../../features/workflows/invalid-workflow.ts';
import { ConflictFailure, ForbiddenFailure, IdempotencyFailure, NotFoundFailure } from '../../user-errors.ts';
import { formOf, type OpenAiFailure } from './openai-failure.ts';

/** Official clients ask again by themselves after many failures; a workflow is paid for each time. */
const noRetry = { 'x-should-retry': 'false' } as const;

const kinds: ReadonlyMap<string, ProviderErrorKind> = new Map([
  ...providerErrorKinds.map((kind) => [`MODEL.${kind.toUpperCase().replaceAll('-', '_')}`, kind] as const),
  ['BUDGET.REFUSED', 'budget'] as const,
  ['RUN.DEADLINE', 'timeout'] as const,
  ['STEP.DEADLINE', 'timeout'] as const,
  ['OUTPUT.INVALID', 'invalid-response'] as const,
]);

/** A run that failed. `runId` is its global id, by which it can be looked at and retried. */
export function fromRunError(error: RunError | undefined, runId: string): OpenAiFailure {
  const kind = error && kinds.get(error.code);
  const form = kind ? formOf(kind) : ({ status: 502, type: 'server_error', code: 'workflow_failed' } as const);
  const message = `${error?.message ?? 'The run failed.'} Run: ${runId}.`;
  return { ...form, message, headers: noRetry };
}

/** A run that cannot go on before a person has decided. */
export function waitsForApproval(message: string, runId: string): OpenAiFailure {
  return {
    status: 409,
    type: 'invalid_request_error',
    code: 'approval_required',
    message: `The workflow waits for a person: ${message} It goes on when that is decided; its result is with the run ${runId}.`,
    headers: noRetry,
  };
}

export function runCancelled(runId: string): OpenAiFailure {
  const message = `The run ${runId} was cancelled.`;
  return { status: 503, type: 'server_error', code: 'cancelled', message, headers: noRetry };
}

/** The server stops; the run goes on elsewhere or later. */
export function runInterrupted(runId: string): OpenAiFailure {
  const message = `The server is being stopped. The run ${runId} goes on when it is back.`;
  return { status: 503, type: 'server_error', code: 'server_stopping', message, headers: noRetry };
}

/** What was sent is no part of the answer any more, and this format cannot take it back. */
export function answerRestarted(runId: string): OpenAiFailure {
  const message = `The answer broke off and was written anew, which a stream cannot take back. The whole answer will be with the run ${runId}; without stream it would have been sent.`;
  return { status: 502, type: 'server_error', code: 'answer_restarted', message, headers: noRetry };
}

/** Why a run could not be started; undefined for what is not particular to runs. */
export function fromStartFailure(thrown: unknown): OpenAiFailure | undefined {
  const refused = (status: number, code: string, message: string): OpenAiFailure => ({
    status,
    type: 'invalid_request_error',
    code,
    message,
    param: 'model',
    headers: noRetry,
  });
  if (thrown instanceof NotFoundFailure) return refused(404, 'model_not_found', thrown.message);
  if (thrown instanceof InvalidWorkflowFailure) return refused(409, 'workflow_invalid', thrown.message);
  if (thrown instanceof ForbiddenFailure) return refused(403, 'insufficient_permissions', thrown.message);
  if (thrown instanceof IdempotencyFailure) return refused(409, 'idempotency_conflict', thrown.message);
  if (!(thrown instanceof ConflictFailure)) return undefined;
  if (thrown.code === 'WORKFLOWS.NOT_PUBLISHED') return refused(404, 'model_not_found', thrown.message);
  if (thrown.code === 'RUNS.TOO_MANY') {
    return { status: 429, type: 'rate_limit_error', code: 'too_many_runs', message: thrown.message };
  }
  return refused(409, 'conflict', thrown.message);
}
