'use client';

import { Button } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { RoutingAuditDocument } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import classes from './learning-tab.module.css';

const pageSize = 10;

/** Who changed what about routing, newest first. */
export function AuditList() {
  const [first, setFirst] = useState(pageSize);
  const [{ data, error, fetching }] = useQuery({
    query: RoutingAuditDocument,
    variables: { first },
    requestPolicy: 'cache-and-network',
  });
  const entries = data?.routingAudit.edges ?? [];
  const total = data?.routingAudit.totalCount ?? 0;
  if (error && !data)
    return <p className={classes.note}>The log could not be read: {describeFailure(error).message}</p>;
  if (entries.length === 0) return null;
  return (
    <section className={classes.scope} aria-labelledby="routing-log">
      <h2 className={classes.title} id="routing-log">
        Who changed what
      </h2>
      <ol className={classes.log}>
        {entries.map(({ node: { at, action, summary, by }, cursor }) => (
          <li key={cursor}>
            <span className={classes.logAction} data-action={action}>
              {action.replaceAll('-', ' ')}
            </span>
            <span>{summary}</span>
            <span className={classes.note}>
              {formatMoment(at)}
              {by ? `, ${by}` : ''}
            </span>
          </li>
        ))}
      </ol>
      {entries.length < total ? (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={fetching}
          onClick={() => setFirst((known) => Math.min(100, known + 20))}
        >
          Show more
        </Button>
      ) : null}
    </section>
  );
}
