'use client';

import { Button, Menu, Select, Skeleton } from '@mantine/core';
import { IconDownload, IconPrinter, IconSettings } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useQuery } from 'urql';
import { WeeklyReportListDocument, WeeklyReportOfWeekDocument, WeekSoFarDocument } from '../../gql/reports.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { useAddressState } from '../../shell/use-address-state.ts';
import { withoutTypes } from './export-groups.ts';
import { download } from './export-table.ts';
import { OriginSwitch } from './origin-switch.tsx';
import { ReportNav } from './report-nav.tsx';
import classes from './reports.module.css';
import { useReportOrigin } from './use-report-origin.ts';
import { weekWords } from './week-words.ts';
import { WeeklyReportView } from './weekly-report-view.tsx';

const SettingsDialog = dynamic(
  () => import('./report-settings-dialog.tsx').then((module) => module.ReportSettingsDialog),
  {
    ssr: false,
  },
);

const soFar = 'now';

/** A week of the team on one page: on the screen, on paper, as a file. */
export function WeeklyPage() {
  const [address, change] = useAddressState();
  const { origin, isKnown } = useReportOrigin();
  const [isSetting, setSetting] = useState(false);
  const [{ data: listed, error: listError }, relist] = useQuery({
    query: WeeklyReportListDocument,
    variables: { origin },
    pause: !isKnown,
    requestPolicy: 'cache-and-network',
  });
  const weeks = listed?.weeklyReports.edges.map(({ node }) => node.weekStart);
  const chosen = address.get('week') ?? weeks?.[0] ?? (weeks ? soFar : undefined);
  const isSoFar = chosen === soFar;
  const [{ data: stored, error: storedError }, retryStored] = useQuery({
    query: WeeklyReportOfWeekDocument,
    variables: { origin, ...(chosen ? { weekStart: chosen } : {}) },
    pause: !isKnown || chosen === undefined || isSoFar,
  });
  const [{ data: running, error: runningError }, retryRunning] = useQuery({
    query: WeekSoFarDocument,
    variables: { origin },
    pause: !isKnown || !isSoFar,
    requestPolicy: 'cache-and-network',
  });
  const report = isSoFar ? running?.weekSoFar : stored?.weeklyReport;
  const error = listError ?? (isSoFar ? runningError : storedError);
  const retry = () => {
    relist({ requestPolicy: 'network-only' });
    (isSoFar ? retryRunning : retryStored)({ requestPolicy: 'network-only' });
  };
  const choices = [
    { value: soFar, label: 'This week so far' },
    ...(weeks ?? []).map((week) => ({ value: week, label: `Week from ${weekWords(week)}` })),
  ];
  const fileName = report ? `switchyard-week-${report.weekStart}` : '';
  return (
    <>
      <PageHeader
        title="Weekly report"
        description="What a week cost, what was unusual, and what the calls show that could be saved."
        actions={<OriginSwitch origin={origin} />}
      />
      <ReportNav />
      <div className={classes.controls}>
        <Select
          aria-label="Week"
          w={220}
          allowDeselect={false}
          data={
            choices.some(({ value }) => value === chosen) || !chosen
              ? choices
              : [...choices, { value: chosen, label: `Week from ${chosen}` }]
          }
          value={chosen ?? null}
          onChange={(value) => change({ week: value })}
        />
        <Button
          variant="default"
          leftSection={<IconPrinter size={16} />}
          disabled={!report}
          onClick={() => window.print()}
        >
          Print or PDF
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDownload size={16} />} disabled={!report}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => report && download(`${fileName}.csv`, 'text/csv', report.csv)}>As CSV</Menu.Item>
            <Menu.Item
              onClick={() => {
                if (!report) return;
                const { csv: _csv, ...content } = report;
                download(`${fileName}.json`, 'application/json', `${JSON.stringify(content, withoutTypes, 2)}\n`);
              }}
            >
              As JSON
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button
          variant="default"
          leftSection={<IconSettings size={16} />}
          disabled={!listed}
          onClick={() => setSetting(true)}
        >
          Settings
        </Button>
      </div>
      {error && !report ? <FailureNotice failure={describeFailure(error)} onRetry={retry} /> : null}
      {!report && !error && stored?.weeklyReport !== null ? <Skeleton h={520} radius={12} aria-busy="true" /> : null}
      {!isSoFar && stored?.weeklyReport === null ? (
        <p className={classes.quiet}>
          There is no report of this week: there were no calls in it, or it was before reports were made.{' '}
          <Button size="compact-xs" mih={26} variant="subtle" onClick={() => change({ week: null })}>
            Show the latest one
          </Button>
        </p>
      ) : null}
      {isSoFar && weeks?.length === 0 ? (
        <p className={classes.quiet}>
          {listed?.reportSettings.isWeeklyOn
            ? 'The first report is made an hour after this week is over. Until then, this is how it goes.'
            : 'Weekly reports are switched off. This is how the week goes.'}
        </p>
      ) : null}
      {report ? <WeeklyReportView report={report} isSoFar={isSoFar} /> : null}
      {isSetting && listed ? (
        <SettingsDialog
          settings={listed.reportSettings}
          onClose={() => setSetting(false)}
          onSaved={() => {
            setSetting(false);
            retry();
          }}
        />
      ) : null}
    </>
  );
}
