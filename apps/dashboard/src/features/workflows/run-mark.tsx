import {
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconHandStop,
  IconLoader2,
  IconXboxXFilled,
} from '@tabler/icons-react';
import classes from './run-mark.module.css';
import type { RunState } from './step-marks.ts';

const looks = {
  waiting: { Icon: IconCircleDashed, words: 'waiting' },
  running: { Icon: IconLoader2, words: 'running' },
  done: { Icon: IconCircleCheckFilled, words: 'done' },
  failed: { Icon: IconXboxXFilled, words: 'failed' },
  skipped: { Icon: IconCircleMinus, words: 'skipped' },
  asking: { Icon: IconHandStop, words: 'waits for a person' },
} as const;

/** How a step is doing in the run that is shown. */
export function RunMark({ state }: { state: RunState }) {
  const { Icon, words } = looks[state];
  return (
    <span className={classes.mark} data-state={state}>
      <Icon size={14} aria-hidden="true" />
      {words}
    </span>
  );
}
