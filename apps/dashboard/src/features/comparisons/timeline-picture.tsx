import {
  IconCheck,
  IconEraser,
  IconPlayerSkipForward,
  IconPlugConnected,
  IconPlugConnectedX,
  IconX,
} from '@tabler/icons-react';
import { formatDuration } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import type { AttemptTrack, Mark, TryBar, WaitBar } from './attempt-track.ts';
import { niceTicks } from './race-geometry.ts';
import classes from './timeline-picture.module.css';
import type { NameOf } from './timeline-words.ts';

const markIcons = {
  'circuit-open': IconPlugConnectedX,
  'circuit-closed': IconPlugConnected,
  skipped: IconPlayerSkipForward,
  voided: IconEraser,
} as const satisfies Record<Mark['type'], unknown>;

/** A row for each model over one time axis: its tries and waits, arrows where another model takes over. The list below says the same. */
export function TimelinePicture({ track, nameOf }: { track: AttemptTrack; nameOf: NameOf }) {
  const { modelIds, bars, hops, marks, totalMs, firstTokenMs } = track;
  const share = (ms: number) => `${Math.min(100, (ms / totalMs) * 100)}%`;
  const rowOf = (modelId: string) => modelIds.indexOf(modelId);
  return (
    <div className={classes.picture} aria-hidden="true">
      <div className={classes.rows}>
        {modelIds.map((modelId) => (
          <div key={modelId} className={classes.row}>
            <span className={classes.name}>
              <ModelGlyph mark={markOf(modelId)} size={10} /> {nameOf(modelId)}
            </span>
            <div className={classes.track}>
              {bars
                .filter((bar) => bar.modelId === modelId)
                .map((bar) =>
                  bar.type === 'try' ? (
                    <Try key={`try${bar.attempt}`} bar={bar} share={share} firstTokenMs={firstTokenMs} />
                  ) : (
                    <Wait key={`wait${bar.startMs}`} bar={bar} share={share} totalMs={totalMs} />
                  ),
                )}
              {marks
                .filter((mark) => mark.modelId === modelId)
                .map(({ type, atMs }) => {
                  const Icon = markIcons[type];
                  return (
                    <span
                      key={`${type}${atMs}`}
                      className={classes.mark}
                      data-type={type}
                      style={{ left: share(atMs) }}
                    >
                      <Icon size={11} stroke={2.2} />
                    </span>
                  );
                })}
            </div>
          </div>
        ))}
        {hops.map(({ atMs, from, to }) => {
          const first = Math.min(rowOf(from), rowOf(to));
          const last = Math.max(rowOf(from), rowOf(to));
          return (
            <span
              key={`${from}${to}${atMs}`}
              className={classes.hop}
              data-up={rowOf(to) < rowOf(from) || undefined}
              style={{ left: share(atMs), '--from': first, '--rows': last - first } as React.CSSProperties}
            />
          );
        })}
      </div>
      <div className={classes.axis}>
        {niceTicks(totalMs, 4).map((tick) => (
          <span key={tick} style={{ left: share(tick) }}>
            {tick === 0 ? '0' : formatTick(tick)}
          </span>
        ))}
      </div>
    </div>
  );
}

const formatTick = (ms: number) => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);

interface BarProps {
  share(ms: number): string;
}

function Try({ bar, share, firstTokenMs }: BarProps & { bar: TryBar; firstTokenMs: number | null }) {
  const { startMs, endMs, outcome, isProbe, attempt } = bar;
  const talksFromMs = firstTokenMs !== null && firstTokenMs >= startMs && firstTokenMs < endMs ? firstTokenMs : null;
  return (
    <span
      className={classes.try}
      data-outcome={outcome}
      data-probe={isProbe || undefined}
      style={{ left: share(startMs), width: share(endMs - startMs) }}
      title={`Try ${attempt}: ${formatDuration(endMs - startMs)}`}
    >
      {talksFromMs === null ? null : (
        <span
          className={classes.text}
          style={{ left: `${((talksFromMs - startMs) / Math.max(1, endMs - startMs)) * 100}%` }}
        />
      )}
      {outcome === 'failed' ? <IconX className={classes.end} size={11} stroke={3} /> : null}
      {outcome === 'answered' ? <IconCheck className={classes.end} size={11} stroke={3} /> : null}
    </span>
  );
}

function Wait({ bar, share, totalMs }: BarProps & { bar: WaitBar; totalMs: number }) {
  const waitMs = bar.endMs - bar.startMs;
  return (
    <span
      className={classes.wait}
      data-running={bar.isRunning || undefined}
      style={{ left: share(bar.startMs), width: share(waitMs) }}
    >
      {waitMs / totalMs > 0.2 ? <span className={classes.waitText}>{formatDuration(waitMs)}</span> : null}
    </span>
  );
}
