'use client';

import { Button } from '@mantine/core';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useId, useState } from 'react';
import tableClasses from '../../shell/table.module.css';
import { useChartCursor } from '../health/use-chart-cursor.ts';
import { axisWords, differenceWords, metricName, rangeWords } from './metric-words.ts';
import classes from './shrink-chart.module.css';
import { pointsOf, type ShrinkPoint, spanOf } from './shrink-geometry.ts';
import type { Look } from './use-results.ts';

interface Props {
  looks: readonly Look[];
  metric: string;
  better: 'higher' | 'lower';
  margin: number;
  plannedItems: number;
  isRunning: boolean;
  /** What is counted: items, users, … */
  units: string;
  variants: readonly { readonly key: string; readonly colour: string }[];
}

const width = 640;
const height = 200;

/** How the interval of each variant narrowed around its effect while the items came in; it holds at all looks together. */
export function ShrinkChart({ looks, metric, better, margin, plannedItems, isRunning, units, variants }: Props) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  const clip = useId();
  const series = variants.map(({ key, colour }) => ({ key, colour, points: pointsOf(looks, key, metric) }));
  const told = looks.filter(({ items }) => series.some(({ points }) => points.some((point) => point.items === items)));
  const { index, spoken, handlers } = useChartCursor(told.length, 10);
  if (told.length < 2) {
    return (
      <p className={classes.readout}>
        Here the interval is seen narrowing, from the first look on; it needs two looks at least.
      </p>
    );
  }
  const sign = better === 'lower' ? -1 : 1;
  const span = spanOf(
    series.map(({ points }) => points),
    margin,
  );
  const now = told.at(-1)?.items ?? 1;
  // Room for what may come while it runs, none for what never will.
  const most = isRunning ? Math.max(now, Math.min(plannedItems, 2 * now)) : now;
  const x = (items: number) => (items / most) * width;
  const y = (value: number) => height / 2 - ((sign * value) / span) * (height / 2 - 4);
  const wordsAt = (at: number) => {
    const items = told[at]?.items ?? 0;
    const each = series.flatMap(({ key, points }) => {
      const point = points.find((candidate) => candidate.items === items);
      if (!point) return [];
      const estimate = differenceWords(metric, point.estimate);
      return [`${series.length > 1 ? `${key} ` : ''}${estimate} (${rangeWords(metric, point.low, point.high)})`];
    });
    return `After ${items} ${units}: ${each.join(', ')}`;
  };
  const seen = index === undefined ? undefined : told[index];
  return (
    <section className={classes.chart} aria-labelledby={id}>
      <header className={classes.head}>
        <h3 id={id}>How sure, over time</h3>
        <Button
          size="compact-xs"
          mih={26}
          variant="subtle"
          aria-label={`${isTable ? 'Graph' : 'Table'}: how sure, over time`}
          leftSection={isTable ? <IconChartLine size={14} /> : <IconTable size={14} />}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? 'Graph' : 'Table'}
        </Button>
      </header>
      {isTable ? (
        <LookTable series={series} metric={metric} looks={told} />
      ) : (
        <>
          <p className={classes.readout} aria-hidden="true">
            {seen === undefined
              ? `${metricName(metric)}: the interval narrows; zero leaves it when a difference is shown`
              : wordsAt(index ?? 0)}
          </p>
          <div
            className={classes.plot}
            role="slider"
            tabIndex={0}
            aria-readonly="true"
            aria-label="Effect and interval over the items"
            aria-valuemin={1}
            aria-valuemax={told.length}
            aria-valuenow={spoken + 1}
            aria-valuetext={wordsAt(spoken)}
            {...handlers}
          >
            <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
              <clipPath id={clip}>
                <rect width={width} height={height} />
              </clipPath>
              {margin > 0 ? (
                <rect
                  x="0"
                  width={width}
                  y={Math.min(y(0), y(-sign * margin))}
                  height={Math.abs(y(0) - y(-sign * margin))}
                  className={classes.zone}
                />
              ) : null}
              <line x1="0" x2={width} y1={y(0)} y2={y(0)} className={classes.zero} />
              <g clipPath={`url(#${clip})`}>
                {series.map(({ key, colour, points }) => (
                  <g key={key} style={{ color: colour }}>
                    <polygon points={bandOf(points, x, y)} className={classes.band} />
                    <polyline
                      points={points
                        .map(({ items, estimate }) => `${x(items).toFixed(1)},${y(estimate).toFixed(1)}`)
                        .join(' ')}
                      className={classes.line}
                    />
                  </g>
                ))}
              </g>
              {seen === undefined ? null : (
                <line x1={x(seen.items)} x2={x(seen.items)} y1="0" y2={height} className={classes.cursor} />
              )}
            </svg>
            <span className={classes.top} aria-hidden="true">
              {axisWords(metric, sign * span)}
            </span>
            <span className={classes.bottom} aria-hidden="true">
              {axisWords(metric, -sign * span)}
            </span>
          </div>
          <p className={classes.axis} aria-hidden="true">
            <span>0</span>
            <span>{Math.round(most / 2)}</span>
            <span>
              {most} {units}
            </span>
          </p>
        </>
      )}
    </section>
  );
}

function bandOf(points: readonly ShrinkPoint[], x: (items: number) => number, y: (value: number) => number): string {
  const over = points.map(({ items, high }) => `${x(items).toFixed(1)},${y(high).toFixed(1)}`);
  const under = points.map(({ items, low }) => `${x(items).toFixed(1)},${y(low).toFixed(1)}`).reverse();
  return [...over, ...under].join(' ');
}

interface TableProps {
  series: readonly { readonly key: string; readonly points: readonly ShrinkPoint[] }[];
  looks: readonly Look[];
  metric: string;
}

function LookTable({ series, looks, metric }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={classes.table} tabIndex={0} aria-label="How sure, over time, table">
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Items</th>
            {series.map(({ key }) => (
              <th key={key} scope="col" className={tableClasses.number}>
                {key}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {looks.toReversed().map(({ items }) => (
            <tr key={items}>
              <td>{items}</td>
              {series.map(({ key, points }) => {
                const point = points.find((each) => each.items === items);
                return (
                  <td key={key} className={tableClasses.number}>
                    {point
                      ? `${differenceWords(metric, point.estimate)} (${rangeWords(metric, point.low, point.high)})`
                      : '—'}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
