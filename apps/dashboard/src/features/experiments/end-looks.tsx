'use client';

import { useState } from 'react';
import { useQuery } from 'urql';
import { ExperimentEndLooksDocument, type ExperimentEndLooksQuery } from '../../gql/experiments.ts';
import tableClasses from '../../shell/table.module.css';
import { differenceWords, metricName, pWords, rangeWords } from './metric-words.ts';
import classes from './result.module.css';

interface Props {
  experimentId: string;
  /** Asked for anew when it changes. */
  items: number;
}

type Metric = NonNullable<
  NonNullable<ExperimentEndLooksQuery['experiment']>['results']
>['variants'][number]['metrics'][number];

const methods: Readonly<Record<string, string>> = {
  mcnemar: 'exact McNemar test',
  'paired-t': 'paired t test',
  clustered: 't test by cluster (CR3)',
};
const cautions: Readonly<Record<string, string>> = {
  'few-values': 'few values',
  'few-clusters': 'few clusters',
};
const covariates: Readonly<Record<string, string>> = {
  history: 'earlier results of the items',
  length: 'length of the input',
};

/** What ordinary tests say of one look at the end, and with what was known of the items before: read when it is opened. */
export function EndLooks({ experimentId, items }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={classes.endLooks} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>For one look at the end: ordinary tests, and less noise by what was known of the items</summary>
      {isOpen ? <Tables key={items} experimentId={experimentId} /> : null}
    </details>
  );
}

function Tables({ experimentId }: Pick<Props, 'experimentId'>) {
  const [{ data, error }] = useQuery({
    query: ExperimentEndLooksDocument,
    variables: { id: experimentId },
    requestPolicy: 'network-only',
  });
  if (error && !data) return <p className={classes.unknown}>This could not be read. Close it and open it again.</p>;
  if (!data) return <p className={classes.unknown}>Reading …</p>;
  const rows = (data.experiment?.results?.variants ?? []).flatMap(({ variant, metrics }) =>
    metrics.flatMap((metric) => (metric.atEnd || metric.adjusted ? [{ variant, metric }] : [])),
  );
  if (rows.length === 0)
    return (
      <p className={classes.unknown}>Ordinary tests say nothing here: there are too few pairs, or no pairs at all.</p>
    );
  return (
    <>
      <p className={classes.unknown}>
        Narrower than the intervals above, and right only for who looks once, when all items are in. Corrected: for all
        variants and the metrics that decide (Holm).
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={tableClasses.frame} tabIndex={0} aria-label="One look at the end">
        <table className={tableClasses.table}>
          <thead>
            <tr>
              <th scope="col">Variant</th>
              <th scope="col">Metric</th>
              <th scope="col">Test</th>
              <th scope="col">Difference</th>
              <th scope="col" className={tableClasses.number}>
                p
              </th>
              <th scope="col" className={tableClasses.number}>
                Corrected
              </th>
              <th scope="col" className={tableClasses.number}>
                Items
              </th>
              <th scope="col">With what was known</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ variant, metric }) => (
              <Row key={`${variant} ${metric.metric}`} variant={variant} metric={metric} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Row({ variant, metric: { metric, atEnd, adjusted } }: { variant: string; metric: Metric }) {
  const notes = atEnd?.cautions.map((each) => cautions[each] ?? each) ?? [];
  return (
    <tr>
      <td>{variant}</td>
      <td>
        <span className={classes.metricName}>{metricName(metric)}</span>
      </td>
      <td>
        {atEnd ? (methods[atEnd.method] ?? atEnd.method) : '—'}
        {notes.length > 0 ? <span className={tableClasses.muted}> {notes.join(', ')}</span> : null}
      </td>
      <td>{atEnd ? <Range metric={metric} {...atEnd} /> : '—'}</td>
      <td className={tableClasses.number}>{pWords(atEnd?.pValue ?? null)}</td>
      <td className={tableClasses.number}>{pWords(atEnd?.holmPValue ?? null)}</td>
      <td className={tableClasses.number}>
        {atEnd?.n ?? '—'}
        {atEnd?.clusters ? <span className={tableClasses.muted}> in {atEnd.clusters} clusters</span> : null}
      </td>
      <td>
        {adjusted ? (
          <>
            <Range metric={metric} {...adjusted} />{' '}
            <span className={tableClasses.muted}>
              {covariates[adjusted.covariate] ?? adjusted.covariate}, {Math.round(adjusted.varianceSaved * 100)} % less
              variance
            </span>
          </>
        ) : (
          '—'
        )}
      </td>
    </tr>
  );
}

function Range({ metric, estimate, low, high }: { metric: string; estimate: number; low: number; high: number }) {
  return (
    <>
      <strong>{differenceWords(metric, estimate)}</strong>{' '}
      <span className={tableClasses.muted}>{rangeWords(metric, low, high)}</span>
    </>
  );
}
