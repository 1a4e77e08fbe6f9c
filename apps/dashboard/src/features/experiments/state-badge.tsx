import classes from './state-badge.module.css';

const stopWords: Readonly<Record<string, string>> = {
  win: 'Winner',
  harm: 'Harm',
  futility: 'No effect',
  budget: 'Money gone',
  end: 'Ended',
  stopped: 'Stopped',
  failed: 'Failed',
};

const tones: Readonly<Record<string, string>> = { win: 'good', harm: 'bad', failed: 'bad', budget: 'warn' };

interface Props {
  state: string;
  stopReason: string | null;
  winner: string | null;
}

/** How a test stands: Draft, Running, or how it ended. */
export function StateBadge({ state, stopReason, winner }: Props) {
  const isEnd = state === 'ended';
  const words = isEnd
    ? winner !== null
      ? 'Winner'
      : (stopWords[stopReason ?? 'end'] ?? 'Ended')
    : state === 'running'
      ? 'Running'
      : 'Draft';
  const tone = isEnd ? (winner !== null ? 'good' : tones[stopReason ?? '']) : state === 'running' ? 'info' : undefined;
  return (
    <span className={classes.badge} data-tone={tone}>
      {state === 'running' ? <span className={classes.pulse} aria-hidden="true" /> : null}
      {words}
    </span>
  );
}
