'use client';

import { Button } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { RoleAuditDocument } from '../../gql/roles.ts';
import { describeFailure } from '../../graphql/failure.ts';
import classes from './role-drawer.module.css';

/** Who changed this role, newest first. */
export function RoleLog({ name }: { name: string }) {
  const [first, setFirst] = useState(5);
  const [{ data, error, fetching }] = useQuery({
    query: RoleAuditDocument,
    variables: { scope: `role:${name}`, first },
    requestPolicy: 'cache-and-network',
  });
  const list = data?.routingAudit;
  return (
    <section className={classes.section} aria-labelledby="role-log">
      <h3 className={classes.title} id="role-log">
        Who changed it
      </h3>
      {error && !list ? (
        <p className={classes.hint}>The log could not be read: {describeFailure(error).message}</p>
      ) : null}
      {list?.totalCount === 0 ? <p className={classes.hint}>Nobody yet.</p> : null}
      <ol className={classes.log}>
        {list?.edges.map(({ node: { at, summary, by }, cursor }) => (
          <li key={cursor}>
            <span>{summary}</span>
            <span className={classes.hint}>
              {formatMoment(at)}
              {by ? `, ${by}` : ''}
            </span>
          </li>
        ))}
      </ol>
      {list && list.edges.length < list.totalCount && first < 100 ? (
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
