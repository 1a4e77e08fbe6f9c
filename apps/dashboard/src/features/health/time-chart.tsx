'use client';

import { Button } from '@mantine/core';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { formatClock, formatDayAndClock } from '../../format/date-format.ts';
import tableClasses from '../../shell/table.module.css';
import { ceilingOf, linePath } from './chart-geometry.ts';
import classes from './time-chart.module.css';
import { useChartCursor } from './use-chart-cursor.ts';

export interface ChartSeries {
  readonly name: string;
  /** Null: nothing is known of this step. */
  readonly values: readonly (number | null)[];
  readonly look: 'first' | 'second' | 'bars';
}

interface Props {
  title: string;
  /** In one sentence what the picture shows. */
  summary: string;
  /** Beginnings of the steps. */
  at: readonly string[];
  series: readonly ChartSeries[];
  /** The top is at least so high. */
  atLeast: number;
  format(value: number): string;
  /** More about a step, for example how many calls it stands on. */
  note(index: number): string;
}

const width = 600;
const height = 120;

/** Values over time: looked at with the pointer or arrow keys, and the same as a table. */
export function TimeChart({ title, summary, at, series, atLeast, format, note }: Props) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  const { index, spoken, handlers } = useChartCursor(at.length, 10);
  const top = ceilingOf(
    series.flatMap(({ values }) => values),
    atLeast,
  );
  const inWords = (step: number) =>
    series
      .map(({ name, values }) => {
        const value = values[step];
        return `${name} ${value === null || value === undefined ? 'unknown' : format(value)}`;
      })
      .join(', ');
  const whole = (step: number) => `${formatDayAndClock(at[step] ?? '')}: ${inWords(step)}; ${note(step)}`;
  if (at.length === 0) return null;
  const toX = (step: number) => ((step + 0.5) / at.length) * width;
  const toY = (value: number) => height - (value / top) * height;
  return (
    <section className={classes.chart} aria-labelledby={id}>
      <div className={classes.head}>
        <h4 id={id}>{title}</h4>
        <Button
          size="compact-xs"
          mih={26}
          variant="subtle"
          aria-label={`${isTable ? 'Graph' : 'Table'}: ${title}`}
          leftSection={isTable ? <IconChartLine size={14} /> : <IconTable size={14} />}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? 'Graph' : 'Table'}
        </Button>
      </div>
      {isTable ? (
        <ChartTable title={title} at={at} series={series} format={format} note={note} />
      ) : (
        <>
          <p className={classes.readout} aria-hidden="true">
            {index === undefined ? (
              series.map(({ name, look }) => (
                <span key={name} className={classes.key} data-look={look}>
                  {name}
                </span>
              ))
            ) : (
              <span>{whole(index)}</span>
            )}
          </p>
          <div
            className={classes.plot}
            role="slider"
            tabIndex={0}
            aria-readonly="true"
            aria-label={`${title}. ${summary}`}
            aria-valuemin={1}
            aria-valuemax={at.length}
            aria-valuenow={spoken + 1}
            aria-valuetext={whole(spoken)}
            {...handlers}
          >
            <span className={classes.top} aria-hidden="true">
              {format(top)}
            </span>
            <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
              {[0, 0.5, 1].map((share) => (
                <line key={share} x1="0" x2={width} y1={share * height} y2={share * height} className={classes.grid} />
              ))}
              {series.map(({ name, values, look }) =>
                look === 'bars' ? (
                  values.map((value, step) =>
                    value === null ? null : (
                      <rect
                        key={at[step]}
                        className={value > 0 ? classes.failed : classes.fine}
                        x={toX(step) - width / at.length / 2 + 1}
                        width={Math.max(1, width / at.length - 2)}
                        y={Math.min(toY(value), height - 2.5)}
                        height={Math.max(2.5, height - toY(value))}
                      />
                    ),
                  )
                ) : (
                  <path key={name} className={classes.line} data-look={look} d={linePath(values, toX, toY)} />
                ),
              )}
              {index === undefined ? null : (
                <line x1={toX(index)} x2={toX(index)} y1="0" y2={height} className={classes.cursor} />
              )}
            </svg>
          </div>
          <p className={classes.axis} aria-hidden="true">
            <span>{at[0] ? formatClock(at[0]) : ''}</span>
            <span>{at.length > 2 ? formatClock(at[Math.floor(at.length / 2)] ?? '') : ''}</span>
            <span>now</span>
          </p>
        </>
      )}
    </section>
  );
}

type TableProps = Pick<Props, 'title' | 'at' | 'series' | 'format' | 'note'>;

function ChartTable({ title, at, series, format, note }: TableProps) {
  const steps = at.map((_, step) => at.length - 1 - step);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={classes.table} tabIndex={0} aria-label={`${title}, table`}>
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className={tableClasses.number}>
                {name}
              </th>
            ))}
            <th scope="col" className={tableClasses.number}>
              Calls
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={at[step]}>
              <td>{formatDayAndClock(at[step] ?? '')}</td>
              {series.map(({ name, values }) => {
                const value = values[step];
                return (
                  <td key={name} className={tableClasses.number}>
                    {value === null || value === undefined ? '—' : format(value)}
                  </td>
                );
              })}
              <td className={tableClasses.number}>{note(step)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
