'use client';

import { Button, Menu, Select, Skeleton } from '@mantine/core';
import { IconDownload, IconTable, IconX } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { type MetricDimension, ReportExploreDocument } from '../../gql/reports.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { ownTimeZone } from '../guardrails/budget-form-values.ts';
import { exportGroups } from './export-groups.ts';
import { FigureTiles } from './figure-tiles.tsx';
import { FrontierChart } from './frontier-chart.tsx';
import type { FrontierPoint } from './frontier-points.ts';
import { GroupTable } from './group-table.tsx';
import { OriginSwitch } from './origin-switch.tsx';
import { RangeFields } from './range-fields.tsx';
import { ReportChart } from './report-chart.tsx';
import { chartFigureOf, chartFigures, type ExploreGroup, type ExploreReport, keyOf, nameOf } from './report-figures.ts';
import {
  type DimensionFilter,
  dimensions,
  filterName,
  filtersOf,
  fitsBeside,
  groupingOf,
  groupingText,
  labelOf,
  toFilterInput,
} from './report-filters.ts';
import { ReportNav } from './report-nav.tsx';
import { rangeOf } from './report-range.ts';
import classes from './reports.module.css';
import { useReportOrigin } from './use-report-origin.ts';

const CallsDrawer = dynamic(() => import('./calls-drawer.tsx').then((module) => module.CallsDrawer), { ssr: false });

const refreshMs = 60_000;

