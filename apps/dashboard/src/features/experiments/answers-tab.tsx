'use client';

import { Button, Select, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import {
  ExperimentAnswersDocument,
  type ExperimentAnswersQuery,
  type ExperimentFieldsFragment,
  type ExperimentItemsShown,
} from '../../gql/experiments.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AddressPages } from '../../shell/address-pages.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import tableClasses from '../../shell/table.module.css';
import { AnswerItem } from './answer-item.tsx';
import classes from './answers.module.css';
import { baselineOf, isLiveSplit, variantsOf } from './definition.ts';
import { EmptyTestsPicture } from './empty-tests-picture.tsx';
import type { AddressProps } from './experiment-list-page.tsx';

export type ShownItem = NonNullable<ExperimentAnswersQuery['experiment']>['foundItems']['edges'][number]['node'];

const pageSize = 10;
const choices: readonly { value: ExperimentItemsShown; label: string; none: string }[] = [
  { value: 'ALL', label: 'All answers', none: 'No item has all its answers yet.' },
  { value: 'DISAGREEMENTS', label: 'Disagreements', none: 'The metric that decides is the same on every item.' },
  { value: 'LOSSES', label: 'Worst losses', none: 'No variant does worse on any item.' },
  { value: 'FAILURES', label: 'Failures', none: 'Every answer came.' },
  { value: 'CONTAMINATED', label: 'Kept apart', none: 'No answer is spoilt by failover, fallback or a cache.' },
];

/** The answers item by item with the variants side by side; which items is in the address. */
export function AnswersTab({ experiment, address, onChange }: AddressProps & { experiment: ExperimentFieldsFragment }) {
  const { id, definition } = experiment;
  const variants = variantsOf(definition);
  const baseline = baselineOf(definition);
  // In a live split every item has one answer: there is nothing to compare within it.
  const offered = isLiveSplit(definition)
    ? choices.filter(({ value }) => value !== 'DISAGREEMENTS' && value !== 'LOSSES')
    : choices;
  const shown = offered.find(({ value }) => value === address.get('shown')) ?? choices[0]!;
  const of = variants.find(({ key }) => key === address.get('of') && key !== baseline)?.key ?? null;
  const after = address.get('after');
  const before = address.get('before');
  const page = before ? { last: pageSize, before } : { first: pageSize, ...(after ? { after } : {}) };
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ExperimentAnswersDocument,
    variables: { id, shown: shown.value, ...(of ? { variant: of } : {}), ...page },
    requestPolicy: 'cache-and-network',
  });
  const [ratings, setRatings] = useState<ReadonlyMap<string, number | null>>(new Map());
  const list = data?.experiment?.foundItems;
  const set = (values: Record<string, string | null>) => onChange({ ...values, after: null, before: null });
  return (
    <>
      <div className={tableClasses.filters}>
        <Select
          aria-label="Which items"
          w={190}
          allowDeselect={false}
          data={offered.map(({ value, label }) => ({ value, label }))}
          value={shown.value}
          onChange={(value) => set({ shown: value === 'ALL' ? null : value })}
        />
        {variants.length > 2 ? (
          <Select
            aria-label="Of which variant"
            placeholder="Any variant"
            clearable
            w={190}
            data={variants.filter(({ key }) => key !== baseline).map(({ key }) => ({ value: key, label: key }))}
            value={of}
            onChange={(value) => set({ of: value })}
          />
        ) : null}
        <span className={classes.hint}>
          {list ? `${list.totalCount} ${list.totalCount === 1 ? 'item' : 'items'}` : ''}
        </span>
      </div>
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!list && !error ? (
        <div aria-busy="true" className={classes.list}>
          <Skeleton h={220} radius={12} />
          <Skeleton h={220} radius={12} />
        </div>
      ) : null}
      {list && list.edges.length === 0 && !fetching ? (
        <EmptyState
          picture={<EmptyTestsPicture />}
          title={shown.value === 'ALL' ? 'Nothing is in yet' : 'None'}
          action={
            shown.value === 'ALL' ? undefined : (
              <Button variant="default" onClick={() => set({ shown: null, of: null })}>
                Show all answers
              </Button>
            )
          }
        >
          {shown.none}
        </EmptyState>
      ) : null}
      <ol className={classes.list} aria-label="Items">
        {(list?.edges ?? []).map(({ node }) => (
          <AnswerItem
            key={node.key}
            experimentId={id}
            definition={definition}
            item={node}
            ratings={ratings}
            onRated={(place, rating) => setRatings((known) => new Map(known).set(place, rating))}
          />
        ))}
      </ol>
      {list && (list.pageInfo.hasNextPage || list.pageInfo.hasPreviousPage) ? (
        <AddressPages list={list} nouns={['item', 'items']} onChange={onChange} />
      ) : null}
    </>
  );
}
