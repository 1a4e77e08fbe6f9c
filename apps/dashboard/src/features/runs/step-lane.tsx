'use client';

import { UnstyledButton } from '@mantine/core';
import { IconBrain, IconChevronDown } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { formatDuration, formatUsd } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { colourOfMark } from '../catalog/model-identity.ts';
import { Answer } from '../comparisons/answer.tsx';
import { GuardrailNotices } from '../comparisons/guardrail-notice.tsx';
import { isEventful, stripWords } from '../comparisons/timeline-words.ts';
import { useFollowingScroll } from '../comparisons/use-following-scroll.ts';
import { laneStateOf, laneWithTimeline } from './lane-timeline.ts';
import { useMarkOf } from './run-marks.tsx';
import type { RunEntry, RunLane } from './run-record.ts';
import classes from './step-lane.module.css';
import { useNameOf } from './use-names.ts';

const TimelinePanel = dynamic(
  () => import('../comparisons/timeline-panel.tsx').then((module) => module.TimelinePanel),
  {
    ssr: false,
  },
);

const stateWords = {
  QUEUED: 'Waiting',
  RUNNING: 'Writing',
  COMPLETED: 'Complete',
  FAILED: 'No answer',
  STOPPED: 'Stopped',
  INTERRUPTED: 'Interrupted',
} as const;

interface Props {
  lane: RunLane;
  entries: readonly RunEntry[];
  isStepOver: boolean;
  nowMs: number;
  isReplay: boolean;
  /** Of a map: which entry. */
  item: string | undefined;
}

/** One model's part of a step: its text as it is written, and the way to it. */
export function StepLane({ lane, entries, isStepOver, nowMs, isReplay, item }: Props) {
  const nameOf = useNameOf();
  const markOf = useMarkOf();
  const [opened, setOpened] = useState<boolean>();
  const state = laneStateOf(lane, isStepOver);
  // Who did not answer is asked why.
  const isOpen = opened ?? state === 'FAILED';
  const isWriting = state === 'RUNNING' && !isReplay;
  const { ref, onScroll } = useFollowingScroll(isWriting, lane.output.length);
  const timeline = laneWithTimeline(lane, entries, isStepOver);
  const name = lane.modelId ? nameOf(lane.modelId) : 'Nobody yet';
  const mark = lane.modelId ? markOf(lane.modelId) : 0;
  return (
    <article
      className={classes.lane}
      data-state={state}
      aria-label={item ? `${name}, ${item}` : name}
      style={{ '--lane-colour': colourOfMark(mark) } as React.CSSProperties}
    >
      <header className={classes.header}>
        <span className={classes.name}>
          {lane.modelId ? <ModelGlyph mark={mark} size={14} /> : null} {name}
          {item ? <span className={classes.item}>{item}</span> : null}
        </span>
        <span className={classes.state}>{stateWords[state]}</span>
        <span className={classes.facts}>
          {lane.timeToFirstTokenMs === null ? null : <span>first token {formatDuration(lane.timeToFirstTokenMs)}</span>}
          {lane.latencyMs === null ? null : <span>{formatDuration(lane.latencyMs)}</span>}
          {lane.costUsd === null ? null : <span>{formatUsd(lane.costUsd)}</span>}
        </span>
      </header>
      {isEventful(timeline) ? (
        <>
          <UnstyledButton className={classes.strip} aria-expanded={isOpen} onClick={() => setOpened(!isOpen)}>
            <span>{stripWords(timeline, nameOf, nowMs)}</span>
            <span className="visually-hidden">, timeline of {name}</span>
            <IconChevronDown size={15} aria-hidden="true" data-open={isOpen || undefined} />
          </UnstyledButton>
          {isOpen ? (
            <div className={classes.timeline}>
              <TimelinePanel lane={timeline} nowMs={nowMs} nameOf={nameOf} />
            </div>
          ) : null}
        </>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={classes.body} ref={ref} onScroll={onScroll} tabIndex={0} aria-label={`Answer of ${name}`}>
        <GuardrailNotices lane={timeline} nameOf={nameOf} />
        {lane.resetReason ? <p className={classes.note}>Started again: {lane.resetReason}</p> : null}
        {lane.reasoning ? (
          <details className={classes.reasoning}>
            <summary>
              <IconBrain size={14} aria-hidden="true" /> Reasoning
            </summary>
            <p>{lane.reasoning}</p>
          </details>
        ) : null}
        {lane.output === '' ? (
          state === 'RUNNING' || state === 'QUEUED' ? (
            <p className={classes.note}>Waiting for the first token.</p>
          ) : (
            <p className={classes.note}>It wrote nothing.</p>
          )
        ) : (
          <Answer text={readable(lane.output)} isRaw={false} isGrowing={isWriting} />
        )}
        {lane.outputProblem ? (
          <p className={classes.problem}>Not what the step promised: {lane.outputProblem}</p>
        ) : null}
        {lane.finishReason === 'LENGTH' ? (
          <p className={classes.note}>Ends here: the output limit was reached.</p>
        ) : null}
      </section>
    </article>
  );
}

/** JSON stands as code, so that it keeps its lines. */
function readable(text: string): string {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return text;
  try {
    return `\`\`\`json\n${JSON.stringify(JSON.parse(trimmed), null, 2)}\n\`\`\``;
  } catch {
    return text;
  }
}