/** Spend, calls, speed and quality by any two groupings; every figure leads to its calls. All choices are in the address. */
export function ExplorePage() {
  const [address, change] = useAddressState();
  const { origin, isKnown } = useReportOrigin();
  const [nowMs, setNow] = useState(Date.now);
  const [opened, setOpened] = useState<{ title: string; filters: readonly DimensionFilter[] }>();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, refreshMs);
    return () => clearInterval(timer);
  }, []);
  const by = useMemo(() => groupingOf(address), [address]);
  const filters = useMemo(() => filtersOf(address, by), [address, by]);
  const range = useMemo(() => rangeOf(address, nowMs), [address, nowMs]);
  const figure = chartFigureOf(address.get('figure'));
  const filter = toFilterInput(filters);
  const [{ data, error, stale }, retry] = useQuery({
    query: ReportExploreDocument,
    variables: {
      ...{ from: range.from, to: range.to, origin, by: [...by], interval: range.interval, timeZone: ownTimeZone() },
      ...(filter ? { filter } : {}),
    },
    pause: !isKnown,
    requestPolicy: 'cache-and-network',
  });
  // While the next minute is asked for, the last one stays.
  const [shown, setShown] = useState<{ key: string; report: ExploreReport }>();
  const key = `${origin} ${groupingText(by)} ${address.toString()}`;
  useEffect(() => {
    if (data) setShown({ key, report: data.metrics });
  }, [data, key]);
  const report = data?.metrics ?? (shown?.key === key ? shown.report : undefined);
  const group = (first: MetricDimension, second: MetricDimension | null) => {
    const next = second && second !== first ? [first, second] : [first];
    const kept = filters.filter(({ dimension }) => fitsBeside(dimension, next));
    const dropped = filters.filter((each) => !kept.includes(each));
    change({
      by: groupingText(next),
      ...Object.fromEntries(dropped.map(({ dimension }) => [filterName(dimension), null])),
    });
  };
  const ofGroup = (chosen: ExploreGroup): readonly DimensionFilter[] => [
    ...filters.filter(({ dimension }) => !chosen.values.some((own) => own.dimension === dimension)),
    ...chosen.values.map(({ dimension, value }) => ({ dimension, value })),
  ];
  const narrow = (chosen: ExploreGroup) =>
    change(Object.fromEntries(chosen.values.map(({ dimension, value }) => [filterName(dimension), value])));
  const isEmpty = report !== undefined && report.total.calls === 0;
  const points = pointsOf(report);
  return (
    <>
      <PageHeader
        title="Reports"
        description="What calls cost, how fast and how good they were; by any two groupings, beside the period before."
        actions={<OriginSwitch origin={origin} />}
      />
      <ReportNav />
      <div className={classes.controls}>
        <RangeFields />
        <Select
          aria-label="Group by"
          w={150}
          allowDeselect={false}
          data={dimensions.map(({ value, label }) => ({
            value,
            label: `By ${label.toLowerCase().replace('api', 'API')}`,
          }))}
          value={by[0] ?? 'MODEL'}
          onChange={(value) => value && group(value as MetricDimension, by[1] ?? null)}
        />
        <Select
          aria-label="Then by"
          placeholder="and by …"
          w={150}
          clearable
          data={dimensions
            .filter(({ value }) => value !== by[0])
            .map(({ value, label }) => ({ value, label: `and ${label.toLowerCase().replace('api', 'API')}` }))}
          value={by[1] ?? null}
          onChange={(value) => group(by[0] ?? 'MODEL', value as MetricDimension | null)}
        />
        <Select
          aria-label="Figure of the chart"
          w={140}
          allowDeselect={false}
          data={chartFigures.map(({ value, label }) => ({ value, label }))}
          value={figure.value}
          onChange={(value) => change({ figure: value === 'cost' ? null : value })}
        />
        <Button variant="default" leftSection={<IconTable size={16} />} onClick={() => group('PROVIDER', 'ROLE')}>
          Provider × role
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDownload size={16} />} disabled={!report || isEmpty}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => report && exportGroups('csv', report)}>As CSV</Menu.Item>
            <Menu.Item onClick={() => report && exportGroups('json', report)}>As JSON</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {filters.length > 0 ? (
        <ul className={classes.pills} aria-label="Filters">
          {filters.map(({ dimension, value }) => (
            <li key={dimension}>
              <Button
                size="compact-sm"
                variant="light"
                rightSection={<IconX size={13} aria-hidden="true" />}
                aria-label={`Take away ${labelOf(dimension)} ${value}`}
                onClick={() => change({ [filterName(dimension)]: null })}
              >
                {labelOf(dimension)}: {labelIn(report, dimension, value)}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {error && !report ? (
        <FailureNotice failure={describeFailure(error)} onRetry={() => retry({ requestPolicy: 'network-only' })} />
      ) : null}
      {!report && !error ? <ExploreSkeleton /> : null}
      {isEmpty ? (
        <EmptyState
          title={`No ${origin === 'LIVE' ? 'live' : 'simulated'} calls in ${range.words}`}
          action={
            filters.length > 0 ? (
              <Button
                variant="default"
                onClick={() =>
                  change(Object.fromEntries(filters.map(({ dimension }) => [filterName(dimension), null])))
                }
              >
                Clear the filters
              </Button>
            ) : (
              <Button component={AppLink} href="/compare">
                Run a comparison
              </Button>
            )
          }
        >
          Every call to a model is counted here a moment after it ended, with its cost, speed and outcome.
        </EmptyState>
      ) : null}
      {report && !isEmpty ? (
        <div className={classes.stack} aria-busy={stale || undefined}>
          <FigureTiles report={report} />
          <ReportChart report={report} figure={figure} isHourly={range.interval === 'HOUR'} />
          {report.groups.length > 0 ? (
            <>
              <GroupTable
                groups={report.groups}
                onNarrow={narrow}
                onCalls={(chosen) => setOpened({ title: nameOf(chosen), filters: ofGroup(chosen) })}
              />
              <p className={classes.quiet}>
                {report.groupCount > report.groups.length
                  ? `The ${report.groups.length} groups with the most calls of ${report.groupCount}. `
                  : ''}
                Calls without a value are in the totals and in no group.{' '}
                <Button
                  size="compact-xs"
                  mih={26}
                  variant="subtle"
                  onClick={() => setOpened({ title: 'all', filters })}
                >
                  All calls
                </Button>
              </p>
            </>
          ) : (
            <p className={classes.quiet}>
              No call of {range.words} has a {by.map((dimension) => labelOf(dimension).toLowerCase()).join(' and a ')}.
            </p>
          )}
          {points.length > 1 ? <FrontierChart points={points} /> : null}
        </div>
      ) : null}
      {opened ? <CallsDrawer range={range} origin={origin} {...opened} onClose={() => setOpened(undefined)} /> : null}
    </>
  );
}

/** Groups of which both is known. */
function pointsOf(report: ExploreReport | undefined): readonly FrontierPoint[] {
  return (report?.groups ?? []).flatMap((group) =>
    group.quality && group.figures.costPerSuccessUsd !== null
      ? [
          {
            ...{ key: keyOf(group), label: nameOf(group), cost: Number(group.figures.costPerSuccessUsd) },
            ...{ quality: group.quality.mean, low: group.quality.low, high: group.quality.high },
            judged: group.quality.judgedCalls,
          },
        ]
      : [],
  );
}

function labelIn(report: ExploreReport | undefined, dimension: MetricDimension, value: string): string {
  const values = report?.groups.flatMap((group) => group.values) ?? [];
  return values.find((own) => own.dimension === dimension && own.value === value)?.label ?? value;
}

function ExploreSkeleton() {
  return (
    <div className={classes.stack} aria-busy="true">
      <Skeleton h={92} radius={12} />
      <Skeleton h={290} radius={12} />
      <div className={tableClasses.frame}>
        <Skeleton h={240} radius={12} />
      </div>
    </div>
  );
}
