'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { formatDuration } from '../../format/number-format.ts';
import { recordedSpan } from './lane-at.ts';
import type { RunLane } from './run-record.ts';
import classes from './step-panel.module.css';

interface Props {
  lanes: readonly RunLane[];
  /** Shown moment; null while the replay is off. */
  atMs: number | null;
  onChange(atMs: number | null): void;
}

const stepMs = 60;
/** Longer streams are played faster, so that nobody watches for minutes. */
const longestReplayMs = 20_000;

/** Plays how the texts of a step came, as fast as they came. */
export function ReplayBar({ lanes, atMs, onChange }: Props) {
  const span = recordedSpan(lanes);
  const [isPlaying, setPlaying] = useState(false);
  const position = useRef(0);
  const startMs = span?.startMs ?? 0;
  const totalMs = span ? span.endMs - span.startMs : 0;
  const speed = Math.max(1, totalMs / longestReplayMs);
  const report = useRef(onChange);
  report.current = onChange;
  useEffect(() => {
    if (!isPlaying) return;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      position.current = Math.min(totalMs, position.current + (now - last) * speed);
      last = now;
      report.current(startMs + position.current);
      if (position.current >= totalMs) setPlaying(false);
    }, stepMs);
    return () => clearInterval(timer);
  }, [isPlaying, startMs, totalMs, speed]);
  if (!span || totalMs <= 0) return null;
  const shownMs = atMs === null ? totalMs : atMs - startMs;
  const play = () => {
    position.current = atMs === null || shownMs >= totalMs ? 0 : shownMs;
    onChange(startMs + position.current);
    setPlaying(true);
  };
  return (
    <div className={classes.replay}>
      <ActionIcon
        variant="default"
        aria-label={isPlaying ? 'Pause the replay' : 'Replay the stream'}
        onClick={() => (isPlaying ? setPlaying(false) : play())}
      >
        {isPlaying ? <IconPlayerPauseFilled size={14} /> : <IconPlayerPlayFilled size={14} />}
      </ActionIcon>
      <input
        type="range"
        aria-label="Moment of the replay"
        aria-valuetext={formatDuration(shownMs)}
        min={0}
        max={Math.round(totalMs)}
        step={Math.max(1, Math.round(totalMs / 200))}
        value={Math.round(shownMs)}
        onChange={(event) => {
          position.current = Number(event.currentTarget.value);
          setPlaying(false);
          onChange(startMs + position.current);
        }}
      />
      <span>
        {formatDuration(shownMs)} of {formatDuration(totalMs)}
        {speed > 1 ? `, ${speed.toFixed(1)} times as fast` : ''}
      </span>
      {atMs === null ? null : (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            setPlaying(false);
            onChange(null);
          }}
        >
          Leave the replay
        </Button>
      )}
    </div>
  );
}
