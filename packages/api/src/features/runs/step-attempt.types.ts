import { formatUsd } from '@switchyard/core/kernel';
import { type ProviderErrorKind, providerErrorKinds } from '@switchyard/core/spec';
import { builder } from '../../graphql/builder.ts';
import { FinishReasonEnum, ProviderErrorKindEnum } from '../../graphql/enums.ts';
import { UsageType } from '../comparisons/answer.types.ts';
import { remedyFor } from '../providers/remedy-for.ts';
import { RouteDecisionType } from '../routing/decision.types.ts';
import { findDecision } from '../routing/find-decision.ts';
import { CallPlaceType } from './call-place.types.ts';
import { embedded } from './embedded.ts';
import type { AttemptRecord } from './run-record.ts';

const StepAttemptStateEnum = builder.enumType('StepAttemptState', {
  description: 'How an attempt at a vendor stands.',
  values: {
    RUNNING: { value: 'running', description: 'The vendor is being asked.' },
    SUCCEEDED: { value: 'succeeded', description: 'It gave a whole answer.' },
    FAILED: { value: 'failed', description: 'It did not; see `errorKind`.' },
  } as const,
});

const kindOf = ({ errorKind }: AttemptRecord): ProviderErrorKind | undefined =>
  providerErrorKinds.find((kind) => kind === errorKind);

/** Start and first token are read off different clocks, of the journal and of the call: within the attempt in any case. */
function firstTokenAtMs({ startedAtMs, firstTokenAtMs: atMs, endedAtMs }: AttemptRecord): number | undefined {
  return atMs === undefined ? undefined : Math.min(Math.max(startedAtMs, atMs), endedAtMs ?? Number.MAX_SAFE_INTEGER);
}

export const StepAttemptType = builder.objectRef<AttemptRecord>('StepAttempt').implement({
  description: 'One attempt at one vendor: a bar of the waterfall.',
  fields: (t) => ({
    place: t.field({
      complexity: embedded,
      type: CallPlaceType,
      description: 'The call that it is part of.',
      resolve: ({ callAttempt, itemIndex, ...rest }) => ({
        ...rest,
        attempt: callAttempt,
        ...(itemIndex !== undefined && { itemIndex }),
      }),
    }),
    vendorAttempt: t.exposeInt('vendorAttempt', { description: 'Counts attempts within the call, from 1.' }),
    state: t.expose('state', { type: StepAttemptStateEnum, description: 'How it stands.' }),
    providerId: t.exposeString('providerId', { description: 'The slug of the provider.' }),
    modelId: t.exposeString('modelId', { description: '`provider/model` as it was asked for.' }),
    servedModel: t.string({
      nullable: true,
      description: "The model that really answered, in the provider's words.",
      resolve: ({ servedModel }) => servedModel ?? null,
    }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When the vendor was asked.',
      resolve: ({ startedAtMs }) => new Date(startedAtMs),
    }),
    firstTokenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the first token came; null when none did.',
      resolve: (attempt) => {
        const atMs = firstTokenAtMs(attempt);
        return atMs === undefined ? null : new Date(atMs);
      },
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was over; null while it runs.',
      resolve: ({ endedAtMs }) => (endedAtMs === undefined ? null : new Date(endedAtMs)),
    }),
    timeToFirstTokenMs: t.int({
      nullable: true,
      description: 'From start to first token.',
      resolve: (attempt) => {
        const atMs = firstTokenAtMs(attempt);
        return atMs === undefined ? null : Math.round(atMs - attempt.startedAtMs);
      },
    }),
    latencyMs: t.int({
      nullable: true,
      description: 'From start to end.',
      resolve: ({ startedAtMs, endedAtMs }) => (endedAtMs === undefined ? null : Math.round(endedAtMs - startedAtMs)),
    }),
    usage: t.field({
      complexity: embedded,
      type: UsageType,
      nullable: true,
      description: 'The tokens used; null while it runs.',
      resolve: ({ usage }) => usage ?? null,
    }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it cost; null while it runs and when unknown.',
      resolve: ({ costNanoUsd }) => (costNanoUsd === undefined ? null : formatUsd(BigInt(costNanoUsd))),
    }),
    costUnknownReason: t.string({
      nullable: true,
      description: 'Why the cost is unknown.',
      resolve: ({ costUnknownReason }) => costUnknownReason ?? null,
    }),
    finishReason: t.field({
      type: FinishReasonEnum,
      nullable: true,
      description: 'Why the model ended.',
      resolve: ({ finishReason }) => finishReason?.unified ?? null,
    }),
    rawFinishReason: t.string({
      nullable: true,
      description: "The same in the provider's words.",
      resolve: ({ finishReason }) => finishReason?.raw ?? null,
    }),
    providerRequestId: t.string({
      nullable: true,
      description: "The provider's own id of the request.",
      resolve: ({ providerRequestId }) => providerRequestId ?? null,
    }),
    errorKind: t.field({
      type: ProviderErrorKindEnum,
      nullable: true,
      description: 'What went wrong.',
      resolve: (attempt) => kindOf(attempt) ?? null,
    }),
    errorMessage: t.string({
      nullable: true,
      description: "The same in the provider's words.",
      resolve: ({ errorMessage }) => errorMessage ?? null,
    }),
    remedy: t.string({
      nullable: true,
      description: 'What to do about it.',
      resolve: (attempt) => {
        const kind = kindOf(attempt);
        return kind === undefined ? null : remedyFor(kind);
      },
    }),
    decisionId: t.string({
      nullable: true,
      description: 'The routing decision that chose the model; null when there was nothing to decide.',
      resolve: ({ decisionId }) => decisionId ?? null,
    }),
    decision: t.field({
      type: RouteDecisionType,
      nullable: true,
      description: 'Why this model; null when there was nothing to decide, and after 30 days.',
      resolve: ({ decisionId }, _args, { services, identity }) =>
        decisionId === undefined ? null : findDecision(services, identity.teamId, decisionId),
    }),
  }),
});
