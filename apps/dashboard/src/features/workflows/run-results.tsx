'use client';

import { Button } from '@mantine/core';
import { IconExternalLink, IconPin, IconPinnedOff } from '@tabler/icons-react';
import { formatDuration, formatUsd } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { RunStateBadge } from '../runs/run-badges.tsx';
import type { RunLane, StepDetails } from '../runs/run-record.ts';
import { nameOfStep } from '../runs/shown-run.ts';
import { useStream } from '../runs/use-run.ts';
import type { Json } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import type { LiveRunView } from './live-run.tsx';
import { RunMark } from './run-mark.tsx';
import classes from './run-results.module.css';
import type { Pins } from './use-pins.ts';

interface Props {
  live: LiveRunView;
  pins: Pins;
}

/** What every step of the run wrote so far, model by model; an output can be pinned. */
export function RunResults({ live, pins }: Props) {
  const { actions } = useEditorParts();
  const { open, state } = live;
  const { run, store } = open;
  const lanes = useStream(store, (record) => record.lanes);
  const bySteps = Map.groupBy(Object.values(lanes), ({ place }) => place.stepId);
  const shown = run.steps.filter(({ stepId }) => run.previewStepId === null || stepId === run.previewStepId);
  return (
    <section className={classes.results} aria-label="Results">
      <p className={classes.head}>
        <RunStateBadge state={state} />
        <span>{formatUsd(run.knownCostUsd)}</span>
        {run.durationMs === null ? null : <span>{formatDuration(run.durationMs)}</span>}
        <AppLink href={`/runs?id=${encodeURIComponent(run.id)}`} className={classes.link}>
          Whole story <IconExternalLink size={13} aria-hidden="true" />
        </AppLink>
      </p>
      {run.error ? (
        <p className={classes.error} role="alert">
          {run.error.message} {run.error.remedy}
        </p>
      ) : null}
      <ol className={classes.steps}>
        {shown.map((step) => (
          <StepResult
            key={step.stepId}
            step={step}
            live={live}
            lanes={bySteps.get(step.stepId) ?? []}
            pins={pins}
            isChosen={actions.selectedId === step.stepId}
            onChoose={() => actions.select([step.stepId])}
          />
        ))}
      </ol>
    </section>
  );
}

interface StepProps extends Props {
  step: StepDetails;
  lanes: readonly RunLane[];
  isChosen: boolean;
  onChoose(): void;
}

function StepResult({ step, live, lanes, pins, isChosen, onChoose }: StepProps) {
  const { stepId, output, error, reason, modelOutputs } = step;
  const state = live.steps.get(stepId) ?? 'waiting';
  const name = nameOfStep(step);
  const isPinned = pins.outputs[stepId] !== undefined;
  const isText = lanes.length > 0;
  return (
    <li className={classes.step} data-chosen={isChosen || undefined}>
      <div className={classes.stepHead}>
        <button type="button" className={classes.name} onClick={onChoose}>
          {name}
        </button>
        <RunMark state={state} />
        {state === 'done' && output !== null ? (
          <Button
            size="compact-xs"
            mih={26}
            variant="subtle"
            ml="auto"
            leftSection={isPinned ? <IconPinnedOff size={14} /> : <IconPin size={14} />}
            aria-label={isPinned ? `Unpin the output of ${name}` : `Pin the output of ${name}`}
            onClick={() => (isPinned ? pins.unpin(stepId) : pins.pin(stepId, output as Json))}
          >
            {isPinned ? 'Unpin' : 'Pin'}
          </Button>
        ) : null}
      </div>
      {error ? <p className={classes.error}>{`${error.message} ${error.remedy}`}</p> : null}
      {state === 'skipped' && reason ? <p className={classes.note}>{reason}</p> : null}
      {isText
        ? lanes.slice(0, 12).map((lane) => <LaneResult key={lane.laneId} lane={lane} />)
        : modelOutputs.map(({ modelId, output: value }) => (
            <div key={modelId} className={classes.lane}>
              <ModelLine modelId={modelId} />
              <Text value={value} />
            </div>
          ))}
      {!isText && modelOutputs.length === 0 && output !== null && output !== undefined ? <Text value={output} /> : null}
    </li>
  );
}

const longest = 4_000;

function Text({ value }: { value: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <pre className={classes.text} tabIndex={0}>
      {asText(value)}
    </pre>
  );
}

function asText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function ModelLine({ modelId, facts = '' }: { modelId: string; facts?: string }) {
  return (
    <p className={classes.model}>
      <ModelGlyph mark={markOf(modelId)} size={12} /> <span>{modelId}</span>{' '}
      <span className={classes.facts}>{facts}</span>
    </p>
  );
}

function LaneResult({ lane }: { lane: RunLane }) {
  const { modelId, output, isComplete, latencyMs, costUsd, outputProblem, place } = lane;
  const facts = [
    place.itemIndex === null ? '' : `entry ${place.itemIndex + 1}`,
    latencyMs === null ? '' : formatDuration(latencyMs),
    costUsd === null ? '' : formatUsd(costUsd),
  ].filter((part) => part !== '');
  return (
    <div className={classes.lane} aria-busy={!isComplete}>
      <ModelLine modelId={modelId ?? 'nobody yet'} facts={facts.join(' · ')} />
      <Text value={output} />
      {outputProblem ? <p className={classes.error}>{outputProblem}</p> : null}
    </div>
  );
}
