'use client';

import { formatCount, formatUsd } from '../../format/number-format.ts';
import { useChartCursor } from '../health/use-chart-cursor.ts';
import classes from './reports.module.css';
import { type WeekReport, weekdayWords } from './week-words.ts';

const width = 700;
const height = 90;

/** The days of the week as bars of spend, with their figures written below: the table is the picture. */
export function WeekDays({ report }: { report: WeekReport }) {
  const { days } = report;
  const { spoken, handlers } = useChartCursor(days.length, 7);
  if (days.length === 0) return null;
  const top = Math.max(...days.map(({ costUsd }) => Number(costUsd)), 1e-12);
  const words = (index: number) => {
    const day = days[index];
    return day
      ? `${weekdayWords(day.date)}: ${formatUsd(day.costUsd)}, ${formatCount(day.calls)} calls, ${formatCount(day.failed)} failed`
      : '';
  };
  const slot = width / days.length;
  return (
    <section className={classes.days} aria-label="Day by day">
      <div
        className={classes.dayBars}
        role="slider"
        tabIndex={0}
        aria-readonly="true"
        aria-label="Spend day by day"
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={spoken + 1}
        aria-valuetext={words(spoken)}
        onKeyDown={handlers.onKeyDown}
        onFocus={handlers.onFocus}
        onBlur={handlers.onBlur}
      >
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {days.map(({ date, costUsd }, index) => {
            const size = Math.max(1.5, (Number(costUsd) / top) * (height - 4));
            return (
              <rect
                key={date}
                x={index * slot + slot * 0.15}
                width={slot * 0.7}
                y={height - size}
                height={size}
                className={classes.layer}
                data-layer="0"
              />
            );
          })}
        </svg>
      </div>
      <ol style={{ gridTemplateColumns: `repeat(${days.length}, minmax(0, 1fr))` }}>
        {days.map(({ date, calls, costUsd }) => (
          <li key={date}>
            <span>{weekdayWords(date)}</span>
            <strong>{formatUsd(costUsd)}</strong>
            <span>{formatCount(calls)} calls</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
