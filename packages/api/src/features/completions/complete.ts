import type { ChainEvent } from '@switchyard/core/dispatch';
import { addToTimeline, type TimelineEntry } from '@switchyard/core/events';
import { toStorable } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import type {
  CallWarning,
  CollectedToolCall,
  JsonSchema,
  ModelCall,
  ModelMessage,
  StreamPart,
} from '@switchyard/core/spec';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ModelCallFailure } from '../../user-errors.ts';
import {
  idempotencyKeyInput,
  imagesInput,
  maxPromptCharacters,
  parametersInput,
  promptInput,
  systemPromptInput,
  toCallSettings,
} from '../comparisons/generation-input.ts';
import {
  fallbacksInput,
  modelLimitsInput,
  modelNameInput,
  tagsInput,
  toStoredLimits,
} from '../comparisons/lane-limits-input.ts';
import { toBudgetExceeded } from '../guardrails/budget-exceeded.ts';
import { automaticName } from '../routing/automatic-name.ts';
import { callContextInput, toCallAttributes } from '../routing/call-attributes.ts';
import { sumCosts } from '../routing/model-dispatcher.ts';
import { toRetryHintMs } from '../routing/retry-hint.ts';
import { routeCall } from '../routing/route-call.ts';
import { toTimelineEntry } from '../routing/to-timeline-entry.ts';

const messageInput = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.string().max(maxPromptCharacters),
  images: imagesInput,
});

const input = z
  .object({
    model: modelNameInput.nullish().transform((name) => name ?? automaticName),
    limits: modelLimitsInput.nullish(),
    fallbacks: fallbacksInput,
    tags: tagsInput,
    prompt: promptInput.nullish(),
    messages: z.array(messageInput).min(1).max(1_000).nullish(),
    system: systemPromptInput,
    images: imagesInput,
    parameters: parametersInput,
    jsonOutput: z
      .object({ schema: z.record(z.string(), z.unknown()).nullish(), name: z.string().min(1).max(64).nullish() })
      .nullish(),
    context: callContextInput,
    idempotencyKey: idempotencyKeyInput,
  })
  .refine((value) => (value.prompt == null) !== (value.messages == null), {
    message: 'Give exactly one of prompt and messages.',
    path: ['prompt'],
  })
  .refine((value) => value.messages == null || value.images.length === 0, {
    message: 'Put the images into the messages they belong to.',
    path: ['images'],
  });

/** A whole answer with everything that is known of the call; plain JSON, so that it can be given again. */
export interface Completion {
  readonly callId: string;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly CollectedToolCall[];
  readonly warnings: readonly CallWarning[];
  readonly record: CompletionRecord;
  /** The routing decision that chose the model; absent when there was nothing to decide. */
  readonly decisionId?: string;
  /** Calls beyond the first. */
  readonly retries: number;
  /** The steps on the way to the answer. */
  readonly timeline: readonly TimelineEntry[];
}

type CompletionRecord = Pick<
  CallRecord,
  | 'finishReason'
  | 'usage'
  | 'costUnknownReason'
  | 'isUsageEstimated'
  | 'modelId'
  | 'providerId'
  | 'origin'
  | 'servedModel'
  | 'providerRequestId'
  | 'latencyMs'
  | 'timeToFirstTokenMs'
> & { readonly costNanoUsd?: string };

/**
 * Asks for one answer on the light path, with retries and failover: no row and no query of its own, telemetry behind the answer.
 * `signal` is the client's: when it goes away the upstream call is closed. Throws `ValidationFailure`,
 * `NoEligibleModelFailure`, `BudgetExceededFailure`, `ModelCallFailure`, `IdempotencyFailure`.
 */
