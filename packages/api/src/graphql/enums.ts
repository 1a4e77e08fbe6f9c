import { providerTypes } from '@switchyard/core/catalog';
import { providerErrorKinds, reasoningEfforts, unifiedFinishReasons } from '@switchyard/core/spec';
import { areaNames } from '../auth/check-permission.ts';
import {
  type AccessRole,
  type ApiKeyScope,
  apiKeyScopes,
  type PermissionArea,
  type PermissionLevel,
} from '../auth/identity.ts';
import { builder } from './builder.ts';

/** `rate-limit` → `RATE_LIMIT`. */
function graphName(value: string): string {
  return value.toUpperCase().replaceAll('-', '_');
}

/** Enum values whose internal value is core's own word and whose public name is upper-case. */
export function valuesOf<const Value extends string>(
  descriptions: Readonly<Record<Value, string>>,
  values: readonly Value[],
): Record<string, { value: Value; description: string }> {
  return Object.fromEntries(values.map((value) => [graphName(value), { value, description: descriptions[value] }]));
}

export const ProviderErrorKindEnum = builder.enumType('ProviderErrorKind', {
  description: 'What went wrong at a provider.',
  values: valuesOf(
    {
      auth: 'The key was refused.',
      quota: 'The account has no credit left; waiting does not help.',
      'rate-limit': 'Too many requests or tokens in a short time; waiting helps.',
      overloaded: 'The provider has no capacity now.',
      server: 'The provider failed.',
      timeout: 'No answer in time.',
      network: 'The provider could not be reached, or the connection broke.',
      'invalid-request': 'The provider refused the request as it was.',
      'context-length': 'The prompt is too long for the model.',
      'content-filter': 'The provider refused the content.',
      'model-not-found': 'The provider knows no such model.',
      'invalid-response': 'The answer was cut, unfinished or unreadable.',
      budget: 'Not sent: a budget or limit of the team stands against it.',
      cancelled: 'The call was stopped.',
    },
    providerErrorKinds,
  ),
});

export const ErrorBlameEnum = builder.enumType('ErrorBlame', {
  description: 'Who has to act on a failure.',
  values: {
    CALLER: { value: 'caller', description: 'Who wrote the request: it fails at every try.' },
    OPERATOR: { value: 'operator', description: 'Who runs the installation: a key, a quota or the name of a model.' },
    PROVIDER: { value: 'provider', description: 'The provider.' },
    CLIENT: { value: 'client', description: 'Nobody: the call was stopped as asked.' },
  } as const,
});

export const FinishReasonEnum = builder.enumType('FinishReason', {
  description: 'Why the model ended.',
  values: valuesOf(
    {
      stop: 'It was done, or met a stop sequence.',
      length: 'It reached the most tokens it may write.',
      'tool-calls': 'It asks for tools to be called.',
      'content-filter': "The provider's filter ended it.",
      refusal: 'The model declined to answer.',
      other: 'See the raw finish reason.',
    },
    unifiedFinishReasons,
  ),
});

export const ReasoningEffortEnum = builder.enumType('ReasoningEffort', {
  description: 'How much a reasoning model should think.',
  values: valuesOf(
    { none: 'Not at all.', minimal: 'As little as possible.', low: 'A little.', medium: 'Some.', high: 'A lot.' },
    reasoningEfforts,
  ),
});

export const ProviderTypeEnum = builder.enumType('ProviderType', {
  description: 'The kind of provider.',
  values: valuesOf(
    {
      openai: 'OpenAI.',
      anthropic: 'Anthropic.',
      google: 'Google Gemini.',
      ollama: 'Models on your own machine, through Ollama.',
      huggingface: 'Hugging Face inference providers.',
      cohere: 'Cohere.',
      custom: 'Any endpoint that speaks the format of OpenAI.',
    },
    providerTypes,
  ),
});

