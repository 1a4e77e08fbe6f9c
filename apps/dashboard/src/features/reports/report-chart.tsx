'use client';

import { Button } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { useId, useState } from 'react';
import tableClasses from '../../shell/table.module.css';
import { ceilingOf } from '../health/chart-geometry.ts';
import { useChartCursor } from '../health/use-chart-cursor.ts';
import { type ChartFigure, type ExploreReport, keyOf, nameOf } from './report-figures.ts';
import classes from './reports.module.css';

const width = 900;
const height = 200;
const shownGroups = 5;
const dayWords = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const hourWords = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

interface Layer {
  readonly key: string;
  readonly name: string;
  readonly values: readonly number[];
}

/** The largest groups and all others together. A call may be in no group, or in several by its tags: then others are not drawn below zero. */
function layersOf(report: ExploreReport, figure: ChartFigure): readonly Layer[] {
  const steps = report.stepStarts.map((_, step) => step);
  const total = steps.map((step) => (report.series ? figure.read(report.series, step) : 0));
  const sized = report.groups
    .flatMap((group) =>
      group.series ? [{ group, values: steps.map((step) => figure.read(group.series!, step)) }] : [],
    )
    .map((each) => ({ ...each, sum: each.values.reduce((sum, value) => sum + value, 0) }))
    .filter(({ sum }) => sum > 0)
    .sort((a, b) => b.sum - a.sum)
    .slice(0, shownGroups);
  const shown = sized.map(({ group, values }) => ({ key: keyOf(group), name: nameOf(group), values }));
  const rest = total.map((value, step) =>
    Math.max(0, value - shown.reduce((sum, layer) => sum + layer.values[step]!, 0)),
  );
  const isRest = rest.some((value, step) => value > 1e-9 * Math.max(1, total[step]!));
  return isRest ? [...shown, { key: '', name: shown.length > 0 ? 'all others' : 'all', values: rest }] : shown;
}

/** A figure step by step, stacked by group: looked at with the pointer or the arrow keys, and the same as a table. */
export function ReportChart({
  report,
  figure,
  isHourly,
}: {
  report: ExploreReport;
  figure: ChartFigure;
  isHourly: boolean;
}) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  const at = report.stepStarts;
  const layers = layersOf(report, figure);
  const sums = at.map((_, step) => layers.reduce((sum, layer) => sum + (layer.values[step] ?? 0), 0));
  const { index, spoken, handlers } = useChartCursor(at.length, 7);
  const top = ceilingOf(sums, 0);
  const when = (step: number) => (isHourly ? hourWords : dayWords).format(new Date(at[step] ?? 0));
  const words = (step: number) =>
    `${when(step)}: ${figure.format(sums[step] ?? 0)}${layers.length > 1 ? `; ${layers.map(({ name, values }) => `${name} ${figure.format(values[step] ?? 0)}`).join(', ')}` : ''}`;
  const barWidth = width / Math.max(1, at.length);
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div className={classes.cardHead}>
        <h2 id={id}>
          {figure.label} by {isHourly ? 'hour' : 'day'}
        </h2>
        <Button
          size="compact-xs"
          mih={26}
          variant="subtle"
          aria-pressed={isTable}
          aria-label={`${figure.label} as a table`}
          leftSection={isTable ? <IconChartBar size={14} /> : <IconTable size={14} />}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? 'Graph' : 'Table'}
        </Button>
      </div>
      {isTable ? (
        <StepTable at={at} when={when} layers={layers} sums={sums} figure={figure} />
      ) : (
        <>
          <div
            className={classes.plot}
            role="slider"
            tabIndex={0}
            aria-readonly="true"
            aria-label={`${figure.label}, step by step`}
            aria-valuemin={1}
            aria-valuemax={at.length}
            aria-valuenow={spoken + 1}
            aria-valuetext={words(spoken)}
            {...handlers}
          >
            <span className={classes.plotTop} aria-hidden="true">
              {figure.format(top)}
            </span>
            <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
              {[0, 0.5, 1].map((share) => (
                <line
                  key={share}
                  x1="0"
                  x2={width}
                  y1={share * height}
                  y2={share * height}
                  className={classes.gridLine}
                />
              ))}
              {at.map((start, step) => {
                let below = 0;
                return (
                  <g key={start} opacity={index === undefined || index === step ? 1 : 0.55}>
                    {layers.map(({ key, values }, layer) => {
                      const value = values[step] ?? 0;
                      const size = (value / top) * height;
                      below += size;
                      return value > 0 ? (
                        <rect
                          key={key}
                          x={step * barWidth + barWidth * 0.12}
                          width={barWidth * 0.76}
                          y={height - below}
                          height={Math.max(0.8, size)}
                          data-layer={key === '' ? 'rest' : layer}
                          className={classes.layer}
                        />
                      ) : null;
                    })}
                  </g>
                );
              })}
            </svg>
          </div>
          <p className={classes.axis} aria-hidden="true">
            <span>{at.length > 0 ? when(0) : ''}</span>
            {at.length > 2 ? <span>{when(Math.floor((at.length - 1) / 2))}</span> : null}
            <span>{at.length > 1 ? when(at.length - 1) : ''}</span>
          </p>
          <p className={classes.legend} aria-hidden="true">
            {index === undefined
              ? layers.map(({ key, name }, layer) => (
                  <span key={key} data-layer={key === '' ? 'rest' : layer}>
                    {name}
                  </span>
                ))
              : words(index)}
          </p>
        </>
      )}
    </section>
  );
}

function StepTable({
  at,
  when,
  layers,
  sums,
  figure,
}: {
  at: readonly string[];
  when: (step: number) => string;
  layers: readonly Layer[];
  sums: readonly number[];
  figure: ChartFigure;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={classes.stepTable} tabIndex={0} aria-label={`${figure.label}, table`}>
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" className={tableClasses.number}>
              All shown
            </th>
            {layers.map(({ key, name }) => (
              <th key={key} scope="col" className={tableClasses.number}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {at.map((start, step) => (
            <tr key={start}>
              <td>{when(step)}</td>
              <td className={tableClasses.number}>{figure.format(sums[step] ?? 0)}</td>
              {layers.map(({ key, values }) => (
                <td key={key} className={tableClasses.number}>
                  {figure.format(values[step] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
