'use client';

import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatCount } from '../../format/number-format.ts';
import { DatasetChangesDocument, type DatasetChangesQuery } from '../../gql/datasets.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useWordDiff } from '../comparisons/use-word-diff.ts';
import { countWords, valueText } from './dataset-words.ts';
import listClasses from './datasets.module.css';
import classes from './version-changes.module.css';

type Kind = 'ADDED' | 'REMOVED' | 'CHANGED';
type Version = Extract<NonNullable<DatasetChangesQuery['node']>, { __typename: 'DatasetVersion' }>;
type Change = NonNullable<Version['changesSince']>['items']['changes'][number];

const kindWords = { ADDED: 'Added', REMOVED: 'Removed', CHANGED: 'Changed' } as const;
const kinds = ['CHANGED', 'ADDED', 'REMOVED'] as const;

/** Items that were added, removed or changed since another version, with what differs within them. */
export function VersionChanges({ versionId, since }: { versionId: string; since: number }) {
  const [chosen, setChosen] = useState<Kind>();
  const [after, setAfter] = useState<readonly string[]>([]);
  const [{ data, error, fetching }, reload] = useQuery({
    query: DatasetChangesDocument,
    variables: { id: versionId, since, kind: chosen ?? 'CHANGED', afterKey: after.at(-1) ?? null },
  });
  const node = data?.node?.__typename === 'DatasetVersion' ? data.node : undefined;
  const changes = node?.changesSince;
  const counts = changes && { ADDED: changes.added, REMOVED: changes.removed, CHANGED: changes.changed };
  const best = counts && kinds.find((kind) => counts[kind] > 0);
  // The first look shows a kind that has something.
  if (counts && best && chosen === undefined && best !== 'CHANGED') setChosen(best);
  if (error && !node)
    return <FailureNotice failure={describeFailure(error)} onRetry={() => reload({ requestPolicy: 'network-only' })} />;
  if (!counts || !changes) return <Skeleton h={160} radius={12} />;
  if (!best) return <p className={listClasses.hint}>All {countWords(changes.unchanged, 'item')} are the same.</p>;
  const kind = chosen ?? 'CHANGED';
  const list = changes.items.changes;
  return (
    <>
      <div className={classes.head}>
        <SegmentedControl
          aria-label="Kind of change"
          data={kinds.map((each) => ({
            value: each,
            label: `${kindWords[each]} ${formatCount(counts[each])}`,
          }))}
          value={kind}
          onChange={(value) => {
            setChosen(value as Kind);
            setAfter([]);
          }}
        />
        <span>{countWords(changes.unchanged, 'item')} as before</span>
      </div>
      {list.length === 0 ? <p className={listClasses.hint}>None.</p> : null}
      <ul className={classes.list} aria-busy={fetching}>
        {list.map((change) => (
          <li key={`${change.kind} ${change.key}`} data-kind={change.kind}>
            <code>{change.key}</code>
            <ChangeBody change={change} />
          </li>
        ))}
      </ul>
      {after.length > 0 || changes.items.hasNextPage ? (
        <div className={listClasses.footer}>
          <Button
            size="xs"
            variant="default"
            disabled={after.length === 0}
            onClick={() => setAfter(after.slice(0, -1))}
          >
            Previous
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!changes.items.hasNextPage}
            onClick={() => setAfter([...after, list.at(-1)?.key ?? ''])}
          >
            Next
          </Button>
        </div>
      ) : null}
    </>
  );
}

const partNames = { input: 'Input', expected: 'Expected', cluster: 'Cluster', split: 'Split' } as const;

function ChangeBody({ change: { before, after, parts } }: { change: Change }) {
  const side = after ?? before;
  if (!before || !after)
    return (
      <p className={classes.text}>
        {side?.input.slice(0, 500)}
        {side?.expected ? <span className={classes.quiet}> expects {side.expected.slice(0, 200)}</span> : null}
      </p>
    );
  const old = before.fields as Record<string, unknown>;
  const now = after.fields as Record<string, unknown>;
  const fields = parts.includes('fields')
    ? [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
        (name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]),
      )
    : [];
  return (
    <dl className={classes.parts}>
      {(['input', 'expected', 'cluster', 'split'] as const)
        .filter((part) => parts.includes(part))
        .map((part) => (
          <div key={part}>
            <dt>{partNames[part]}</dt>
            <dd>
              <Difference before={before[part] ?? ''} after={after[part] ?? ''} />
            </dd>
          </div>
        ))}
      {fields.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Difference before={valueText(old[name])} after={valueText(now[name])} />
          </dd>
        </div>
      ))}
      {parts.includes('fields') && fields.length === 0 ? (
        <div>
          <dt>Fields</dt>
          <dd className={classes.quiet}>in another order</dd>
        </div>
      ) : null}
    </dl>
  );
}

function Difference({ before, after }: { before: string; after: string }) {
  const parts = useWordDiff(before, after);
  if (!parts) return <span className={classes.quiet}>comparing…</span>;
  return (
    <>
      {parts.map(({ kind, text }, index) =>
        kind === 'added' ? (
          <ins key={index}>{text}</ins>
        ) : kind === 'removed' ? (
          <del key={index}>{text}</del>
        ) : (
          <span key={index}>{text}</span>
        ),
      )}
    </>
  );
}