export const ProviderStateEnum = builder.enumType('ProviderState', {
  description: 'Whether a provider can be called.',
  values: {
    READY: { description: 'The last connection test succeeded.' },
    KEY_MISSING: { description: 'Nothing is configured; see `stateMessage`.' },
    KEY_REJECTED: { description: 'The provider refused the key.' },
    UNREACHABLE: { description: 'The last connection test failed.' },
    UNTESTED: { description: 'Configured, not tested yet.' },
    DISABLED: { description: 'Switched off, or of a type that the installation does not allow.' },
    SHADOWED: { description: 'A provider of the installation has taken its id and is used instead.' },
  } as const,
});

export const DataOriginEnum = builder.enumType('DataOrigin', {
  description: 'Whether data came from real providers. Live and simulated figures are never added up.',
  values: {
    LIVE: { description: 'From real providers.' },
    SIMULATED: { description: 'From the simulator: synthetic answers, list prices, nothing left this machine.' },
    MIXED: { description: 'From both.' },
  } as const,
});

export const LaneStateEnum = builder.enumType('LaneState', {
  description: 'Where a lane stands.',
  values: {
    QUEUED: { description: 'About to start.' },
    RUNNING: { description: 'The model is being called.' },
    COMPLETED: { description: 'The answer is whole.' },
    FAILED: { description: 'There is no whole answer; see `failure`.' },
    STOPPED: { description: 'Stopped by a person; what had arrived is kept.' },
    INTERRUPTED: { description: 'The server stopped or died while the lane ran; what had arrived is kept. Retry it.' },
  } as const,
});

export const ComparisonStateEnum = builder.enumType('ComparisonState', {
  description: 'Where a comparison stands.',
  values: {
    RUNNING: { description: 'At least one lane is not over.' },
    FINISHED: { description: 'All lanes are over.' },
  } as const,
});

export const AccessRoleEnum = builder.enumType('AccessRole', {
  description: 'What a member may do in a team.',
  values: {
    OWNER: { description: 'Everything, also deleting the team.' },
    ADMIN: { description: 'Members, keys and providers.' },
    DEVELOPER: { description: 'Calls models and makes keys that may do the same.' },
    VIEWER: { description: 'Looks, and changes nothing.' },
  } satisfies Record<AccessRole, { description: string }>,
});

const levelDescriptions: Readonly<Record<PermissionLevel, string>> = {
  READ: 'Look',
  RUN: 'Call models, which costs money, and write drafts',
  MANAGE: 'Decide for everybody: rules, limits, keys, deletion',
};

export const ApiKeyScopeEnum = builder.enumType('ApiKeyScope', {
  description: 'What an API key may do: a level in all areas, or in one. Levels do not include each other.',
  values: Object.fromEntries(
    apiKeyScopes.map((scope) => {
      const [level, area] = scope.split('_') as [PermissionLevel, PermissionArea | undefined];
      const where = area === undefined ? 'in all areas' : `in ${areaNames[area]}`;
      return [scope, { description: `${levelDescriptions[level]}, ${where}.` }];
    }),
  ) as Record<ApiKeyScope, { description: string }>,
});

export const ModelCapabilityEnum = builder.enumType('ModelCapability', {
  description: 'Something a model may be able to do.',
  values: {
    VISION: { value: 'vision', description: 'Takes images.' },
    TOOLS: { value: 'tools', description: 'Asks for tools to be called.' },
    JSON: { value: 'json', description: 'Can be held to JSON.' },
    REASONING: { value: 'reasoning', description: 'Thinks before it answers.' },
  } as const,
});

export const CircuitStateEnum = builder.enumType('CircuitState', {
  description: 'Whether calls of a model are let through.',
  values: {
    CLOSED: { value: 'closed', description: 'All calls are.' },
    OPEN: { value: 'open', description: 'None is, after repeated failures.' },
    HALF_OPEN: { value: 'half-open', description: 'One at a time is, to find out whether the model is back.' },
  } as const,
});
