'use client';

import { ActionIcon, Button, Tooltip, UnstyledButton } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { formatDuration } from '../../format/number-format.ts';
import classes from './replay-controls.module.css';
import type { Replay } from './use-replay.ts';

const speeds = [1, 2, 4, 0.5];

/** Play, pause, speed and a slider that works with the arrow keys. */
export function ReplayControls({
  replay,
  totalMs,
  isAvailable,
  waitingWord,
}: {
  replay: Replay;
  totalMs: number;
  isAvailable: boolean;
  waitingWord: string;
}) {
  const { atMs, isPlaying, speed } = replay;
  if (!isAvailable) return <span className={classes.hint}>{waitingWord}</span>;
  return (
    <div className={classes.controls}>
      {atMs === null ? (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlayerPlayFilled size={12} />}
          onClick={replay.play}
          className={classes.button}
        >
          Replay
        </Button>
      ) : (
        <>
          <Tooltip label={isPlaying ? 'Pause' : 'Play'}>
            <ActionIcon
              aria-label={isPlaying ? 'Pause the replay' : 'Play the replay'}
              onClick={isPlaying ? replay.pause : replay.play}
            >
              {isPlaying ? <IconPlayerPauseFilled size={15} /> : <IconPlayerPlayFilled size={15} />}
            </ActionIcon>
          </Tooltip>
          <UnstyledButton
            className={classes.speed}
            aria-label={`Speed: ${speed} times`}
            onClick={() => replay.setSpeed(speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1)}
          >
            {speed}×
          </UnstyledButton>
          <span className={classes.time}>
            {formatDuration(atMs)} / {formatDuration(totalMs)}
          </span>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={replay.leave} className={classes.button}>
            End replay
          </Button>
        </>
      )}
      <input
        type="range"
        className={classes.slider}
        min={0}
        max={Math.ceil(totalMs)}
        step={50}
        value={atMs ?? Math.ceil(totalMs)}
        aria-label="Moment of the replay"
        aria-valuetext={formatDuration(atMs ?? totalMs)}
        onChange={(event) => replay.scrub(Number(event.currentTarget.value))}
      />
    </div>
  );
}
