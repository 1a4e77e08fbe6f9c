'use client';

import { Button, Select, Skeleton } from '@mantine/core';
import { IconBulb, IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useQuery } from 'urql';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { formatShare } from '../../format/number-format.ts';
import { BudgetBreachesDocument, type BudgetBreachesQuery, type BudgetBreachKind } from '../../gql/guardrails.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { ListPages } from '../../shell/list-pages.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import classes from './breaches-tab.module.css';
import { onChanged } from './budget-signal.ts';
import type { ListedBudget } from './budget-view.ts';
import { formatAmount } from './budget-words.ts';
import { sourceWords } from './source-words.ts';

type Breach = BudgetBreachesQuery['budgetBreaches']['edges'][number]['node'];

const pageSize = 15;
const kinds: Record<BudgetBreachKind, { word: string; tone: 'bad' | 'warn' | 'info' }> = {
  REFUSED: { word: 'Refused', tone: 'bad' },
  OVER_LIMIT: { word: 'Over the limit', tone: 'warn' },
  THRESHOLD: { word: 'Threshold', tone: 'info' },
};
const decisions = {
  SKIP_TO_NEXT: 'the next model was asked',
  CHEAPER_EQUIVALENT: 'a cheaper equivalent was asked',
  ASK_APPROVAL: 'an admin was asked',
  FAIL_FAST: 'it failed',
} as const;
const reasons = {
  BUDGET_EXCEEDED: 'not enough left',
  UNPRICED: 'price unknown',
  LEDGER_UNAVAILABLE: 'books not readable',
} as const;

/** What budgets met with, newest first, each with what to do about it. Filters and page live in the address. */
export function BreachesTab({ budgets }: { budgets: readonly ListedBudget[] | undefined }) {
  const [address, change] = useAddressState();
  const [budgetId, kind, after] = [address.get('budget'), address.get('kind'), address.get('after')];
  const variables = useMemo(
    () => ({
      first: pageSize,
      ...(after ? { after } : {}),
      filter: {
        ...(budgetId ? { budgetId } : {}),
        ...(kind && kind in kinds ? { kinds: [kind as BudgetBreachKind] } : {}),
      },
    }),
    [after, budgetId, kind],
  );
  const [{ data, error }, refetch] = useQuery({
    query: BudgetBreachesDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  useEffect(() => onChanged('breaches', () => refetch({ requestPolicy: 'network-only' })), [refetch]);
  const breaches = data?.budgetBreaches.edges.map(({ node }) => node);
  const isFiltered = budgetId !== null || kind !== null;
  if (error && !data)
    return (
      <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
    );
  return (
    <>
      <div className={tableClasses.filters}>
        <Select
          aria-label="Budget"
          placeholder="All budgets"
          clearable
          searchable
          w={240}
          data={(budgets ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={budgetId}
          onChange={(value) => change({ budget: value, after: null })}
        />
        <Select
          aria-label="Kind"
          placeholder="All kinds"
          clearable
          w={170}
          data={Object.entries(kinds).map(([value, { word }]) => ({ value, label: word }))}
          value={kind}
          onChange={(value) => change({ kind: value, after: null })}
        />
      </div>
      {!data && !error ? <Skeleton h={220} radius={12} aria-busy="true" /> : null}
      {breaches?.length === 0 ? (
        <EmptyState
          picture={<IconShieldCheck size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
          title={isFiltered ? 'Nothing matches' : 'No budget was breached'}
          action={
            isFiltered ? (
              <Button variant="default" onClick={() => change({ budget: null, kind: null, after: null })}>
                Clear the filter
              </Button>
            ) : (
              <Button component={AppLink} href="/guardrails" variant="default">
                Look at the budgets
              </Button>
            )
          }
        >
          A call that a budget refuses stands here with the figures of that moment, and with what would help: raise it,
          ask for a shorter answer, or use a cheaper model.
        </EmptyState>
      ) : null}
      {breaches && breaches.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={tableClasses.frame} tabIndex={0} aria-label="Breaches">
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Budget</th>
                <th scope="col">Call</th>
                <th scope="col" className={tableClasses.number}>
                  Asked for
                </th>
                <th scope="col" className={tableClasses.number}>
                  Used of limit
                </th>
                <th scope="col">What would help</th>
              </tr>
            </thead>
            <tbody>
              {breaches.map((breach) => (
                <BreachRow key={breach.id} breach={breach} />
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <ListPages list={data?.budgetBreaches} after={after} onChange={(cursor) => change({ after: cursor })} />
    </>
  );
}

function BreachRow({ breach }: { breach: Breach }) {
  const { word, tone } = kinds[breach.kind];
  const { unit } = breach;
  const used = Number(breach.spent) + Number(breach.reserved);
  const who = breach.member?.name ?? (breach.apiKey ? `key ${breach.apiKey.name}` : undefined);
  return (
    <tr>
      <td className={classes.when}>
        <time dateTime={breach.at} title={formatMoment(breach.at)}>
          {formatAge(breach.at, Date.now())}
        </time>
      </td>
      <td>
        <span className={classes.kind} data-tone={tone}>
          {breach.kind === 'THRESHOLD' && breach.threshold !== null ? `${formatShare(breach.threshold)} used` : word}
          {breach.occurrences > 1 ? ` ×${breach.occurrences}` : ''}
        </span>
        <span className={classes.sub}>
          {[breach.reason ? reasons[breach.reason] : '', breach.decision ? decisions[breach.decision] : '']
            .filter(Boolean)
            .join('; ')}
        </span>
      </td>
      <td className={classes.name}>{breach.budgetName}</td>
      <td>
        {breach.modelId}
        <span className={classes.sub}>
          {who ? `${who}, ` : ''}
          {breach.comparisonId ? (
            <AppLink href={`/compare?id=${encodeURIComponent(breach.comparisonId)}`}>
              {sourceWords(breach.source)}
            </AppLink>
          ) : (
            sourceWords(breach.source)
          )}{' '}
          <OriginBadge origin={breach.origin} isCompact />
        </span>
      </td>
      <td className={tableClasses.number}>{formatAmount(unit, breach.requested)}</td>
      <td className={tableClasses.number}>
        {formatAmount(unit, used)}
        <span className={classes.sub}>of {formatAmount(unit, breach.limit)}</span>
      </td>
      <td>
        <p className={classes.advice}>
          <IconBulb size={15} aria-hidden="true" />
          {breach.recommendation}
        </p>
      </td>
    </tr>
  );
}