export async function complete(
  services: Services,
  identity: Identity,
  rawInput: unknown,
  signal: AbortSignal | undefined,
): Promise<Completion> {
  const { idempotencyKey, ...wanted } = parseInput(input, rawInput);
  const plain = { ...wanted, limits: wanted.limits ? toStoredLimits(wanted.limits) : null };
  const operation = { teamId: identity.teamId, operation: 'complete', key: idempotencyKey, input: plain };
  return runIdempotently<Completion>(services.prisma, services.clock, operation, async () => {
    const settings = { model: wanted.model, limits: wanted.limits ?? undefined, fallbacks: wanted.fallbacks };
    const asked = toCall(wanted);
    const wantedFor = {
      teamId: identity.teamId,
      source: 'complete' as const,
      ...(identity.userId !== undefined && { userId: identity.userId }),
      ...(identity.apiKeyId !== undefined && { apiKeyId: identity.apiKeyId }),
      ...(wanted.tags.length > 0 && { tags: wanted.tags }),
      ...toCallAttributes(wanted.context),
    };
    const routed = await routeCall(services, settings, asked, wantedFor, ['input', 'model']);
    const { resolution, purpose } = routed;
    let text = '';
    let reasoning = '';
    let toolCalls: CollectedToolCall[] = [];
    let timeline: readonly TimelineEntry[] = [];
    const listener = {
      onPart: (part: StreamPart) => {
        if (part.type === 'text-delta') text += part.delta;
        else if (part.type === 'reasoning-delta') reasoning += part.delta;
        else if (part.type === 'tool-call') toolCalls.push({ id: part.id, toolName: part.toolName, input: part.input });
      },
      onReset: () => {
        text = '';
        reasoning = '';
        toolCalls = [];
      },
      onEvent: (event: ChainEvent) => {
        timeline = addToTimeline(timeline, toTimelineEntry(event));
      },
    };
    const call = { ...asked, model: resolution.targets[0].vendorModelId };
    const outcome = await routed.follow(services.dispatcher.runWhole(resolution, call, purpose, listener, signal));
    const { record, records, warnings, error, target, breach } = outcome;
    if (error?.kind === 'budget' && breach) throw toBudgetExceeded(breach.refusal, toApproval(breach), target.modelId);
    if (error || !record) {
      throw new ModelCallFailure({
        ...(error?.details ?? { kind: 'cancelled', message: 'The call was cancelled.' }),
        retryAfterMs: toRetryHintMs(error?.details.retryAfterMs),
        providerId: target.providerId,
        modelId: target.modelId,
        partialText: text === '' ? undefined : text,
        timeline,
      });
    }
    const { costNanoUsd: _own, costUnknownReason: _reason, ...facts } = record;
    const cost = sumCosts(records);
    const kept: CompletionRecord = {
      ...facts,
      ...('costNanoUsd' in cost ? { costNanoUsd: cost.costNanoUsd.toString() } : cost),
      ...(records.some(({ isUsageEstimated }) => isUsageEstimated) && { isUsageEstimated: true as const }),
    };
    const retries = records.length - 1;
    const answer = { callId: record.id, text, reasoning, toolCalls, warnings, record: kept, retries, timeline };
    const completion = { ...answer, ...(routed.decision && { decisionId: routed.decision.id }) };
    return idempotencyKey === undefined ? completion : toStorable(completion);
  });
}

const toApproval = ({ approvalId }: { readonly approvalId?: string }) =>
  approvalId === undefined ? undefined : { id: approvalId };

type Wanted = Omit<z.output<typeof input>, 'idempotencyKey'>;

function toCall(wanted: Wanted): Omit<ModelCall, 'model'> {
  const schema = wanted.jsonOutput?.schema as JsonSchema | null | undefined;
  return {
    ...toCallSettings(wanted.parameters),
    messages: wanted.messages
      ? wanted.messages.map(toMessage)
      : [toMessage({ role: 'user', content: wanted.prompt ?? '', images: wanted.images })],
    ...(wanted.system ? { system: wanted.system } : {}),
    ...(wanted.jsonOutput && {
      output: {
        type: 'json' as const,
        ...(schema && { schema }),
        ...(wanted.jsonOutput.name && { name: wanted.jsonOutput.name }),
      },
    }),
  };
}

function toMessage(message: z.output<typeof messageInput>): ModelMessage {
  const text = { type: 'text' as const, text: message.content };
  return message.role === 'user'
    ? { role: 'user', content: [...message.images, text] }
    : { role: 'assistant', content: [text] };
}
