import {
  IconArrowForwardUp,
  IconArrowsSplit2,
  IconEraser,
  IconPlayerSkipForward,
  IconPlugConnectedX,
  IconShieldDollar,
  IconX,
} from '@tabler/icons-react';
import { formatDuration } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { colourOfMark } from '../catalog/model-identity.ts';
import { useMarkOf } from './run-marks.tsx';
import type { TimeAxis } from './time-axis.ts';
import { useNameOf } from './use-names.ts';
import classes from './waterfall.module.css';
import type { AttemptBar, MomentMark, WaterfallRow } from './waterfall-rows.ts';

const markIcons = {
  failover: IconArrowForwardUp,
  skipped: IconPlayerSkipForward,
  breach: IconShieldDollar,
  voided: IconEraser,
  circuit: IconPlugConnectedX,
  hedge: IconArrowsSplit2,
} as const satisfies Record<MomentMark['kind'], unknown>;

interface Props {
  row: WaterfallRow;
  axis: TimeAxis;
  name: string;
  isFirstOfStep: boolean;
  onOpen(): void;
}

/** One line: who was asked for one slot of a step, when, and how it went. For the eye only. */
export function WaterfallLine({ row, axis, name, isFirstOfStep, onOpen }: Props) {
  const nameOf = useNameOf();
  const share = (ms: number) => `${axis.shareOf(ms) * 100}%`;
  const widthOf = (startMs: number, endMs: number) => `${(axis.shareOf(endMs) - axis.shareOf(startMs)) * 100}%`;
  const models = [...new Set(row.bars.flatMap((bar) => (bar.kind === 'attempt' ? [bar.attempt.modelId] : [])))];
  return (
    <div className={classes.line} data-first={isFirstOfStep || undefined}>
      <button type="button" tabIndex={-1} className={classes.label} onClick={onOpen}>
        <span className={classes.step}>
          {isFirstOfStep ? name : ''}
          {row.itemIndex === null ? null : <span className={classes.entry}>entry {row.itemIndex + 1}</span>}
        </span>
        <span className={classes.models}>{models.map(nameOf).join(' → ')}</span>
      </button>
      <div className={classes.track}>
        {row.bars.map((bar) =>
          bar.kind === 'attempt' ? (
            <Attempt key={bar.key} bar={bar} share={share} widthOf={widthOf} nameOf={nameOf} />
          ) : (
            <span
              key={bar.key}
              className={classes.bar}
              data-kind={bar.kind}
              style={{ left: share(bar.startMs), width: widthOf(bar.startMs, bar.endMs) }}
              title={formatDuration(bar.endMs - bar.startMs)}
            />
          ),
        )}
        {row.marks.map(({ kind, key, atMs }) => {
          const Icon = markIcons[kind];
          return (
            <span key={key} className={classes.mark} data-kind={kind} style={{ left: share(atMs) }}>
              <Icon size={12} stroke={2.2} />
            </span>
          );
        })}
      </div>
    </div>
  );
}

interface AttemptProps {
  bar: AttemptBar;
  share(ms: number): string;
  widthOf(startMs: number, endMs: number): string;
  nameOf(modelId: string): string;
}

function Attempt({ bar, share, widthOf, nameOf }: AttemptProps) {
  const markOf = useMarkOf();
  const { attempt, startMs, endMs, firstTokenMs } = bar;
  const length = Math.max(1, endMs - startMs);
  return (
    <span
      className={classes.bar}
      data-kind="attempt"
      data-state={attempt.state}
      style={
        {
          left: share(startMs),
          width: widthOf(startMs, endMs),
          '--model-colour': colourOfMark(markOf(attempt.modelId)),
        } as React.CSSProperties
      }
      title={`${nameOf(attempt.modelId)}: ${formatDuration(length)}`}
    >
      {firstTokenMs === null ? null : (
        <span
          className={classes.text}
          style={{ left: `${Math.min(100, ((firstTokenMs - startMs) / length) * 100)}%` }}
        />
      )}
      <span className={classes.glyph}>
        {attempt.state === 'FAILED' ? (
          <IconX size={11} stroke={3} />
        ) : (
          <ModelGlyph mark={markOf(attempt.modelId)} size={10} />
        )}
      </span>
    </span>
  );
}
