'use client';

import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconBrain, IconTool } from '@tabler/icons-react';
import { Answer } from './answer.tsx';
import type { LaneRecord } from './comparison-record.ts';
import { GuardrailNotices } from './guardrail-notice.tsx';
import classes from './lane-body.module.css';
import { LaneFailureNotice, LaneInterruptedNotice } from './lane-failure.tsx';
import { useFollowingScroll } from './use-following-scroll.ts';

interface Props {
  lane: LaneRecord;
  isRaw: boolean;
  name: string;
  isBlind: boolean;
  /** How a model is called, for notices. */
  nameOf(modelId: string): string;
  onRetry(): void;
}

/** What the lane received: reasoning folded away, tool calls as code, the answer, and how it ended when that was not well. */
export function LaneBody({ lane, isRaw, name, isBlind, nameOf, onRetry }: Props) {
  const isRunning = lane.state === 'RUNNING';
  const { ref, isFollowing, onScroll, follow } = useFollowingScroll(
    isRunning,
    lane.output.length + lane.reasoning.length,
  );
  const isSilent = lane.output === '' && lane.reasoning === '' && lane.toolCalls.length === 0;
  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={classes.scroll} ref={ref} onScroll={onScroll} tabIndex={0} aria-label={`Answer of ${name}`}>
        {isBlind ? null : <GuardrailNotices lane={lane} nameOf={nameOf} />}
        {lane.resetReason ? <p className={classes.reset}>Started again: {lane.resetReason}</p> : null}
        {lane.reasoning ? (
          <details className={classes.reasoning}>
            <summary>
              <IconBrain size={14} aria-hidden="true" /> Reasoning
            </summary>
            <p>{lane.reasoning}</p>
          </details>
        ) : null}
        {lane.output ? <Answer text={lane.output} isRaw={isRaw} isGrowing={lane.state !== 'COMPLETED'} /> : null}
        {lane.toolCalls.map((call) => (
          <figure key={call.id} className={classes.tool}>
            <figcaption>
              <IconTool size={14} aria-hidden="true" /> {call.toolName}
            </figcaption>
            <pre>{prettyJson(call.input)}</pre>
          </figure>
        ))}
        {isSilent && (isRunning || lane.state === 'QUEUED') ? <Waiting isQueued={lane.state === 'QUEUED'} /> : null}
        {isSilent && lane.state === 'COMPLETED' ? (
          <p className={classes.note}>The model ended without an answer.</p>
        ) : null}
        {isSilent && lane.state === 'STOPPED' ? <p className={classes.note}>Stopped before the first token.</p> : null}
        {lane.finishReason === 'LENGTH' ? (
          <p className={classes.note}>Ends here: the output limit was reached.</p>
        ) : null}
        {lane.failure ? (
          <LaneFailureNotice failure={lane.failure} hasText={!isSilent} isBlind={isBlind} onRetry={onRetry} />
        ) : null}
        {lane.state === 'INTERRUPTED' ? <LaneInterruptedNotice onRetry={onRetry} /> : null}
      </section>
      {isRunning && !isFollowing && !isSilent ? (
        <UnstyledButton className={classes.latest} onClick={follow}>
          <IconArrowDown size={14} aria-hidden="true" /> Latest
        </UnstyledButton>
      ) : null}
    </div>
  );
}

function Waiting({ isQueued }: { isQueued: boolean }) {
  return (
    <div className={classes.waiting} role="img" aria-label={isQueued ? 'Queued' : 'Waiting for the first token'}>
      <i style={{ width: '92%' }} />
      <i style={{ width: '78%' }} />
      <i style={{ width: '85%' }} />
      <i style={{ width: '46%' }} />
    </div>
  );
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
