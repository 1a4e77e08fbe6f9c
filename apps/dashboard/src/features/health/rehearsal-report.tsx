'use client';

import { Skeleton } from '@mantine/core';
import { IconCheck, IconHelp, IconX } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { formatCount, formatDuration, formatUsd } from '../../format/number-format.ts';
import { RehearsalReportDocument, type RehearsalReportFieldsFragment } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import tableClasses from '../../shell/table.module.css';
import classes from './rehearsal-card.module.css';

const duration = (ms: number | null) => (ms === null ? 'not measured' : formatDuration(ms));

/** What a rehearsal showed: the promises and whether they were kept, times, calls, money, alerts. */
export function RehearsalReport({ id }: { id: string }) {
  const [{ data, error, fetching }, refetch] = useQuery({ query: RehearsalReportDocument, variables: { id } });
  const report = data?.node?.__typename === 'FailureRehearsal' ? data.node.report : undefined;
  if (error && !data)
    return (
      <FailureNotice failure={describeFailure(error)} onRetry={() => refetch({ requestPolicy: 'network-only' })} />
    );
  if (!data && fetching) return <Skeleton h={180} radius={8} aria-busy="true" />;
  if (!report) return <p className={classes.words}>It ended before there was anything to report.</p>;
  const facts: readonly (readonly [string, string])[] = [
    ['Noticed within', duration(report.timeToDetectMs)],
    [
      'Failed until noticed',
      report.failedCallsUntilDetected === null ? 'not measured' : formatCount(report.failedCallsUntilDetected),
    ],
    ['Switched, median', duration(report.failoverP50Ms)],
    ['Switched, p95', duration(report.failoverP95Ms)],
    ['Switched, longest', duration(report.failoverMaxMs)],
    ['Healthy again after', duration(report.timeToRecoverMs)],
    ['Answered itself after', duration(report.firstOwnAnswerMs)],
    ['Calls', formatCount(report.callsMade)],
    ['Rescued', formatCount(report.callsRescued)],
    ['Lost', formatCount(report.callsLost)],
    ['Cost without the failure', formatUsd(report.normalUsd)],
    ['Cost above it', formatUsd(report.extraUsd)],
    ['Paid for nothing', formatUsd(report.wastedUsd)],
  ];
  return (
    <div className={classes.report}>
      <Checks checks={report.checks} />
      <dl className={classes.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {report.unknownCosts > 0 ? (
        <p className={classes.words}>The cost of {formatCount(report.unknownCosts)} calls is not known.</p>
      ) : null}
      {report.alerts.length > 0 ? (
        <ul className={classes.alerts} aria-label="Alerts">
          {report.alerts.map(({ alertId, title, at }) => (
            <li key={`${alertId}${at}`}>
              {title} <time dateTime={at}>{formatMoment(at)}</time>
            </li>
          ))}
        </ul>
      ) : null}
      {report.errors.length > 0 ? (
        <ul className={classes.alerts} aria-label="What lost calls ended with">
          {report.errors.map((error) => (
            <li key={error}>{error}</li>
          ))}
        </ul>
      ) : null}
      {report.incident ? (
        <p className={classes.words}>
          <AppLink href={`/health?incident=${encodeURIComponent(report.incident.id)}`}>
            The incident that it brought about
          </AppLink>
        </p>
      ) : null}
    </div>
  );
}

function Checks({ checks }: { checks: RehearsalReportFieldsFragment['checks'] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={classes.checks} tabIndex={0} aria-label="Promises">
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Promise</th>
            <th scope="col">Target</th>
            <th scope="col">Measured</th>
            <th scope="col">Kept</th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ name, target, measured, isMet }) => {
            const [Icon, word, tone] =
              isMet === null
                ? ([IconHelp, 'unknown', 'idle'] as const)
                : isMet
                  ? ([IconCheck, 'yes', 'good'] as const)
                  : ([IconX, 'no', 'bad'] as const);
            return (
              <tr key={name}>
                <td>{name}</td>
                <td>{target}</td>
                <td>{measured}</td>
                <td>
                  <span className={classes.state} data-tone={tone}>
                    <Icon size={14} aria-hidden="true" /> {word}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
