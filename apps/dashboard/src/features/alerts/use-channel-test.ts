'use client';

import { useCallback, useState } from 'react';
import { useMutation } from 'urql';
import { TestAlertChannelDocument, type TestAlertChannelMutation } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';

export interface ChannelTestOutcome {
  isOk: boolean;
  text: string;
  /** What the target answered, in its own words; empty when it said nothing. */
  excerpt: string;
}

type Result = Extract<TestAlertChannelMutation['testAlertChannel'], { __typename: 'TestAlertChannelSuccess' }>;

export function outcomeOfTest({ isOk, httpStatus, latencyMs, message, responseExcerpt }: Result): ChannelTestOutcome {
  const facts = [httpStatus === null ? undefined : `HTTP ${httpStatus}`, `${latencyMs} ms`].filter(Boolean).join(', ');
  return { isOk, text: `${message} (${facts})`, excerpt: responseExcerpt.trim() };
}

/** Sends a test message through a channel and keeps how it went. */
export function useChannelTest(channelId: string) {
  const [{ fetching: isTesting }, test] = useMutation(TestAlertChannelDocument);
  const [outcome, setOutcome] = useState<ChannelTestOutcome>();
  const run = useCallback(async () => {
    setOutcome(undefined);
    const { data, error } = await test({ input: { channelId } });
    const result = data?.testAlertChannel;
    if (result?.__typename === 'TestAlertChannelSuccess') setOutcome(outcomeOfTest(result));
    else
      setOutcome({
        isOk: false,
        text: error ? describeFailure(error).message : (result?.message ?? 'The test was not made. Try again.'),
        excerpt: '',
      });
  }, [channelId, test]);
  return { isTesting, outcome, run };
}
