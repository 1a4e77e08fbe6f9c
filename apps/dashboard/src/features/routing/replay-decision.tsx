'use client';

import { Button } from '@mantine/core';
import { IconCircleCheckFilled, IconInfoCircle, IconRotateClockwise2, IconXboxXFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { type ReplayFieldsFragment, RouteReplayDocument } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import classes from './replay-decision.module.css';

/** Makes a stored decision again from what was known then, on demand, and says whether the same comes out. */
export function ReplayDecision({ decisionId }: { decisionId: string }) {
  const [isWanted, setWanted] = useState(false);
  const [{ data, error, fetching }, reload] = useQuery({
    query: RouteReplayDocument,
    variables: { id: decisionId },
    requestPolicy: 'network-only',
    pause: !isWanted,
  });
  const replay = data?.node?.__typename === 'RouteDecision' ? data.node.replay : undefined;
  return (
    <section className={classes.replay} aria-label="Replay">
      <div className={classes.head}>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconRotateClockwise2 size={14} />}
          loading={fetching}
          onClick={() => (isWanted ? reload({ requestPolicy: 'network-only' }) : setWanted(true))}
        >
          Replay
        </Button>
        <p className={classes.meta}>Decides once more upon what was known at that moment, with the same chance.</p>
      </div>
      <div role="status">
        {error ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
        {replay && !fetching ? <Result replay={replay} /> : null}
      </div>
    </section>
  );
}

function Result({ replay: { isSame, problem, differences } }: { replay: ReplayFieldsFragment }) {
  if (isSame === null) {
    return (
      <p className={classes.result}>
        <IconInfoCircle size={15} aria-hidden="true" /> It cannot be made again. {problem}
      </p>
    );
  }
  if (isSame) {
    return (
      <p className={classes.result} data-tone="good">
        <IconCircleCheckFilled size={15} aria-hidden="true" /> The same came out, to the last figure.
      </p>
    );
  }
  return (
    <>
      <p className={classes.result} data-tone="bad">
        <IconXboxXFilled size={15} aria-hidden="true" /> Another result came out: the record was changed, or the router
        decides differently since an update.
      </p>
      <dl className={classes.differences}>
        {differences.map(({ field, stored, replayed }) => (
          <div key={field}>
            <dt>{field}</dt>
            <dd>
              stored {stored}, now {replayed}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
