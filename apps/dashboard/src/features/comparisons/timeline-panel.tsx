import {
  IconAlertTriangleFilled,
  IconArrowForwardUp,
  IconCircleCheckFilled,
  IconClockPause,
  IconPlayerPlay,
  IconRoute,
  IconXboxXFilled,
} from '@tabler/icons-react';
import { formatDuration } from '../../format/number-format.ts';
import { RouteStep } from '../routing/route-step.tsx';
import { attemptTrackOf } from './attempt-track.ts';
import type { LaneRecord, TimelineEntry } from './comparison-record.ts';
import classes from './timeline-panel.module.css';
import { TimelinePicture } from './timeline-picture.tsx';
import { formatWait, type NameOf, pendingRetry, type StepTone, stepWords } from './timeline-words.ts';

const icons = {
  neutral: IconPlayerPlay,
  info: IconArrowForwardUp,
  good: IconCircleCheckFilled,
  warn: IconAlertTriangleFilled,
  bad: IconXboxXFilled,
} as const satisfies Record<StepTone, unknown>;

const special = { RETRY_SCHEDULED: IconClockPause, ROUTE_DECIDED: IconRoute } as const;

/** Every step on the way to a lane's answer: drawn over a time axis, and as a list. `nowMs` is the server time that is shown. */
export function TimelinePanel({ lane, nowMs, nameOf }: { lane: LaneRecord; nowMs: number; nameOf: NameOf }) {
  const pending = pendingRetry(lane, nowMs);
  const track = attemptTrackOf(lane, nowMs);
  return (
    <>
      <TimelinePicture track={track} nameOf={nameOf} />
      <ol className={classes.steps}>
        {lane.timeline.map((entry, index) => (
          <Step
            // Steps are only ever added at the end.
            key={`${entry.kind}${index}`}
            entry={entry}
            nameOf={nameOf}
            nowMs={nowMs}
            leftMs={pending && index === lane.timeline.length - 1 ? pending.leftMs : null}
          />
        ))}
        {lane.state === 'COMPLETED' ? (
          <li className={classes.step} data-tone="good">
            <IconCircleCheckFilled className={classes.icon} size={15} aria-hidden="true" />
            <div className={classes.body}>
              <p className={classes.title}>{nameOf(lane.answeredModelId ?? lane.modelId)} answered</p>
            </div>
            <span className={classes.time}>{formatDuration(track.totalMs)}</span>
          </li>
        ) : null}
      </ol>
    </>
  );
}

interface StepProps {
  entry: TimelineEntry;
  nameOf: NameOf;
  nowMs: number;
  leftMs: number | null;
}

function Step({ entry, nameOf, nowMs, leftMs }: StepProps) {
  const { tone, title, quote, note } = stepWords(entry, nameOf, nowMs);
  const Icon = special[entry.kind as keyof typeof special] ?? icons[tone];
  return (
    <li className={classes.step} data-tone={tone}>
      <Icon className={classes.icon} size={15} aria-hidden="true" />
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        {quote ? <blockquote className={classes.quote}>{quote}</blockquote> : null}
        {note ? <p className={classes.note}>{note}</p> : null}
        {entry.route ? <RouteStep route={entry.route} /> : null}
        {leftMs === null ? null : (
          <p className={classes.left}>
            <span
              className={classes.countdown}
              style={{ '--left': leftMs / Math.max(1, entry.waitMs ?? 1) } as React.CSSProperties}
              aria-hidden="true"
            />
            {formatWait(leftMs)} left
          </p>
        )}
      </div>
      <span className={classes.time}>
        <span className="visually-hidden">after </span>
        {formatDuration(entry.elapsedMs)}
      </span>
    </li>
  );
}
