'use client';

import { useCallback, useState } from 'react';
import { useMutation } from 'urql';
import { formatDuration } from '../../format/number-format.ts';
import { TestProviderDocument } from '../../gql/providers.ts';
import { describeFailure } from '../../graphql/failure.ts';

export interface TestOutcome {
  isOk: boolean;
  text: string;
}

/** How a test went, in one sentence with the provider's words. */
export function outcomeOf(result: {
  isOk: boolean;
  message: string;
  latencyMs: number;
  modelCount: number | null;
}): TestOutcome {
  const models = result.modelCount === null ? '' : `, ${result.modelCount} models`;
  const text = result.isOk ? `${result.message} (${formatDuration(result.latencyMs)}${models})` : result.message;
  return { isOk: result.isOk, text };
}

/** Tests a provider as it is kept. */
export function useConnectionTest(providerId: string) {
  const [{ fetching }, test] = useMutation(TestProviderDocument);
  const [outcome, setOutcome] = useState<TestOutcome>();
  const run = useCallback(async () => {
    setOutcome(undefined);
    const { data, error } = await test({ input: { providerId } });
    const result = data?.testProvider;
    if (result?.__typename === 'TestProviderSuccess') setOutcome(outcomeOf(result));
    else setOutcome({ isOk: false, text: error ? describeFailure(error).message : (result?.message ?? 'No answer.') });
  }, [test, providerId]);
  return { isTesting: fetching, outcome, run };
}
