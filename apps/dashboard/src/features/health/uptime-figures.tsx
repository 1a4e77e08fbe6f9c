import { Skeleton } from '@mantine/core';
import type { HealthHistoryFragment } from '../../gql/health.ts';
import { formatUptime } from './health-words.ts';
import classes from './uptime-figures.module.css';

const spanWords: Readonly<Record<number, string>> = { 1: '24 hours', 7: '7 days', 30: '30 days', 90: '90 days' };

/** Uptime over a day, a week, a month and a quarter, each with the part of that time of which anything is known. */
export function UptimeFigures({ history }: { history: HealthHistoryFragment | undefined }) {
  if (!history) return <Skeleton h={56} radius={8} aria-busy="true" />;
  return (
    <dl className={classes.figures} aria-label="Uptime">
      {history.uptimes.map(({ days, uptime, knownShare }) => (
        <div key={days}>
          <dt>{spanWords[days] ?? `${days} days`}</dt>
          <dd>{uptime === null ? 'unknown' : formatUptime(uptime)}</dd>
          <dd className={classes.known}>{knownWords(knownShare)}</dd>
        </div>
      ))}
    </dl>
  );
}

function knownWords(share: number): string {
  if (share >= 0.9995) return 'all of it known';
  if (share <= 0) return 'nothing known';
  const percent = share * 100;
  return `${percent < 0.1 ? 'under 0.1' : percent.toFixed(1)} % of it known`;
}
