import type { ChainOutcome } from '@switchyard/core/dispatch';
import { ProviderError } from '@switchyard/core/spec';
import { expect, test } from 'vitest';
import { fromChainOutcome, fromProviderError } from './openai-failure.ts';

test.each([
  [3_600_000, '3600'],
  [1_200, '2'],
  [1e33, '31536000'],
])("a provider's wait of %d ms is passed on as %s whole seconds, however long it is", (retryAfterMs, seconds) => {
  const error = new ProviderError({ kind: 'rate-limit', provider: 'p', model: 'm', message: 'slow', retryAfterMs });
  expect(fromProviderError(error).headers).toMatchObject({ 'retry-after': seconds });
});

test('a call that waits for more money says that an admin was asked, one that does not says nothing of it', () => {
  const error = new ProviderError({ kind: 'budget', provider: 'p', model: 'm', message: 'No room.' });
  const breach = { approvalId: 'apr_1' } as NonNullable<ChainOutcome['breach']>;
  expect(fromChainOutcome({ error, breach }).message).toBe(
    'No room. An admin was asked for more: try again once that is approved.',
  );
  expect(fromChainOutcome({ error }).message).toBe('No room.');
});
