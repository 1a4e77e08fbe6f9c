'use client';

import { memo } from 'react';
import { formatUtcDay } from '../../format/date-format.ts';
import classes from './uptime-bars.module.css';
import { dayInWords, daysInWords, type HealthDay, layOutDay } from './uptime-days.ts';
import { useChartCursor } from './use-chart-cursor.ts';

interface Props {
  name: string;
  days: readonly HealthDay[];
}

const step = 4;
const height = 32;

/** Drawn anew only with new days: a page of many providers has thousands of bars. */
export const UptimeBars = memo(DrawnBars);

/** One bar for each day, the oldest first. A day is looked at with the pointer or the arrow keys; below stands what it says. */
function DrawnBars({ name, days }: Props) {
  const { index, spoken, handlers } = useChartCursor(days.length, 7);
  const shown = index === undefined ? undefined : days[index];
  const told = days[spoken];
  if (!told) return null;
  return (
    <div className={classes.bars}>
      <div
        className={classes.row}
        role="slider"
        tabIndex={0}
        aria-readonly="true"
        aria-label={`${name}, day by day. ${daysInWords(days)}`}
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={spoken + 1}
        aria-valuetext={`${formatUtcDay(told.at)}: ${dayInWords(told)}`}
        {...handlers}
      >
        <svg viewBox={`0 0 ${days.length * step - 1} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {days.map((day, number) => (
            <g key={day.at} className={classes.day} data-looked-at={number === index || undefined}>
              {layOutDay(day).map(({ part, from, share }) => (
                <rect
                  key={part}
                  className={classes.part}
                  data-part={part}
                  x={number * step}
                  width={step - 1}
                  y={height - (from + share) * height}
                  height={share * height}
                />
              ))}
            </g>
          ))}
        </svg>
      </div>
      {shown ? (
        <p className={classes.words} aria-hidden="true">
          <strong>{formatUtcDay(shown.at)}</strong> {dayInWords(shown)}
        </p>
      ) : (
        <p className={classes.words} data-ends="" aria-hidden="true">
          <span>{days.length} days ago</span>
          <span>today</span>
        </p>
      )}
    </div>
  );
}
