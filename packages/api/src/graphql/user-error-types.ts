import { TimelineEntryType } from '../features/routing/timeline.types.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  ModelCallFailure,
  NoEligibleModelFailure,
  NotFoundFailure,
  type UserFailure,
  ValidationFailure,
  type ValidationIssue,
} from '../user-errors.ts';
import { builder } from './builder.ts';
import { ProviderErrorKindEnum } from './enums.ts';

export const UserErrorInterface = builder.interfaceRef<UserFailure>('UserError').implement({
  description:
    'An expected failure. It is part of the result, tells what to do, and carries what a client needs to react.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable; switch on it.' }),
    message: t.exposeString('message', { description: 'For people.' }),
    path: t.stringList({
      nullable: true,
      description: 'The part of the input concerned, list indexes as text.',
      resolve: (failure) => (failure.path ? [...failure.path] : null),
    }),
  }),
});

const ValidationIssueType = builder.objectRef<ValidationIssue>('ValidationIssue').implement({
  description: 'One thing that is wrong with the input.',
  fields: (t) => ({
    path: t.stringList({ description: 'Where in the input.', resolve: (issue) => [...issue.path] }),
    message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
    code: t.exposeString('code', { description: 'Stable; for example `too_big`.' }),
  }),
});

export const ValidationErrorType = builder.objectType(ValidationFailure, {
  name: 'ValidationError',
  description: 'The input cannot be used. All issues are reported at once.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [ValidationIssueType],
      description: 'Everything that is wrong.',
      resolve: (failure) => [...failure.issues],
    }),
  }),
});

export const NotFoundErrorType = builder.objectType(NotFoundFailure, {
  name: 'NotFoundError',
  description: "There is no such thing in your team; another team's things answer the same.",
  interfaces: [UserErrorInterface],
});

export const ConflictErrorType = builder.objectType(ConflictFailure, {
  name: 'ConflictError',
  description: 'The thing is in a state in which this cannot be done.',
  interfaces: [UserErrorInterface],
});

export const IdempotencyConflictErrorType = builder.objectType(IdempotencyFailure, {
  name: 'IdempotencyConflictError',
  description: 'The idempotency key was used before with another input, or its first call is still at work.',
  interfaces: [UserErrorInterface],
});

export const ForbiddenErrorType = builder.objectType(ForbiddenFailure, {
  name: 'ForbiddenError',
  description: 'Your access role does not allow this.',
  interfaces: [UserErrorInterface],
});

const RejectedCandidateType = builder
  .objectRef<{ readonly modelId: string; readonly reason: string }>('RejectedCandidate')
  .implement({
    description: 'A model that cannot be called, and why.',
    fields: (t) => ({
      modelId: t.exposeString('modelId', { description: 'As it was asked for.' }),
      reason: t.exposeString('reason', { description: 'What to do about it.' }),
    }),
  });

export const NoEligibleModelErrorType = builder.objectType(NoEligibleModelFailure, {
  name: 'NoEligibleModelError',
  description: 'A model that was asked for cannot be called.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    rejected: t.field({
      type: [RejectedCandidateType],
      description: 'The models that cannot be called.',
      resolve: (failure) => [...failure.rejected],
    }),
  }),
});

export const ModelCallErrorType = builder.objectType(ModelCallFailure, {
  name: 'ModelCallError',
  description: 'The model was called and gave no whole answer.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    kind: t.expose('kind', { type: ProviderErrorKindEnum, description: 'What went wrong.' }),
    providerId: t.exposeString('providerId', { description: 'The provider that was called.' }),
    modelId: t.exposeString('modelId', { description: 'The model that was called.' }),
    retryAfterMs: t.int({
      nullable: true,
      description: 'How long the provider asks to wait.',
      resolve: (failure) => failure.retryAfterMs ?? null,
    }),
    providerRequestId: t.string({
      nullable: true,
      description: "The provider's own id of the request, for its support.",
      resolve: (failure) => failure.providerRequestId ?? null,
    }),
    timeline: t.field({
      type: [TimelineEntryType],
      description: 'What was tried.',
      resolve: (failure) => [...failure.timeline],
    }),
    partialText: t.string({
      nullable: true,
      description: 'What had arrived before it failed. It is not a whole answer.',
      resolve: (failure) => failure.partialText ?? null,
    }),
  }),
});
