'use client';

import { Tooltip } from '@mantine/core';
import tableClasses from '../../shell/table.module.css';
import { IntervalBar } from './interval-bar.tsx';
import { differenceWords, levelWords, metricName, pWords, rangeWords } from './metric-words.ts';
import classes from './result.module.css';
import type { Results } from './use-results.ts';

type Variant = Results['variants'][number];
type Effect = NonNullable<Variant['latencyP50']>;

interface Props {
  variant: Variant;
  baseline: string;
  colour: string;
  directionOf(metric: string): 'higher' | 'lower';
}

const verdicts: Readonly<Record<string, string>> = {
  wins: 'wins',
  harmed: 'is worse',
  futile: 'shows no effect that matters',
  open: 'is not decided',
};

/** Every metric of one variant beside the baseline: means, difference with its interval, and how many items it stands on. */
export function MetricTable({ variant, baseline, colour, directionOf }: Props) {
  const quantiles = [
    { name: 'latency, median', effect: variant.latencyP50 },
    { name: 'latency, 95th percentile', effect: variant.latencyP95 },
  ];
  return (
    <section className={classes.metrics} aria-label={`Metrics of ${variant.variant}`}>
      <h2 className={classes.metricsTitle}>
        <i style={{ background: colour }} aria-hidden="true" />
        {variant.variant} {verdicts[variant.verdict] ?? ''}
        <span className={classes.against}>against {baseline}</span>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={tableClasses.frame} tabIndex={0} aria-label={`Metrics of ${variant.variant}, table`}>
        <table className={tableClasses.table}>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" className={tableClasses.number}>
                {baseline}
              </th>
              <th scope="col" className={tableClasses.number}>
                {variant.variant}
              </th>
              <th scope="col">Difference</th>
              <th scope="col" className={tableClasses.number}>
                p
              </th>
              <th scope="col" className={tableClasses.number}>
                Items
              </th>
            </tr>
          </thead>
          <tbody>
            {variant.metrics.map((metric) => (
              <tr key={metric.metric}>
                <td>
                  <span className={classes.metricName}>{metricName(metric.metric)}</span>
                  {metric.isPrimary ? <span className={classes.tag}>decides</span> : null}
                  {metric.isGuardrail ? (
                    <span className={classes.tag} data-tone={metric.marginVerdict ?? undefined}>
                      guardrail{metric.marginVerdict ? `: ${metric.marginVerdict}` : ''}
                    </span>
                  ) : null}
                </td>
                <td className={tableClasses.number}>
                  {metric.baselineMean === null ? '—' : levelWords(metric.metric, metric.baselineMean)}
                </td>
                <td className={tableClasses.number}>
                  {metric.variantMean === null ? '—' : levelWords(metric.metric, metric.variantMean)}
                </td>
                <td>
                  <Difference
                    metric={metric.metric}
                    effect={metric.effect}
                    cannotTell={metric.isPrimary ? metric.cannotTell : 'cannot tell yet'}
                    better={directionOf(metric.metric)}
                  />
                </td>
                <td className={tableClasses.number}>{pWords(metric.effect?.pValue ?? null)}</td>
                <td className={tableClasses.number}>
                  {metric.pairs}
                  {metric.missing.length > 0 ? (
                    <Tooltip label={metric.missing.map(({ reason, count }) => `${count} ${reason}`).join(', ')}>
                      <span className={classes.missing}>
                        {metric.missing.reduce((sum, { count }) => sum + count, 0)} missing
                      </span>
                    </Tooltip>
                  ) : null}
                </td>
              </tr>
            ))}
            {quantiles.map(({ name, effect }) => (
              <tr key={name}>
                <td>
                  <span className={classes.metricName}>{name}</span>
                </td>
                <td className={tableClasses.number}>—</td>
                <td className={tableClasses.number}>—</td>
                <td>
                  <Difference metric="latencyMs" effect={effect} cannotTell="too few values yet" better="lower" />
                </td>
                <td className={tableClasses.number}>—</td>
                <td className={tableClasses.number}>—</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface DifferenceProps {
  metric: string;
  effect: Effect | null;
  cannotTell: string | null;
  better: 'higher' | 'lower';
}

function Difference({ metric, effect, cannotTell, better }: DifferenceProps) {
  if (!effect) return <span className={classes.unknown}>{cannotTell ?? 'cannot tell'}</span>;
  const { estimate, low, high } = effect;
  const range = rangeWords(metric, low, high);
  const words = differenceWords(metric, estimate);
  return (
    <span className={classes.difference}>
      <IntervalBar
        effect={effect}
        span={Math.max(1e-12, Math.abs(low), Math.abs(high))}
        better={better}
        label={`${words}, interval ${range}`}
      />
      <span aria-hidden="true">
        <strong>{words}</strong> <span className={tableClasses.muted}>{range}</span>
      </span>
    </span>
  );
}
