'use client';

import { useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { EstimateRunDocument, type EstimateRunInput, type EstimateRunQuery } from '../../gql/run-estimate.ts';

export type RunEstimate = Extract<EstimateRunQuery['estimateRun'], { __typename: 'EstimateRunSuccess' }>;

const afterTypingMs = 450;
/** Budgets fill up by what others run. */
const refreshMs = 20_000;
/** Images are heavy: a draft beyond this is estimated by the page alone. */
const longestInput = 600_000;

/** What the server expects a draft to cost, a moment after the last change. Undefined while it is not known for this draft. */
export function useRunEstimate(input: EstimateRunInput): RunEstimate | undefined {
  const client = useClient();
  const key = useMemo(() => JSON.stringify(input), [input]);
  const [known, setKnown] = useState<{ key: string; estimate: RunEstimate }>();
  const isAskable = input.prompt.trim() !== '' && input.models.length > 0 && key.length <= longestInput;

  useEffect(() => {
    if (!isAskable) return;
    let isCurrent = true;
    const ask = async () => {
      const { data } = await client.query(
        EstimateRunDocument,
        { input: JSON.parse(key) as EstimateRunInput },
        { requestPolicy: 'network-only' },
      );
      if (isCurrent && data?.estimateRun.__typename === 'EstimateRunSuccess')
        setKnown({ key, estimate: data.estimateRun });
    };
    const first = setTimeout(ask, afterTypingMs);
    const again = setInterval(() => !document.hidden && void ask(), refreshMs);
    return () => {
      isCurrent = false;
      clearTimeout(first);
      clearInterval(again);
    };
  }, [client, key, isAskable]);

  return isAskable && known?.key === key ? known.estimate : undefined;
}
