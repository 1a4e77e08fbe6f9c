import type { Cache, CacheExchangeOpts } from '@urql/exchange-graphcache';

const noKey = () => null;

function invalidateField(cache: Cache, entity: string, field: string) {
  for (const { fieldName, arguments: args } of cache.inspectFields(entity)) {
    if (fieldName === field) cache.invalidate(entity, fieldName, args);
  }
}

/** What the normalised cache must know: values without an identity, and which lists a mutation makes stale. */
export const cacheConfig: Partial<CacheExchangeOpts> = {
  keys: Object.fromEntries(
    [
      'Viewer',
      'Installation',
      'ModelCapabilities',
      'ModelPrice',
      'ModelMeasurements',
      'Usage',
      'CallWarning',
      'ToolCall',
      'LaneFailure',
      'GenerationParameters',
      'RateLimitStatus',
      'RejectedCandidate',
      'ValidationIssue',
      'ModelConnection',
      'ModelEdge',
      'ComparisonConnection',
      'ComparisonEdge',
      'PageInfo',
    ].map((type) => [type, noKey]),
  ),
  possibleTypes: {
    UserError: [
      'ValidationError',
      'NotFoundError',
      'ConflictError',
      'IdempotencyConflictError',
      'ForbiddenError',
      'NoEligibleModelError',
      'ModelCallError',
    ],
  },
  updates: {
    Mutation: {
      startComparison: (_result, _args, cache) => invalidateField(cache, 'Query', 'comparisons'),
      markBestLane: (_result, _args, cache) => invalidateField(cache, 'Query', 'comparisons'),
      deleteComparison(result, _args, cache) {
        const id = (result as { deleteComparison?: { deletedId?: string } }).deleteComparison?.deletedId;
        if (id) cache.invalidate({ __typename: 'Comparison', id });
        invalidateField(cache, 'Query', 'comparisons');
      },
      createApiKey: (_result, _args, cache) => invalidateField(cache, 'Query', 'viewer'),
    },
  },
};
