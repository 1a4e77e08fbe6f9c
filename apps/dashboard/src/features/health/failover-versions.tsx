'use client';

import { Alert, Button, Modal, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { FailoverPlanVersionsDocument, RestoreFailoverPlanDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import classes from './failover-plan-card.module.css';
import type { Plan } from './failover-words.ts';

interface Props {
  plan: Plan;
  mayManage: boolean;
  onClose(): void;
  onRestored(): void;
}

/** Every version of a plan as the file would say it, and the way back to one. */
export function FailoverVersions({ plan, mayManage, onClose, onRestored }: Props) {
  const [{ data, error }, refetch] = useQuery({
    query: FailoverPlanVersionsDocument,
    variables: { id: plan.id },
    requestPolicy: 'network-only',
  });
  const [{ fetching }, restore] = useMutation(RestoreFailoverPlanDocument);
  const [problem, setProblem] = useState<string>();
  const versions = data?.node?.__typename === 'FailoverPlan' ? data.node.versions : undefined;
  const putBack = async (version: number) => {
    setProblem(undefined);
    const answer = await restore({ input: { planId: plan.id, version } });
    const result = answer.data?.restoreFailoverPlan;
    if (result?.__typename !== 'RestoreFailoverPlanSuccess')
      return setProblem(
        answer.error ? describeFailure(answer.error).message : (result?.message ?? 'It was not put back. Try again.'),
      );
    onRestored();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`History of ${plan.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {error && !versions ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!versions && !error ? <Skeleton h={160} radius={8} aria-busy="true" /> : null}
      {problem ? (
        <Alert color="red" role="alert" mb="sm">
          {problem}
        </Alert>
      ) : null}
      <ol className={classes.versions}>
        {versions?.map(({ version, change, note, at, authorName, yaml }) => (
          <li key={version}>
            <p>
              <strong>
                Version {version}, {change}
              </strong>
              <span>
                {formatMoment(at)}
                {authorName ? `, ${authorName}` : ''}
              </span>
              {version === plan.version ? (
                <span>in force</span>
              ) : (
                <Button
                  size="compact-xs"
                  mih={26}
                  variant="default"
                  loading={fetching}
                  disabled={!mayManage}
                  aria-label={`Put back version ${version}`}
                  onClick={() => putBack(version)}
                >
                  Put back
                </Button>
              )}
            </p>
            {note ? <p>{note}</p> : null}
            <details>
              <summary>What it says</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
              <pre tabIndex={0}>{yaml}</pre>
            </details>
          </li>
        ))}
      </ol>
    </Modal>
  );
}
