'use client';

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPlayerStopFilled, IconRefresh, IconRepeat } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { RunNeighboursDocument } from '../../gql/runs.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { BackLink } from '../../shell/back-link.tsx';
import { CopyButton } from '../../shell/copy-button.tsx';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { editorHref } from '../workflows/listed-workflow.ts';
import { RunStateBadge } from './run-badges.tsx';
import { addressOf, filterInput, filtersOf } from './run-filters.ts';
import classes from './run-header.module.css';
import type { AddressProps } from './run-list-page.tsx';
import { isEnded, type RunState } from './run-record.ts';
import { runAddress } from './run-table.tsx';
import { runTitle, startedByWords, versionWords } from './run-words.ts';
import type { OpenRun } from './use-run.ts';
import { useRunActions } from './use-run-actions.ts';

const RerunDrawer = dynamic(() => import('./rerun-drawer.tsx').then((module) => module.RerunDrawer), { ssr: false });

interface Props extends AddressProps {
  open: OpenRun;
  state: RunState;
  reload(): void;
}

/** What is run, how it stands, and what can be done with it; the way to the runs before and after it in the list it was opened from. */
export function RunHeader({ open: { run }, state, address, onChange, reload }: Props) {
  const actions = useRunActions(run.id, reload);
  const isRerunning = address.get('rerun') === '1';
  const filters = useMemo(() => filtersOf(address), [address]);
  const version = versionWords(run.workflowVersion);
  const isOver = isEnded(state);
  const back = addressOf(filters);
  return (
    <header className={classes.header}>
      <div className={classes.top}>
        <BackLink href={`/runs${back ? `?${back}` : ''}`}>{back ? 'Runs, filtered' : 'Runs'}</BackLink>
        <Neighbours runId={run.id} address={address} />
      </div>
      <div className={classes.line}>
        <div className={classes.words}>
          <h1 className={classes.title}>{runTitle(run)}</h1>
          {version ? <span className={classes.version}>{version}</span> : null}
          <RunStateBadge state={state} />
          {run.origin ? <OriginBadge origin={run.origin} isCompact /> : null}
        </div>
        <div className={classes.actions}>
          <CopyButton value={() => location.href} label="Copy the link" size={34} />
          {isOver ? null : (
            <Button
              variant="default"
              color="red"
              leftSection={<IconPlayerStopFilled size={14} />}
              disabled={state === 'CANCELLING'}
              loading={actions.isBusy}
              onClick={actions.cancel}
            >
              Stop the run
            </Button>
          )}
          {state === 'FAILED' || state === 'CANCELLED' ? (
            <Button leftSection={<IconRefresh size={15} />} loading={actions.isBusy} onClick={() => actions.retry()}>
              Retry
            </Button>
          ) : null}
          {isOver ? (
            <Button
              variant={state === 'COMPLETED' ? 'filled' : 'default'}
              leftSection={<IconRepeat size={15} />}
              onClick={() => onChange({ rerun: '1' })}
            >
              Rerun with changes
            </Button>
          ) : null}
        </div>
      </div>
      <p className={classes.under}>
        <Tooltip label={formatMoment(run.createdAt)}>
          <time dateTime={run.createdAt}>{formatAge(run.createdAt, Date.now())}</time>
        </Tooltip>
        <span>by {startedByWords(run)}</span>
        {run.previewStepId ? <span>only the step {run.previewStepId}</span> : null}
        {run.retries > 0 ? <span>retried {run.retries === 1 ? 'once' : `${run.retries} times`}</span> : null}
        {run.rerunOfId ? (
          <AppLink href={runAddress(run.rerunOfId, back)} className={classes.link}>
            repeats an earlier run
          </AppLink>
        ) : null}
        {run.workflow ? (
          <AppLink href={editorHref(run.workflow.id)} className={classes.link}>
            open the workflow
          </AppLink>
        ) : null}
        {run.tags.map((tag) => (
          <span key={tag} className={classes.tag}>
            {tag}
          </span>
        ))}
      </p>
      {isRerunning && isOver ? (
        <RerunDrawer run={run} filters={back} onClose={() => onChange({ rerun: null })} />
      ) : null}
    </header>
  );
}

function Neighbours({ runId, address }: { runId: string; address: URLSearchParams }) {
  const [nowMs] = useState(Date.now);
  const filters = useMemo(() => filtersOf(address), [address]);
  const filter = useMemo(() => filterInput(filters, nowMs), [filters, nowMs]);
  const [{ data }] = useQuery({
    query: RunNeighboursDocument,
    variables: { id: runId, filter },
    requestPolicy: 'cache-and-network',
  });
  const newer = data?.newer.edges[0]?.node.id;
  const older = data?.older.edges[0]?.node.id;
  const back = addressOf(filters);
  const to = (id: string | undefined, label: string, Icon: typeof IconChevronLeft) =>
    id === undefined ? (
      <ActionIcon disabled aria-label={label}>
        <Icon size={17} />
      </ActionIcon>
    ) : (
      <ActionIcon component={AppLink} href={runAddress(id, back)} aria-label={label}>
        <Icon size={17} />
      </ActionIcon>
    );
  return (
    <nav className={classes.neighbours} aria-label="Other runs of the list">
      {to(newer, 'Newer run', IconChevronLeft)}
      {to(older, 'Older run', IconChevronRight)}
    </nav>
  );
}
