'use client';

import { formatDuration } from '../../format/number-format.ts';
import { useNow } from '../../shell/use-now.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { colourOfMark } from '../catalog/model-identity.ts';
import type { ComparisonStore } from './comparison-store.ts';
import type { LaneLabel } from './lane.tsx';
import { laneStates } from './lane-state.tsx';
import { bucketCount, type Race, type RaceRow, raceOf } from './race-geometry.ts';
import classes from './race-strip.module.css';
import { ReplayControls } from './replay-controls.tsx';
import { useSummary } from './use-comparison.ts';
import { useReplay } from './use-replay.ts';

const height = 20;
const middle = height / 2;

/** The token rate as bars around the middle of the row, one for each bucket, in a 1000 × 20 box. */
function barsOf(row: RaceRow): string {
  const pitch = 1000 / bucketCount;
  return row.density
    .map((value, index) => {
      if (value === 0) return '';
      const reach = 1.5 + Math.sqrt(value) * (middle - 2.5);
      return `M${(index * pitch + pitch * 0.14).toFixed(1)} ${(middle - reach).toFixed(1)}h${(pitch * 0.72).toFixed(1)}v${(reach * 2).toFixed(1)}h-${(pitch * 0.72).toFixed(1)}z`;
    })
    .join('');
}

function Row({ row, race, label, cursorMs }: { row: RaceRow; race: Race; label: LaneLabel; cursorMs: number | null }) {
  const share = (ms: number) => `${(ms / race.totalMs) * 100}%`;
  const startMs = row.startMs ?? row.endMs;
  const waitEnd = row.firstTokenMs ?? row.endMs;
  const { word, tone, icon: Icon } = laneStates[row.state];
  const isOpen = row.state === 'RUNNING' || row.state === 'QUEUED';
  const isBlind = label.modelId === null;
  return (
    <div className={classes.row}>
      <span className={classes.name}>
        {isBlind ? null : <ModelGlyph mark={label.mark} size={12} />}
        <span>{label.name}</span>
      </span>
      <div
        className={classes.track}
        style={{ '--lane-colour': isBlind ? 'var(--sy-muted)' : colourOfMark(label.mark) } as React.CSSProperties}
      >
        <span className={classes.queue} style={{ width: share(startMs) }} />
        <span className={classes.wait} style={{ left: share(startMs), width: share(Math.max(0, waitEnd - startMs)) }} />
        <svg className={classes.band} viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {row.firstTokenMs === null ? null : <path d={barsOf(row)} />}
        </svg>
        {row.firstTokenMs === null ? null : (
          <span className={classes.first} style={{ left: share(row.firstTokenMs) }} />
        )}
        {isOpen ? null : (
          <span className={classes.end} data-tone={tone} style={{ left: share(row.endMs) }}>
            <Icon size={14} aria-label={word} />
          </span>
        )}
        {cursorMs === null ? null : <span className={classes.cursor} style={{ left: share(cursorMs) }} />}
      </div>
      <span className={classes.total}>{formatDuration(row.endMs)}</span>
    </div>
  );
}

/** All lanes over one time axis: queue, wait for the first token, token rate, end; with a replay at the speed it was recorded. */
export function RaceStrip({ store, labels }: { store: ComparisonStore; labels: ReadonlyMap<string, LaneLabel> }) {
  const summary = useSummary(store);
  const isRunning = summary.state === 'RUNNING';
  const now = useNow(isRunning, 200);
  const race = raceOf(store.record, now + store.clockSkewMs);
  const replay = useReplay(store, race.totalMs);
  return (
    <section className={classes.strip} aria-label="Race strip">
      <header className={classes.header}>
        <h2 className={classes.title}>Race</h2>
        <ul className={classes.legend} aria-hidden="true">
          <li data-part="queue">queue</li>
          <li data-part="wait">wait for first token</li>
          <li data-part="rate">token rate</li>
        </ul>
        <ReplayControls
          replay={replay}
          totalMs={race.totalMs}
          isAvailable={!isRunning && summary.isRecorded}
          waitingWord={isRunning ? 'replay when finished' : 'loading the recording…'}
        />
      </header>
      <div className={classes.rows} aria-hidden="true">
        {race.rows.map((row) => {
          const label = labels.get(row.laneId);
          return label ? <Row key={row.laneId} row={row} race={race} label={label} cursorMs={replay.atMs} /> : null;
        })}
        <div className={classes.axis}>
          {race.ticksMs.map((tick) => (
            <span key={tick} style={{ left: `${(tick / race.totalMs) * 100}%` }}>
              {tick === 0 ? '0' : `${tick / 1000} s`}
            </span>
          ))}
        </div>
      </div>
      <div className="visually-hidden">
        <table>
          <caption>Times of each lane</caption>
          <thead>
            <tr>
              <th>Lane</th>
              <th>State</th>
              <th>First token after</th>
              <th>End after</th>
            </tr>
          </thead>
          <tbody>
            {race.rows.map((row) => (
              <tr key={row.laneId}>
                <th>{labels.get(row.laneId)?.name}</th>
                <td>{laneStates[row.state].word}</td>
                <td>{row.firstTokenMs === null ? 'none' : formatDuration(row.firstTokenMs)}</td>
                <td>{isRunning ? 'running' : formatDuration(row.endMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
