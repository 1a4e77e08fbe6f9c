'use client';

import { Button, Select } from '@mantine/core';
import { IconRefresh, IconRoute } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useMemo, useState } from 'react';
import { formatDuration, formatUsd } from '../../format/number-format.ts';
import { StepTypeIcon } from '../workflows/step-type-icon.tsx';
import { stepTypeWords } from '../workflows/step-words.ts';
import { laneAt } from './lane-at.ts';
import { ReplayBar } from './replay-bar.tsx';
import { RunApprovalCard } from './run-approval-card.tsx';
import { StepStateSign } from './run-badges.tsx';
import type { RunLane } from './run-record.ts';
import { nameOfStep, remedyOf, type ShownStep, stepDurationMs } from './shown-run.ts';
import { StepLane } from './step-lane.tsx';
import { StepOutput } from './step-output.tsx';
import classes from './step-panel.module.css';
import { StepQuestion } from './step-question.tsx';
import { type OpenRun, useStream } from './use-run.ts';
import { useRunActions } from './use-run-actions.ts';
import { useStepLanes } from './use-step-lanes.ts';

const StepWhy = dynamic(() => import('./step-why.tsx').then((module) => module.StepWhy), { ssr: false });

interface Props {
  open: OpenRun;
  step: ShownStep;
  isOver: boolean;
  nowMs: number;
  reload(): void;
}

/** More lanes are chosen from by entry. */
const mostShownLanes = 8;
const overStates = new Set(['COMPLETED', 'FAILED', 'SKIPPED']);

