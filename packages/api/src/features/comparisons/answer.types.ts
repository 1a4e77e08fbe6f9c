import type { LaneFailureDetails } from '@switchyard/core/events';
import type { CallWarning, Usage } from '@switchyard/core/spec';
import { builder } from '../../graphql/builder.ts';
import { ProviderErrorKindEnum } from '../../graphql/enums.ts';
import { remedyFor } from '../providers/remedy-for.ts';
import { toRetryHintMs } from '../routing/retry-hint.ts';

export const UsageType = builder.objectRef<Usage>('Usage').implement({
  description: 'Tokens, counted one way for all providers. Null: the provider did not say; never 0 by default.',
  fields: (t) => ({
    inputTokens: t.int({
      nullable: true,
      description: 'All input, cached included.',
      resolve: (usage) => usage.inputTokens ?? null,
    }),
    cachedInputTokens: t.int({
      nullable: true,
      description: "The part of the input that was read from the provider's cache.",
      resolve: (usage) => usage.cachedInputTokens ?? null,
    }),
    cacheWriteTokens: t.int({
      nullable: true,
      description: "The part of the input that was written to the provider's cache.",
      resolve: (usage) => usage.cacheWriteTokens ?? null,
    }),
    outputTokens: t.int({
      nullable: true,
      description: 'All billed output, reasoning included.',
      resolve: (usage) => usage.outputTokens ?? null,
    }),
    reasoningTokens: t.int({
      nullable: true,
      description: 'The part of the output that was reasoning.',
      resolve: (usage) => usage.reasoningTokens ?? null,
    }),
  }),
});

export const CallWarningType = builder
  .objectRef<{ readonly type: CallWarning['type'] | string; readonly setting?: string; readonly message: string }>(
    'CallWarning',
  )
  .implement({
    description: 'Something that did not happen as asked, although the call went on.',
    fields: (t) => ({
      type: t.exposeString('type', { description: 'For example `unsupported-setting`.' }),
      setting: t.string({
        nullable: true,
        description: 'The setting concerned.',
        resolve: (warning) => warning.setting ?? null,
      }),
      message: t.exposeString('message', { description: 'One sentence for people.' }),
    }),
  });

export const ToolCallType = builder
  .objectRef<{ readonly id: string; readonly toolName: string; readonly input: string }>('ToolCall')
  .implement({
    description: 'A tool that the model asked to call.',
    fields: (t) => ({
      id: t.exposeString('id', { description: "The provider's id of the call." }),
      toolName: t.exposeString('toolName', { description: 'Which tool.' }),
      input: t.exposeString('input', { description: 'The arguments, as the JSON text the model wrote.' }),
    }),
  });

export const LaneFailureType = builder.objectRef<LaneFailureDetails>('LaneFailure').implement({
  description: 'Why there is no whole answer.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ProviderErrorKindEnum, description: 'What went wrong.' }),
    message: t.exposeString('message', { description: "In the provider's own words where there are any." }),
    providerStatus: t.int({
      nullable: true,
      description: "The provider's HTTP status.",
      resolve: (failure) => failure.providerStatus ?? null,
    }),
    providerCode: t.string({
      nullable: true,
      description: "The provider's own code.",
      resolve: (failure) => failure.providerCode ?? null,
    }),
    retryAfterMs: t.int({
      nullable: true,
      description: 'How long the provider asks to wait.',
      resolve: (failure) => toRetryHintMs(failure.retryAfterMs) ?? null,
    }),
    remedy: t.string({ description: 'What to do about it.', resolve: (failure) => remedyFor(failure.kind) }),
  }),
});
