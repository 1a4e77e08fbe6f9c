import { ProviderError } from '@switchyard/core/spec';
import { expect, test } from 'vitest';
import { fromProviderError } from './openai-failure.ts';

test.each([
  [3_600_000, '3600'],
  [1_200, '2'],
  [1e33, '31536000'],
])("a provider's wait of %d ms is passed on as %s whole seconds, however long it is", (retryAfterMs, seconds) => {
  const error = new ProviderError({ kind: 'rate-limit', provider: 'p', model: 'm', message: 'slow', retryAfterMs });
  expect(fromProviderError(error).headers).toMatchObject({ 'retry-after': seconds });
});
