'use client';

import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { HomeTodayDocument } from '../../gql/home.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { dayBounds } from './day-hours.ts';
import { todayFigures } from './today-figures.ts';
import classes from './today-widget.module.css';
import { useShownOrigin } from './use-shown-origin.ts';

const refreshMs = 20_000;
const minuteMs = 60_000;
const pages = ['/reports', '/health?tab=incidents', '/health'] as const;

/** Calls, error rate and speed of today against yesterday by this time; each leads to its page. */
export function TodayWidget() {
  const { origin, isKnown } = useShownOrigin();
  const [now, setNow] = useState(Date.now);
  const { todayMs, yesterdayMs } = dayBounds(now);
  // The minute that is under way counts, so that a call is seen at once.
  const untilMs = (Math.floor(now / minuteMs) + 1) * minuteMs;
  const [{ data, error }, refetch] = useQuery({
    query: HomeTodayDocument,
    variables: {
      today: new Date(todayMs).toISOString(),
      now: new Date(untilMs).toISOString(),
      yesterday: new Date(yesterdayMs).toISOString(),
      yesterdayNow: new Date(Math.min(todayMs, yesterdayMs + (untilMs - todayMs))).toISOString(),
      origin,
    },
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
  if (error && !data)
    return (
      <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
    );
  if (!data) return <Skeleton h={104} radius={12} aria-busy="true" />;
  const figures = todayFigures(data.today.total, data.yesterday.total);
  return (
    <section aria-label="Today against yesterday">
      <ul className={classes.figures}>
        {figures.map(({ name, value, change, isBetter }, index) => (
          <li key={name}>
            <p className={classes.name}>
              <AppLink href={pages[index] ?? '/health'}>{name}</AppLink>
              {index === 0 ? <OriginBadge origin={origin} isCompact /> : null}
            </p>
            <p className={classes.value}>{value}</p>
            <p className={classes.change} data-better={isBetter}>
              {change}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
