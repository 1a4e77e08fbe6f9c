'use client';

import { Skeleton, Tabs } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useCallback, useMemo, useRef, useState } from 'react';
import { AppLink } from '../../shell/app-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useNow } from '../../shell/use-now.ts';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { EmptyRunsPicture } from './empty-runs-picture.tsx';
import { RunApprovals } from './run-approvals.tsx';
import { RunFailure } from './run-failure.tsx';
import { RunFigures } from './run-figures.tsx';
import { addressOf, filtersOf } from './run-filters.ts';
import { RunHeader } from './run-header.tsx';
import type { AddressProps } from './run-list-page.tsx';
import { RunMarks } from './run-marks.tsx';
import classes from './run-page.module.css';
import { isEnded } from './run-record.ts';
import { runTitle } from './run-words.ts';
import { firstStepToShow, keepUnchanged, type ShownStep, shownState, shownSteps } from './shown-run.ts';
import { StepList } from './step-list.tsx';
import { StepPanel } from './step-panel.tsx';
import { type OpenRun, useRun, useStream } from './use-run.ts';

const RunGraph = dynamic(() => import('./run-graph.tsx').then((module) => module.RunGraph), {
  ssr: false,
  loading: () => <Skeleton h={160} radius={12} />,
});
const Waterfall = dynamic(() => import('./waterfall.tsx').then((module) => module.Waterfall), { ssr: false });
const TelemetryTab = dynamic(() => import('./telemetry-tab.tsx').then((module) => module.TelemetryTab), { ssr: false });
const ValuesTab = dynamic(() => import('./values-tab.tsx').then((module) => module.ValuesTab), { ssr: false });

const tabs = ['steps', 'waterfall', 'telemetry', 'values'] as const;
type Tab = (typeof tabs)[number];

/** One run: how it stands, what every step wrote and who wrote it, and the way on. */
export function RunPage({ id, address, onChange }: AddressProps & { id: string }) {
  const { open, isMissing, failure, status, reload } = useRun(id);
  usePageTitle(open ? runTitle(open.run) : undefined);
  const back = addressOf(filtersOf(address));
  if (failure) return <FailureNotice failure={failure} onRetry={reload} />;
  if (isMissing)
    return (
      <EmptyState
        picture={<EmptyRunsPicture />}
        title="There is no such run"
        action={<AppLink href={`/runs${back ? `?${back}` : ''}`}>All runs</AppLink>}
      >
        It was deleted, or the address belongs to another team.
      </EmptyState>
    );
  if (!open) return <RunSkeleton />;
  return <Loaded open={open} status={status} address={address} onChange={onChange} reload={reload} />;
}

interface LoadedProps extends AddressProps {
  open: OpenRun;
  status: ReturnType<typeof useRun>['status'];
  reload(): void;
}

function Loaded({ open, status, address, onChange, reload }: LoadedProps) {
  const { run, store } = open;
  const liveSteps = useStream(store, (record) => record.steps);
  const liveState = useStream(store, (record) => record.state);
  const stateSeq = useStream(store, (record) => record.stateSeq);
  const hasGap = useStream(store, (record) => record.hasGap);
  const before = useRef<readonly ShownStep[]>([]);
  const steps = useMemo(() => {
    before.current = keepUnchanged(before.current, shownSteps(run, liveSteps));
    return before.current;
  }, [run, liveSteps]);
  const state = shownState(run, { state: liveState, stateSeq });
  const isOver = isEnded(state);
  const now = useNow(!isOver, 250);
  const nowMs = now + store.clockSkewMs;
  const [chosen, setChosen] = useState<string>();
  const wanted = address.get('step') ?? chosen;
  const selected = steps.find(({ details }) => details.stepId === wanted)?.details.stepId ?? firstStepToShow(steps);
  const step = steps.find(({ details }) => details.stepId === selected);
  const latestChange = useRef(onChange);
  latestChange.current = onChange;
  const select = useCallback((stepId: string) => {
    setChosen(stepId);
    latestChange.current({ step: stepId, tab: null });
  }, []);
  const tab = (tabs.includes(address.get('tab') as Tab) ? address.get('tab') : 'steps') as Tab;
  return (
    <RunMarks run={run}>
      <RunHeader open={open} state={state} address={address} onChange={onChange} reload={reload} />
      <p className="visually-hidden" role="status">
        {isOver ? `The run is ${state.toLowerCase()}.` : ''}
      </p>
      {status === 'reconnecting' || status === 'refused' || hasGap ? (
        <p className={classes.stream} role="status">
          {status === 'reconnecting'
            ? 'The connection was lost; it is taken up again where it broke off.'
            : hasGap
              ? 'A part of the text was missed. Load the page again to see all of it.'
              : 'The server ended the stream. Load the page again to go on watching.'}
        </p>
      ) : null}
      {run.contentRemovedAt ? (
        <p className={classes.stream} role="status">
          Inputs, prompts and answers of this run are not kept, by the{' '}
          <AppLink href="/team?tab=settings">settings of the team</AppLink>. What its calls took and cost stays.
        </p>
      ) : null}
      <RunFigures run={run} steps={steps} state={state} nowMs={nowMs} />
      <RunFailure run={run} state={state} steps={steps} onOpenStep={select} />
      <RunApprovals run={run} onDecided={reload} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => onChange({ tab: value === 'steps' ? null : value })}
        className={classes.tabs}
      >
        <Tabs.List className={classes.tabList} aria-label="Parts of the run">
          <Tabs.Tab value="steps">Steps</Tabs.Tab>
          <Tabs.Tab value="waterfall">Waterfall</Tabs.Tab>
          <Tabs.Tab value="telemetry">Models</Tabs.Tab>
          <Tabs.Tab value="values">Inputs and outputs</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="steps">
          <RunGraph run={run} steps={steps} selected={selected} nowMs={nowMs} onSelect={select} />
          <div className={classes.columns}>
            <StepList steps={steps} selected={selected} nowMs={nowMs} onSelect={select} />
            {step ? (
              <StepPanel
                key={step.details.stepId}
                open={open}
                step={step}
                isOver={isOver}
                nowMs={nowMs}
                reload={reload}
              />
            ) : null}
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="waterfall">
          <Waterfall open={open} isOver={isOver} nowMs={nowMs} onOpenStep={select} />
        </Tabs.Panel>
        <Tabs.Panel value="telemetry">
          <TelemetryTab run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="values">
          <ValuesTab run={run} />
        </Tabs.Panel>
      </Tabs>
    </RunMarks>
  );
}

function RunSkeleton() {
  return (
    <div aria-busy="true" className={classes.skeleton}>
      <Skeleton h={28} w={280} maw="70%" />
      <Skeleton h={72} radius={12} />
      <Skeleton h={160} radius={12} />
      <div className={classes.columns}>
        <Skeleton h={260} radius={12} />
        <Skeleton h={320} radius={12} />
      </div>
    </div>
  );
}
