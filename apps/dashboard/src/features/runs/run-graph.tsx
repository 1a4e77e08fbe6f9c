'use client';

import { useElementSize } from '@mantine/hooks';
import { memo, useMemo, useRef } from 'react';
import { formatDuration } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { readDraft } from '../workflows/definition.ts';
import { shapeOf } from '../workflows/lay-out-cards.ts';
import { StepTypeIcon } from '../workflows/step-type-icon.tsx';
import { type Link, linksOf } from '../workflows/workflow-links.ts';
import { StepStateSign } from './run-badges.tsx';
import classes from './run-graph.module.css';
import { layOutRun, type Point, pathOf, stepSize } from './run-layout.ts';
import { useMarkOf } from './run-marks.tsx';
import type { RunDetails } from './run-record.ts';
import { nameOfStep, type ShownStep, stepDurationMs } from './shown-run.ts';
import { useNameOf } from './use-names.ts';
import { useSeenWindow } from './use-seen-window.ts';
import { isLineVisible, visibleSteps } from './visible-cards.ts';

interface Props {
  run: RunDetails;
  steps: readonly ShownStep[];
  selected: string | undefined;
  nowMs: number;
  onSelect(stepId: string): void;
}

/** Smaller cards could not be read; the rest is scrolled to. */
const smallestScale = 0.62;

type Way = 'taken' | 'not-taken' | 'open';

/** Whether a run went along a link: the step before is over and the one behind it was begun, or was left out. */
function wayOf(link: Link, byId: ReadonlyMap<string, ShownStep>): Way {
  const from = byId.get(link.from);
  const to = byId.get(link.to);
  if (!from || !to || from.state === 'PENDING' || from.state === 'RUNNING' || from.state === 'WAITING') return 'open';
  if (link.kind === 'case' && from.chosen && !from.chosen.includes(link.to)) return 'not-taken';
  if (from.state === 'SKIPPED' || to.state === 'SKIPPED') return 'not-taken';
  return to.state === 'PENDING' ? 'open' : 'taken';
}

/** The run as a graph, laid out like the editor's canvas. The list beside it says the same, so this one is for the eye. */
export function RunGraph({ run, steps, selected, nowMs, onSelect }: Props) {
  const { ref, width } = useElementSize();
  const definition = useMemo(
    () => readDraft(run.definition, run.workflowName).definition,
    [run.definition, run.workflowName],
  );
  // Whoever asks anew while the run goes on gets an equal definition: a large graph is not laid out again for it.
  const shape = shapeOf(definition);
  const latest = useRef(definition);
  latest.current = definition;
  const { places, lines, width: fullWidth, height: fullHeight } = useMemo(() => layOutRun(latest.current), [shape]);
  const links = useMemo(() => linksOf(latest.current), [shape]);
  const byId = useMemo(() => new Map(steps.map((step) => [step.details.stepId, step])), [steps]);
  const scale = width > 0 ? Math.max(smallestScale, Math.min(1, width / (fullWidth + 4))) : 1;
  const frame = useRef<HTMLElement>(null);
  const seen = useSeenWindow(frame, scale);
  const drawn = useMemo(() => visibleSteps(places, seen), [places, seen]);
  if (steps.length < 2) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={classes.frame} tabIndex={0} aria-label="Graph of the run" ref={frame}>
      <div ref={ref}>
        <div
          className={classes.board}
          aria-hidden="true"
          style={{ width: fullWidth * scale, height: fullHeight * scale, '--scale': scale } as React.CSSProperties}
        >
          <div className={classes.scaled}>
            <svg className={classes.lines} width={fullWidth} height={fullHeight} aria-hidden="true">
              {links.map((link) => {
                const points = lines.get(`${link.from}>${link.to}`);
                if (!points || !isLineVisible(points, seen, steps.length)) return null;
                return (
                  <path
                    key={`${link.from}>${link.to}>${link.caseIndex ?? ''}`}
                    data-way={wayOf(link, byId)}
                    d={pathOf(points)}
                  />
                );
              })}
            </svg>
            {steps.map((step) => {
              const place = places.get(step.details.stepId);
              return place && drawn.has(step.details.stepId) ? (
                <Card
                  key={step.details.stepId}
                  step={step}
                  place={place}
                  isSelected={step.details.stepId === selected}
                  durationMs={stepDurationMs(step, nowMs)}
                  onSelect={onSelect}
                />
              ) : null;
            })}
          </div>
        </div>
      </div>
    </section>
  );
}

interface CardProps {
  step: ShownStep;
  place: Point;
  isSelected: boolean;
  durationMs: number | undefined;
  onSelect(stepId: string): void;
}

const Card = memo(function Card({ step, place, isSelected, durationMs, onSelect }: CardProps) {
  const nameOf = useNameOf();
  const markOf = useMarkOf();
  const { details, state } = step;
  const asked = [...new Set(details.attempts.map(({ modelId }) => modelId))];
  const models = step.modelId ? [step.modelId] : asked.slice(-3);
  const failures = details.attempts.filter((attempt) => attempt.state === 'FAILED').length;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.card}
      data-state={state}
      data-selected={isSelected || undefined}
      style={{ left: place.x, top: place.y, width: stepSize.width, height: stepSize.height }}
      onClick={() => onSelect(details.stepId)}
    >
      <span className={classes.head}>
        <StepTypeIcon type={details.type.toLowerCase() as 'prompt'} size={15} />
        <span className={classes.name}>{nameOfStep(details)}</span>
        <StepStateSign state={state} />
      </span>
      <span className={classes.models}>
        {models.map((modelId) => (
          <span key={modelId}>
            <ModelGlyph mark={markOf(modelId)} size={10} /> {nameOf(modelId)}
          </span>
        ))}
      </span>
      <span className={classes.foot}>
        {details.items ? (
          <span>
            {details.items.completed + details.items.failed} of {details.items.total}
          </span>
        ) : null}
        {durationMs === undefined || state === 'SKIPPED' ? null : <span>{formatDuration(durationMs)}</span>}
        {failures > 0 ? (
          <span data-tone="bad">
            {failures} failed {failures === 1 ? 'try' : 'tries'}
          </span>
        ) : null}
      </span>
    </button>
  );
});
