import { formatCount, formatDuration, formatShare } from '../../format/number-format.ts';
import classes from './provider-details.module.css';
import { TimeChart } from './time-chart.tsx';
import type { ProviderDetailsData } from './use-provider-details.ts';

interface Props {
  series: ProviderDetailsData['series'];
  figures: ProviderDetailsData['figures'];
  hours: number;
}

/** How fast answers began and how many calls failed, over the chosen hours. */
export function ProviderGraphs({ series, figures, hours }: Props) {
  const at = series.map((point) => point.at);
  const callsAt = (step: number) => {
    const { calls = 0, failures = 0 } = series[step] ?? {};
    if (calls === 0) return 'no calls';
    return `${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}${failures > 0 ? `, ${formatCount(failures)} failed` : ''}`;
  };
  const span = hours === 1 ? 'the last hour' : `the last ${hours} hours`;
  if (figures.calls === 0 && figures.failures.length === 0)
    return (
      <p className={classes.quiet}>
        No call in {span}, so there is nothing to draw. Checks alone tell how the provider is.
      </p>
    );
  const latency =
    figures.p50Ms === null
      ? `No answer came in ${span}.`
      : `Half of the answers of ${span} began within ${formatDuration(figures.p50Ms)}, 95 of 100 within ${formatDuration(figures.p95Ms ?? figures.p50Ms)}.`;
  const errors =
    figures.errorRate === null
      ? `No call in ${span}.`
      : `${formatShare(figures.errorRate)} of ${formatCount(figures.calls)} calls of ${span} failed.`;
  return (
    <>
      <p className={classes.sums}>
        {latency} {errors}
      </p>
      <div className={classes.graphs}>
        <TimeChart
          title="Time to the first token"
          summary={latency}
          at={at}
          series={[
            { name: 'p50', values: series.map(({ p50Ms }) => p50Ms), look: 'first' },
            { name: 'p95', values: series.map(({ p95Ms }) => p95Ms), look: 'second' },
          ]}
          atLeast={100}
          format={formatDuration}
          note={callsAt}
        />
        <TimeChart
          title="Share of calls that failed"
          summary={errors}
          at={at}
          series={[
            {
              name: 'failed',
              values: series.map(({ calls, failures }) => (calls === 0 ? null : failures / calls)),
              look: 'bars',
            },
          ]}
          atLeast={0.1}
          format={formatShare}
          note={callsAt}
        />
      </div>
    </>
  );
}
