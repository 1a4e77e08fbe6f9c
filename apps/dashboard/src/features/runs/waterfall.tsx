'use client';

import { Skeleton, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { formatDuration } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { stepWords } from '../comparisons/timeline-words.ts';
import { useMarkOf } from './run-marks.tsx';
import type { RunEntry } from './run-record.ts';
import { nameOfStep } from './shown-run.ts';
import { timeAxis } from './time-axis.ts';
import { useNameOf } from './use-names.ts';
import { type OpenRun, useStream } from './use-run.ts';
import classes from './waterfall.module.css';
import { WaterfallLine } from './waterfall-line.tsx';
import { waterfallRows, workSpans } from './waterfall-rows.ts';

interface Props {
  open: OpenRun;
  isOver: boolean;
  nowMs: number;
  onOpenStep(stepId: string): void;
}

/** More lines are shown on request: a map may have thousands. */
const mostRows = 60;

/** Every attempt of the run over one time axis, and the same as a list. */
export function Waterfall({ open, isOver, nowMs, onOpenStep }: Props) {
  const { run, store, isReplayed } = open;
  const entries = useStream(store, (record) => record.entries);
  const steps = useStream(store, (record) => record.steps);
  const [showsAll, setShowsAll] = useState(false);
  const originMs = Date.parse(run.createdAt);
  const endMs = isOver && run.endedAt ? Date.parse(run.endedAt) : nowMs;
  const rows = useMemo(
    () => waterfallRows(run.steps, (stepId) => steps[stepId], entries, originMs, endMs),
    [run.steps, steps, entries, originMs, endMs],
  );
  const totalMs = Math.max(1, endMs - originMs, ...rows.flatMap(({ bars }) => bars.map((bar) => bar.endMs)));
  const axis = useMemo(() => timeAxis(totalMs, workSpans(rows)), [totalMs, rows]);
  const names = useMemo(() => new Map(run.steps.map((step) => [step.stepId, nameOfStep(step)])), [run.steps]);
  if (run.steps.length === 0) return <Skeleton h={200} radius={12} />;
  const shown = showsAll ? rows : rows.slice(0, mostRows);
  return (
    <div className={classes.page}>
      <section className={classes.card} aria-label="Attempts over time">
        <Legend />
        <div className={classes.picture} aria-hidden="true">
          {shown.map((row, index) => (
            <WaterfallLine
              key={row.key}
              row={row}
              axis={axis}
              name={names.get(row.stepId) ?? row.stepId}
              isFirstOfStep={shown[index - 1]?.stepId !== row.stepId}
              onOpen={() => onOpenStep(row.stepId)}
            />
          ))}
          <div className={classes.axis}>
            {axis.breaks.map(({ startMs, endMs: until }) => (
              <span
                key={startMs}
                className={classes.break}
                style={{
                  left: share(axis.shareOf(startMs)),
                  width: share(axis.shareOf(until) - axis.shareOf(startMs)),
                }}
              />
            ))}
            {axis.ticks.map((tick) => (
              <span key={tick} className={classes.tick} style={{ left: share(axis.shareOf(tick)) }}>
                {tick === 0 ? '0' : formatDuration(tick)}
              </span>
            ))}
          </div>
        </div>
        {axis.breaks.length > 0 ? (
          <p className={classes.note}>
            Where nobody worked the axis is cut short:{' '}
            {axis.breaks.map(({ startMs, endMs: until }) => formatDuration(until - startMs)).join(', ')}.
          </p>
        ) : null}
        {rows.length > mostRows ? (
          <button type="button" className={classes.more} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? 'Show the first lines only' : `Show all ${rows.length} lines`}
          </button>
        ) : null}
      </section>
      <EventList
        entries={entries}
        names={names}
        originMs={originMs}
        nowMs={nowMs}
        isReplayed={isReplayed}
        onOpenStep={onOpenStep}
      />
    </div>
  );
}

const share = (value: number) => `${value * 100}%`;

const legend = [
  ['queue', 'waited to begin'],
  ['first', 'waited for the first token'],
  ['text', 'wrote'],
  ['failed', 'failed'],
  ['retry-wait', 'waited before a retry'],
  ['person', 'waited for a person'],
] as const;

function Legend() {
  return (
    <ul className={classes.legend} aria-label="Signs">
      {legend.map(([kind, words]) => (
        <li key={kind}>
          <i data-kind={kind} aria-hidden="true" /> {words}
        </li>
      ))}
    </ul>
  );
}

interface EventListProps {
  entries: readonly RunEntry[];
  names: ReadonlyMap<string, string>;
  originMs: number;
  nowMs: number;
  isReplayed: boolean;
  onOpenStep(stepId: string): void;
}

const mostEvents = 200;

/** Every attempt, failure, wait, skip and failover in words, in the order in which they happened. */
function EventList({ entries, names, originMs, nowMs, isReplayed, onOpenStep }: EventListProps) {
  const nameOf = useNameOf();
  const markOf = useMarkOf();
  const [isQuiet, setQuiet] = useState(false);
  const told = entries.filter(({ entry }) => !isQuiet || entry.kind !== 'ATTEMPT_STARTED');
  return (
    <section className={classes.card} aria-labelledby="run-events">
      <header className={classes.head}>
        <h2 className={classes.title} id="run-events">
          What happened
        </h2>
        <Switch
          size="xs"
          label="Only what went wrong or was changed"
          checked={isQuiet}
          onChange={(event) => setQuiet(event.currentTarget.checked)}
        />
      </header>
      {isReplayed ? null : (
        <p className={classes.note}>The run is long: only what happened since the page was opened is told here.</p>
      )}
      {told.length === 0 ? <p className={classes.note}>Nothing {isQuiet ? 'went wrong' : 'was asked yet'}.</p> : null}
      <ol className={classes.events}>
        {told.slice(-mostEvents).map(({ seq, atMs, place, entry }) => {
          const { tone, title, quote, note } = stepWords(entry, nameOf, nowMs);
          return (
            <li key={seq} data-tone={tone}>
              <span className={classes.when}>{formatDuration(Math.max(0, atMs - originMs))}</span>
              <span className={classes.what}>
                <ModelGlyph mark={markOf(entry.modelId)} size={10} /> {title}
                {quote ? <q>{quote}</q> : null}
                {note ? <span className={classes.note}>{note}</span> : null}
              </span>
              {place ? (
                <button type="button" className={classes.where} onClick={() => onOpenStep(place.stepId)}>
                  {names.get(place.stepId) ?? place.stepId}
                  {place.itemIndex === null ? '' : `, entry ${place.itemIndex + 1}`}
                </button>
              ) : null}
            </li>
          );
        })}
      </ol>
      {told.length > mostEvents ? (
        <p className={classes.note}>
          The last {mostEvents} of {told.length}.
        </p>
      ) : null}
    </section>
  );
}
