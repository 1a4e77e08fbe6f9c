'use client';

import { Button } from '@mantine/core';
import { IconChartDots, IconTable } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { formatCount, formatUsd } from '../../format/number-format.ts';
import tableClasses from '../../shell/table.module.css';
import { ceilingOf } from '../health/chart-geometry.ts';
import { useChartCursor } from '../health/use-chart-cursor.ts';
import { type FrontierPoint, frontierOf } from './frontier-points.ts';
import classes from './reports.module.css';

const width = 640;
const height = 260;
const margin = { left: 56, right: 18, top: 16, bottom: 40 };

/** Tenths that hold all points with their intervals: differences are small, and would not be seen between 0 and 1. */
function qualityRange(points: readonly FrontierPoint[]): readonly [number, number] {
  const lowest = Math.min(...points.map(({ low, quality }) => low ?? quality));
  const highest = Math.max(...points.map(({ high, quality }) => high ?? quality));
  const floor = Math.max(0, Math.floor(lowest * 10 - 0.2) / 10);
  return [floor, Math.max(floor + 0.1, Math.min(1, Math.ceil(highest * 10 + 0.2) / 10))];
}

/** Quality against cost: who stands on the line is beaten by none. Points are gone through with the arrow keys. */
export function FrontierChart({ points }: { points: readonly FrontierPoint[] }) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  const sorted = [...points].sort((a, b) => a.cost - b.cost);
  const frontier = frontierOf(points);
  const best = new Set(frontier.map(({ key }) => key));
  const { index, spoken, handlers } = useChartCursor(sorted.length, 3);
  const top = ceilingOf(
    sorted.map(({ cost }) => cost),
    0,
  );
  const x = (cost: number) => margin.left + (cost / top) * (width - margin.left - margin.right);
  const [floor, ceiling] = qualityRange(sorted);
  const y = (quality: number) =>
    height - margin.bottom - ((quality - floor) / (ceiling - floor)) * (height - margin.top - margin.bottom);
  const words = (point: FrontierPoint | undefined) =>
    point === undefined
      ? ''
      : `${point.label}: quality ${point.quality.toFixed(2)}${point.low !== null && point.high !== null ? ` (${point.low.toFixed(2)} to ${point.high.toFixed(2)})` : ''} by ${formatCount(point.judged)} judged, ${formatUsd(point.cost)} per success${best.has(point.key) ? ', on the frontier' : ''}`;
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div className={classes.cardHead}>
        <h2 id={id}>Quality and cost</h2>
        <Button
          size="compact-xs"
          mih={26}
          variant="subtle"
          aria-pressed={isTable}
          aria-label="Quality and cost as a table"
          leftSection={isTable ? <IconChartDots size={14} /> : <IconTable size={14} />}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? 'Graph' : 'Table'}
        </Button>
      </div>
      {isTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={classes.stepTable} tabIndex={0} aria-label="Quality and cost, table">
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">Group</th>
                <th scope="col" className={tableClasses.number}>
                  Per success
                </th>
                <th scope="col" className={tableClasses.number}>
                  Quality
                </th>
                <th scope="col" className={tableClasses.number}>
                  Judged
                </th>
                <th scope="col">Frontier</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((point) => (
                <tr key={point.key}>
                  <td>{point.label}</td>
                  <td className={tableClasses.number}>{formatUsd(point.cost)}</td>
                  <td className={tableClasses.number}>{point.quality.toFixed(2)}</td>
                  <td className={tableClasses.number}>{formatCount(point.judged)}</td>
                  <td>{best.has(point.key) ? 'yes' : 'no'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <>
          <div
            className={classes.scatter}
            role="slider"
            tabIndex={0}
            aria-readonly="true"
            aria-label="Quality and cost of each group, by cost"
            aria-valuemin={1}
            aria-valuemax={sorted.length}
            aria-valuenow={spoken + 1}
            aria-valuetext={words(sorted[spoken])}
            onKeyDown={handlers.onKeyDown}
            onFocus={handlers.onFocus}
            onBlur={handlers.onBlur}
          >
            <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
              {[floor, (floor + ceiling) / 2, ceiling].map((quality) => (
                <g key={quality}>
                  <line
                    x1={margin.left}
                    x2={width - margin.right}
                    y1={y(quality)}
                    y2={y(quality)}
                    className={classes.gridLine}
                  />
                  <text x={margin.left - 6} y={y(quality) + 4} textAnchor="end" className={classes.axisText}>
                    {quality.toFixed(2)}
                  </text>
                </g>
              ))}
              {[0, 0.5, 1].map((share) => (
                <text
                  key={share}
                  x={x(share * top)}
                  y={height - 14}
                  textAnchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}
                  className={classes.axisText}
                >
                  {formatUsd(share * top)}
                </text>
              ))}
              <path
                className={classes.frontier}
                d={frontier
                  .map(
                    ({ cost, quality }, place) =>
                      `${place === 0 ? 'M' : 'L'}${x(cost).toFixed(1)} ${y(quality).toFixed(1)}`,
                  )
                  .join('')}
              />
              {sorted.map((point, place) => (
                <g key={point.key}>
                  {point.low !== null && point.high !== null ? (
                    <line
                      x1={x(point.cost)}
                      x2={x(point.cost)}
                      y1={y(point.low)}
                      y2={y(point.high)}
                      className={classes.whisker}
                    />
                  ) : null}
                  <circle
                    cx={x(point.cost)}
                    cy={y(point.quality)}
                    r={index === place ? 8 : 5.5}
                    className={classes.point}
                    data-best={best.has(point.key) || undefined}
                  >
                    <title>{words(point)}</title>
                  </circle>
                </g>
              ))}
            </svg>
          </div>
          <p className={classes.legend} aria-hidden="true">
            {index === undefined
              ? 'Up is better, left is cheaper. Filled points are beaten by none; lines are intervals of 95 %.'
              : words(sorted[index])}
          </p>
        </>
      )}
    </section>
  );
}
