'use client';

import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconAdjustments, IconPlus } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { formatCount, formatUsd } from '../../format/number-format.ts';
import { HomeCapWindowsDocument, HomeDailyCapDocument, HomeSpendDocument } from '../../gql/home.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { BudgetBar } from '../guardrails/budget-bar.tsx';
import { ownTimeZone } from '../guardrails/budget-form-values.ts';
import { formatAmount, formatLeft } from '../guardrails/budget-words.ts';
import { dayBounds, formatChange, splitDays } from './day-hours.ts';
import classes from './home-page.module.css';
import { canDrawCap, SpendChart } from './spend-chart.tsx';
import { useShownOrigin } from './use-shown-origin.ts';

const refreshMs = 30_000;

/** What today cost, hour by hour, against the daily cap and the day before. Live and simulated money are looked at apart. */
export function SpendWidget() {
  const { origin, isKnown, isSimulatorRunning, choose } = useShownOrigin();
  const [now, setNow] = useState(Date.now);
  const { todayMs, yesterdayMs } = dayBounds(now);
  const today = new Date(todayMs).toISOString();
  const [{ data, error }, refetch] = useQuery({
    query: HomeSpendDocument,
    variables: { from: new Date(yesterdayMs).toISOString(), today, origin, timeZone: ownTimeZone() },
    pause: !isKnown,
    requestPolicy: 'cache-and-network',
  });
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return;
      setNow(Date.now());
      refetch({ requestPolicy: 'network-only' });
    }, refreshMs);
    return () => clearInterval(timer);
  }, [refetch]);
  const [{ data: caps }] = useQuery({ query: HomeDailyCapDocument, requestPolicy: 'cache-and-network' });
  const cap = useMemo(
    () =>
      caps?.budgets.edges
        .map(({ node }) => node)
        .filter(({ scope }) => scope.length === 0)
        .sort((a, b) => Number(a.effectiveLimit) - Number(b.effectiveLimit))[0],
    [caps],
  );
  const days = useMemo(
    () => (data ? splitDays(data.hours.startsAt, data.hours.series.costUsd, now) : undefined),
    [data, now],
  );
  const spent = Number(data?.today.totals.costUsd ?? 0);
  const changeText = days ? formatChange(spent, days.yesterdayUntilNow) : undefined;
  const unknown = data?.today.totals.callsWithUnknownCost ?? 0;
  return (
    <section className={classes.widget} data-wide aria-labelledby="spend-today" aria-busy={data ? undefined : true}>
      <div className={classes.head}>
        <h2 id="spend-today">Spent today</h2>
        {isSimulatorRunning ? (
          <SegmentedControl
            size="xs"
            aria-label="Whose money"
            value={origin}
            onChange={(value) => choose(value === 'LIVE' ? 'LIVE' : 'SIMULATED')}
            data={[
              { value: 'LIVE', label: 'Live' },
              { value: 'SIMULATED', label: 'Simulated' },
            ]}
          />
        ) : null}
      </div>
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!data && !error ? <Skeleton h={280} radius={8} /> : null}
      {data && days ? (
        <>
          <p className={classes.figureLine}>
            <strong>{formatUsd(spent)}</strong>
            <span>
              {formatCount(data.today.totals.calls)} {data.today.totals.calls === 1 ? 'call' : 'calls'}
            </span>
            <span>
              {changeText === undefined
                ? 'nothing yesterday by this time'
                : changeText === 'same'
                  ? 'as yesterday by this time'
                  : `${changeText} against yesterday by this time`}
            </span>
            {unknown > 0 ? <span>{unknown} of unknown cost</span> : null}
          </p>
          <SpendChart days={days} capUsd={cap ? Number(cap.effectiveLimit) : undefined} />
          <p className={classes.legend} aria-hidden="true">
            <span data-kind="today">today</span>
            <span data-kind="yesterday">yesterday</span>
            <span data-kind="hour">by hour</span>
            {cap && canDrawCap(days, Number(cap.effectiveLimit)) ? <span data-kind="cap">daily cap</span> : null}
          </p>
          {cap ? <CapBar cap={cap} origin={origin} now={now} /> : <NoCap />}
          <TopModels groups={data.today.groups} total={spent} />
        </>
      ) : null}
    </section>
  );
}

interface CapProps {
  cap: {
    id: string;
    name: string;
    unit: 'COST' | 'TOKENS' | 'REQUESTS';
    alertThresholds: readonly number[];
    effectiveLimit: string;
  };
  origin: 'LIVE' | 'SIMULATED';
  now: number;
}

/** What is left of the daily cap. */
function CapBar({ cap, origin, now }: CapProps) {
  const [{ data }] = useQuery({
    query: HomeCapWindowsDocument,
    variables: { id: cap.id },
    requestPolicy: 'cache-and-network',
  });
  const windows = data?.node?.__typename === 'Budget' ? data.node.windows : [];
  const window = windows.find((each) => each.origin === origin);
  const free = window?.free ?? cap.effectiveLimit;
  return (
    <div className={classes.cappedBy}>
      <p>
        <strong>{formatAmount('COST', free)} left</strong> of {formatAmount('COST', cap.effectiveLimit)} a day (
        {cap.name}){window?.resetsAt ? `, anew in ${formatLeft(Date.parse(window.resetsAt) - now)}` : ''}
        <AppLink href="/guardrails?adjust=1">
          <IconAdjustments size={14} aria-hidden="true" /> Adjust
        </AppLink>
      </p>
      <BudgetBar
        budget={cap}
        window={
          window ?? {
            __typename: 'BudgetWindow',
            windowId: 'unused',
            origin,
            subject: null,
            spent: '0',
            reserved: '0',
            free: cap.effectiveLimit,
            limit: cap.effectiveLimit,
            resetsAt: null,
            forecast: undefined,
          }
        }
      />
    </div>
  );
}

function NoCap() {
  return (
    <p className={classes.noCap}>
      <span>Nothing holds a day back yet.</span>
      <Button
        component={AppLink}
        href="/guardrails?new=budget"
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
      >
        Set a daily cap
      </Button>
    </p>
  );
}

interface Group {
  keys: readonly { value: string | null; label: string | null }[];
  totals: { calls: number; costUsd: string };
}

function TopModels({ groups, total }: { groups: readonly Group[]; total: number }) {
  if (groups.length === 0) return null;
  return (
    <div className={classes.topModels}>
      <h3>Top models today</h3>
      <ol>
        {groups.map(({ keys, totals }) => {
          const name = keys[0]?.label ?? keys[0]?.value ?? 'unknown';
          const share = total > 0 ? Number(totals.costUsd) / total : 0;
          return (
            <li key={keys[0]?.value ?? name}>
              <span className={classes.modelName}>{name}</span>
              <span className={classes.modelBar} aria-hidden="true">
                <span style={{ width: `${(share * 100).toFixed(1)}%` }} />
              </span>
              <span className={classes.modelCost}>
                {formatUsd(totals.costUsd)} · {formatCount(totals.calls)} {totals.calls === 1 ? 'call' : 'calls'}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
