'use client';

import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { WorkflowChangesDocument } from '../../gql/workflows.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import classes from '../routing/rule-change-list.module.css';
import { groupChanges, valueWords } from './change-words.ts';

/** What differs between two versions in words; 0 is the draft. */
export function ChangeList({ workflowId, from, to }: { workflowId: string; from: number; to: number }) {
  const [{ data, error }, reload] = useQuery({
    query: WorkflowChangesDocument,
    variables: { id: workflowId, from, to },
    requestPolicy: 'network-only',
  });
  if (error) return <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} />;
  if (!data) return <Skeleton h={80} radius={8} />;
  const groups = groupChanges(data.diffWorkflowVersions ?? []);
  if (groups.length === 0) return <p className={classes.none}>Nothing differs.</p>;
  return (
    <ul className={classes.changes} aria-label="Changes">
      {groups.map(({ key, kind, title, fields }) => (
        <li key={key} className={classes.change}>
          <p className={classes.head}>
            <span className={classes.type} data-type={kind.toUpperCase()}>
              {kind}
            </span>
            <strong>{title}</strong>
          </p>
          {fields.map(({ field, before, after }) => (
            <div key={field} className={classes.field}>
              <p>{field}</p>
              {before === undefined ? null : (
                <p>
                  <del className={classes.old}>
                    <span className="visually-hidden">before: </span>
                    {valueWords(before)}
                  </del>
                </p>
              )}
              {after === undefined ? null : (
                <p>
                  <ins className={classes.next}>
                    <span className="visually-hidden">now: </span>
                    {valueWords(after)}
                  </ins>
                </p>
              )}
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