/** One step: what it was asked, what every model wrote, how it ended, and the way on. */
export function StepPanel({ open, step, isOver, nowMs, reload }: Props) {
  const { run } = open;
  const { details, state } = step;
  const { stepId } = details;
  const actions = useRunActions(run.id, reload);
  const [asksWhy, setAsksWhy] = useState(false);
  const lanes = useStepLanes(open, stepId);
  const entries = useStream(open.store, (record) => record.entries);
  const [item, setItem] = useState<string | null>(null);
  const [replayMs, setReplayMs] = useState<number | null>(null);
  const items = useMemo(() => [...new Set(lanes.flatMap(({ place }) => place.itemIndex ?? []))], [lanes]);
  const shown = lanes
    .filter(({ place }) => item === null || String(place.itemIndex) === item)
    .slice(0, mostShownLanes)
    .map((lane): RunLane => (replayMs === null ? lane : laneAt(lane, replayMs)));
  const durationMs = stepDurationMs(step, nowMs);
  const cost = details.totals.reduce((sum, { costUsd }) => sum + Number(costUsd), 0);
  const isStepOver = overStates.has(state) || (isOver && state !== 'PENDING');
  const isWhole = lanes.length > 0 && lanes.every(({ marks }) => marks.length > 0);
  return (
    <section className={classes.panel} aria-labelledby="step-title">
      <header className={classes.header}>
        <span className={classes.kind}>
          <StepTypeIcon type={details.type.toLowerCase() as 'prompt'} />
          {stepTypeWords[details.type.toLowerCase() as 'prompt'].label}
        </span>
        <h2 className={classes.title} id="step-title">
          {nameOfStep(details)}
        </h2>
        <StepStateSign state={state} isWordy />
        <span className={classes.facts}>
          {durationMs === undefined || state === 'SKIPPED' ? null : <span>{formatDuration(durationMs)}</span>}
          {cost > 0 ? <span>{formatUsd(cost)}</span> : null}
          {details.attemptCount > 1 ? <span>{details.attemptCount} attempts</span> : null}
        </span>
        <span className={classes.actions}>
          {details.routes.length > 0 ? (
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconRoute size={14} />}
              onClick={() => setAsksWhy(true)}
            >
              Why this model
            </Button>
          ) : null}
          {isOver && run.state !== 'COMPLETED' && state !== 'PENDING' ? (
            <Button
              variant={state === 'FAILED' ? 'filled' : 'default'}
              size="compact-sm"
              leftSection={<IconRefresh size={14} />}
              loading={actions.isBusy}
              onClick={() => actions.retry(stepId)}
            >
              Retry from here
            </Button>
          ) : null}
        </span>
      </header>
      {step.error ? (
        <div className={classes.error} role="alert">
          <p>
            <strong>{step.error.message}</strong>
          </p>
          <p>
            {remedyOf(step)} <code>{step.error.code}</code>
          </p>
        </div>
      ) : null}
      {details.isGiven ? (
        <p className={classes.note}>
          {details.fromRunId ? 'Its output was taken over from the earlier run' : 'Its output was pinned by hand'}:
          nothing was asked and nothing paid.
        </p>
      ) : null}
      {state === 'WAITING' && run.state === 'WAITING' ? (
        <p className={classes.note}>Its question stands above.</p>
      ) : null}
      {step.reason ? <p className={classes.note}>{step.reason}</p> : null}
      {step.chosen ? (
        <p className={classes.note}>
          {step.chosen.length === 0 ? (
            'It went nowhere: no case held, and there is no default.'
          ) : (
            <>
              It went to <strong>{step.chosen.join(', ')}</strong>.
            </>
          )}
        </p>
      ) : null}
      {details.approvals
        .filter(({ decision }) => decision !== null || run.state !== 'WAITING')
        .map((approval) => (
          <RunApprovalCard
            key={approval.approvalId}
            runId={run.id}
            approval={approval}
            stepName={nameOfStep(details)}
            onDecided={reload}
          />
        ))}
      {details.items ? (
        <div className={classes.items}>
          <span>
            {details.items.completed} of {details.items.total} entries done
            {details.items.failed > 0 ? `, ${details.items.failed} failed` : ''}
            {details.items.active.length > 0 ? `, ${details.items.active.length} at work` : ''}
          </span>
          {items.length > 1 ? (
            <Select
              aria-label="Entry"
              size="xs"
              w={150}
              clearable
              placeholder="All entries"
              data={items.map((index) => ({ value: String(index), label: `Entry ${index + 1}` }))}
              value={item}
              onChange={setItem}
            />
          ) : null}
        </div>
      ) : null}
      {details.items?.failures.slice(0, 5).map(({ index, error }) => (
        <p key={index} className={classes.itemFailure}>
          Entry {index + 1}: {error.message}
        </p>
      ))}
      {isWhole && isStepOver && shown.some(({ output }) => output !== '' || replayMs !== null) ? (
        <ReplayBar lanes={lanes} atMs={replayMs} onChange={setReplayMs} />
      ) : null}
      {shown.length > 0 ? (
        <div className={classes.lanes} data-count={Math.min(3, shown.length)}>
          {shown.map((lane) => (
            <StepLane
              key={lane.laneId}
              lane={lane}
              entries={entries}
              isStepOver={isStepOver && replayMs === null}
              nowMs={nowMs}
              isReplay={replayMs !== null}
              item={lane.place.itemIndex === null ? undefined : `entry ${lane.place.itemIndex + 1}`}
            />
          ))}
        </div>
      ) : null}
      {lanes.length > shown.length && item === null ? (
        <p className={classes.note}>{lanes.length - shown.length} more answers: choose an entry to see them.</p>
      ) : null}
      {state === 'PENDING' && lanes.length === 0 ? (
        <p className={classes.empty}>
          {isOver ? 'The run ended before this step began.' : 'It waits for the steps before it.'}
        </p>
      ) : null}
      <StepOutput details={details} hasLanes={lanes.length > 0} />
      <StepQuestion run={run} details={details} />
      {asksWhy ? (
        <StepWhy runId={run.id} details={details} name={nameOfStep(details)} onClose={() => setAsksWhy(false)} />
      ) : null}
    </section>
  );
}
