'use client';

import { SegmentedControl, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatUtcDay } from '../../format/date-format.ts';
import { formatCount, formatDuration, formatUsd } from '../../format/number-format.ts';
import { FailoverActivityDocument, type FailoverActivityQuery } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import { formatLeft } from '../guardrails/budget-words.ts';
import classes from './failover-tab.module.css';
import { reasonInWords } from './failover-words.ts';

const refreshMs = 30_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;

type Activity = FailoverActivityQuery['failoverActivity'];

/** How often others stood in, for how long, and what it cost; live and simulated apart. */
export function FailoverActivity() {
  const isSimulated = useWorkspace()?.installation.isSimulatorRunning === true;
  const [days, setDays] = useState('7');
  const [chosen, setChosen] = useState<'LIVE' | 'SIMULATED'>();
  const origin = chosen ?? (isSimulated ? 'SIMULATED' : 'LIVE');
  const now = useNow(true, refreshMs);
  // The minute that is under way counts.
  const toMs = (Math.floor(now / minuteMs) + 1) * minuteMs;
  const range = {
    from: new Date(toMs - Number(days) * dayMs).toISOString(),
    to: new Date(toMs).toISOString(),
  };
  const [{ data, error }, refetch] = useQuery({
    query: FailoverActivityDocument,
    variables: { range: { ...range, origin } },
    requestPolicy: 'cache-and-network',
  });
  return (
    <section className={classes.section} aria-labelledby="failover-activity">
      <header className={classes.head}>
        <div>
          <h2 id="failover-activity">What failover did</h2>
          <p>Requests that another model answered, and what that cost. Rehearsals do not count.</p>
        </div>
        <div className={classes.controls}>
          {isSimulated ? (
            <SegmentedControl
              size="xs"
              aria-label="Whose calls"
              value={origin}
              onChange={(value) => setChosen(value === 'LIVE' ? 'LIVE' : 'SIMULATED')}
              data={[
                { value: 'LIVE', label: 'Live' },
                { value: 'SIMULATED', label: 'Simulated' },
              ]}
            />
          ) : null}
          <SegmentedControl
            size="xs"
            aria-label="Over how many days"
            value={days}
            onChange={setDays}
            data={['1', '7', '30', '90'].map((value) => ({ value, label: value === '1' ? '24 h' : `${value} days` }))}
          />
        </div>
      </header>
      {error && !data ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
      ) : null}
      {!data && !error ? <Skeleton h={120} radius={12} aria-busy="true" /> : null}
      {data ? <Figures activity={data.failoverActivity} /> : null}
    </section>
  );
}

function Figures({ activity }: { activity: Activity }) {
  const { rescued, lost, extraUsd, wastedUsd, unknownCosts, meanFailoverMs, maxFailoverMs, outages, flows, days } =
    activity;
  const facts: readonly (readonly [string, string, string])[] = [
    ['Rescued', formatCount(rescued), rescued === 1 ? 'request' : 'requests'],
    ['Lost', formatCount(lost), 'answered by nobody'],
    ['Switched within', meanFailoverMs === null ? '—' : formatDuration(meanFailoverMs), maxWords(maxFailoverMs)],
    ['Cost above', formatUsd(extraUsd), 'what was asked for'],
    [
      'Paid for nothing',
      formatUsd(wastedUsd),
      unknownCosts > 0 ? `${unknownCosts} of unknown cost` : 'broken attempts',
    ],
    [
      'Passed over',
      formatCount(outages),
      outages === 0 ? 'times' : `times, ${formatLeft(activity.outageSeconds * 1000)}`,
    ],
  ];
  return (
    <>
      <dl className={classes.figures}>
        {facts.map(([term, value, more]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
            <dd>{more}</dd>
          </div>
        ))}
      </dl>
      {rescued + lost === 0 ? (
        <p className={classes.quiet}>No request needed another model in this time.</p>
      ) : (
        <>
          <Days days={days} />
          <Flows flows={flows} />
        </>
      )}
    </>
  );
}

const maxWords = (ms: number | null) => (ms === null ? 'no call failed' : `${formatDuration(ms)} at most`);

function Days({ days }: { days: Activity['days'] }) {
  const most = Math.max(1, ...days.map(({ rescued, lost }) => rescued + lost));
  return (
    <ul className={classes.days} aria-label="Day by day">
      {days.map(({ at, rescued, lost, costUsd }) => (
        <li key={at}>
          <span>{formatUtcDay(at)}</span>
          <span className={classes.track} aria-hidden="true">
            <span data-kind="rescued" style={{ width: `${(rescued / most) * 100}%` }} />
            <span data-kind="lost" style={{ width: `${(lost / most) * 100}%` }} />
          </span>
          <span className={classes.dayWords}>
            {formatCount(rescued)} rescued, {formatCount(lost)} lost, {formatUsd(costUsd)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Flows({ flows }: { flows: Activity['flows'] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Who stood in for whom">
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Asked for</th>
            <th scope="col">Answered</th>
            <th scope="col">Why</th>
            {['Requests', 'Switched within', 'Cost above', 'For nothing'].map((head) => (
              <th key={head} scope="col" className={tableClasses.number}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {flows.map(({ fromModelId, toModelId, reason, requests, meanFailoverMs, extraUsd, wastedUsd }) => (
            <tr key={`${fromModelId} ${toModelId} ${reason}`}>
              <td>{fromModelId}</td>
              <td>{toModelId ?? 'nobody'}</td>
              <td>{reasonInWords(reason)}</td>
              <td className={tableClasses.number}>{formatCount(requests)}</td>
              <td className={tableClasses.number}>{meanFailoverMs === null ? '—' : formatDuration(meanFailoverMs)}</td>
              <td className={tableClasses.number}>{formatUsd(extraUsd)}</td>
              <td className={tableClasses.number}>{formatUsd(wastedUsd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
