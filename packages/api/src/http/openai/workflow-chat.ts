import type { CallWarning } from '@switchyard/core/spec';
import { z } from 'zod';
import type { ChatRequest } from '../../features/completions/decode-chat-request.ts';
import { type AnswerSource, findAnswerSource } from '../../features/runs/chat-answer.ts';
import { readChatInputs } from '../../features/runs/chat-inputs.ts';
import { unitName } from '../../features/runs/read-run-input.ts';
import type { RunRecord } from '../../features/runs/run-record.ts';
import type { WorkflowReference } from '../../features/runs/workflow-reference.ts';
import { findPublished } from '../../features/workflows/find-workflow.ts';
import { NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import type { OpenAiExchange } from './openai-exchange.ts';

/** A run that answers a chat. */
export interface WorkflowChat {
  readonly run: RunRecord;
  readonly answer: AnswerSource;
  readonly warnings: readonly CallWarning[];
  /** The client named the request so that it can come back for its answer: the run outlives the connection. */
  readonly isKept: boolean;
}

const extension = z.object({
  switchyard: z.object({ inputs: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

/** Whom the chat is for: the standard field `user`, and `switchyard.session`. */
const unit = z.object({
  user: unitName.catch(undefined),
  switchyard: z
    .object({ session: unitName.catch(undefined) })
    .nullish()
    .catch(undefined),
});

const longestKey = 200;

/**
 * Starts the run of a chat whose model is a workflow. Throws the failures of `RunService.start`, and
 * `ValidationFailure` for what a workflow cannot do or cannot be told.
 */
export async function startWorkflowChat(
  exchange: OpenAiExchange,
  reference: WorkflowReference,
  chat: ChatRequest,
  body: unknown,
): Promise<WorkflowChat> {
  const { services, identity } = exchange;
  refuseWhatChangesTheAnswer(chat);
  const published = await findPublished(services, identity.teamId, reference.name);
  if (!published) throw new NotFoundFailure(`workflow "${reference.name}" in force`, ['model']);
  const { definition, version } = published;
  const wanted = findAnswerSource(definition, reference.output);
  const given = extension.safeParse(body).data?.switchyard?.inputs ?? undefined;
  const { inputs, warnings } = readChatInputs(definition, chat.call, given);
  const { user: subject, switchyard } = unit.safeParse(body).data ?? {};
  const session = switchyard?.session;
  const idempotencyKey = readIdempotencyKey(exchange);
  const run = await services.runs.start(identity, {
    workflow: { name: reference.name },
    inputs,
    ...(chat.tags.length > 0 && { tags: chat.tags }),
    source: 'openai-compatible',
    ...(subject !== undefined && { subject }),
    ...(session !== undefined && { session }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  });
  // A repeated request gets the run that it began, whatever was published since.
  const own = run.workflowVersion === version ? undefined : await services.runs.definition(identity.teamId, run.id);
  const answer = own ? findAnswerSource(own, reference.output) : wanted;
  return { run, answer, warnings, isKept: idempotencyKey !== undefined };
}

function refuseWhatChangesTheAnswer({ call }: ChatRequest): void {
  const refuse = (field: string, message: string): never => {
    throw new ValidationFailure([{ path: [field], message, code: 'custom' }]);
  };
  if (call.tools && call.tools.length > 0)
    refuse('tools', 'A workflow does not call tools of its client: leave them out.');
  if (call.output !== undefined && call.output.type !== 'text') {
    refuse('response_format', 'The form of the answer is what the workflow says: leave response_format out.');
  }
}

function readIdempotencyKey({ request }: OpenAiExchange): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined || header === '') return undefined;
  const key = Array.isArray(header) ? header.join(',') : header;
  if (key.length <= longestKey) return key;
  const message = `Idempotency-Key has at most ${longestKey} characters.`;
  throw new ValidationFailure([{ path: ['Idempotency-Key'], message, code: 'too_big' }]);
}
