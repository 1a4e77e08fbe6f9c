import type { ProviderErrorKind } from '../../gql/comparisons.ts';

/** What went wrong at a provider, as a heading. */
export const failureTitles: Record<ProviderErrorKind, string> = {
  AUTH: 'The key was not accepted',
  QUOTA: 'The quota is used up',
  RATE_LIMIT: 'Rate limit reached',
  OVERLOADED: 'The provider is overloaded',
  SERVER: 'The provider failed',
  TIMEOUT: 'No answer in time',
  NETWORK: 'The connection was lost',
  INVALID_REQUEST: 'The provider refused the request',
  CONTEXT_LENGTH: 'The prompt is too long for this model',
  CONTENT_FILTER: 'Refused by the content policy',
  MODEL_NOT_FOUND: 'The provider does not know this model',
  INVALID_RESPONSE: 'The stream was malformed',
  BUDGET: 'A budget stands against it',
  CANCELLED: 'The call was cancelled',
};
