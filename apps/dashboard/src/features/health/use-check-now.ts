'use client';

import { useCallback, useState } from 'react';
import { useMutation } from 'urql';
import { formatDuration } from '../../format/number-format.ts';
import { CheckProviderNowDocument, type HealthStatus } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { tellHealthChanged } from './health-signal.ts';
import { statusWords } from './health-words.ts';

export interface CheckVerdict {
  readonly isOk: boolean;
  readonly text: string;
}

interface Answer {
  readonly isOk: boolean;
  readonly message: string;
  readonly latencyMs: number;
  readonly health: { readonly status: HealthStatus };
}

/** What a check found and what it means, in one or two sentences. */
export function checkInWords({ isOk, message, latencyMs, health: { status } }: Answer): CheckVerdict {
  const words = /[.!?…]$/.test(message) ? message : `${message}.`;
  const verdict = statusWords[status].word.toLowerCase();
  if (isOk)
    return {
      isOk,
      text: `${words} It took ${formatDuration(latencyMs)}. ${status === 'HEALTHY' ? 'The provider is healthy.' : `The provider is still ${verdict}: calls count before checks.`}`,
    };
  return {
    isOk,
    text: `${words} ${status === 'HEALTHY' ? 'One failed check is not believed: it is repeated in a moment.' : `The provider is ${verdict}.`}`,
  };
}

/** Checks a provider at once, by a call that costs nothing. */
export function useCheckNow(providerId: string) {
  const [{ fetching }, check] = useMutation(CheckProviderNowDocument);
  const [verdict, setVerdict] = useState<CheckVerdict>();
  const run = useCallback(async () => {
    setVerdict(undefined);
    const { data, error } = await check({ input: { providerId } });
    const result = data?.checkProviderNow;
    if (result?.__typename === 'CheckProviderNowSuccess') {
      setVerdict(checkInWords(result));
      tellHealthChanged({ what: 'provider', providerId });
    } else
      setVerdict({
        isOk: false,
        text: error ? describeFailure(error).message : (result?.message ?? 'No answer came. Try again.'),
      });
  }, [check, providerId]);
  return { isChecking: fetching, verdict, run };
}
