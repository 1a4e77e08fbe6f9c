'use client';

import { formatUsd } from '../../format/number-format.ts';
import type { ExperimentFieldsFragment } from '../../gql/experiments.ts';
import tableClasses from '../../shell/table.module.css';
import { goalsOf, unitsOf, usualDirection, variantColour } from './definition.ts';
import { EndLooks } from './end-looks.tsx';
import { ForestPlot, type ForestRow } from './forest-plot.tsx';
import { MetricTable } from './metric-table.tsx';
import { levelWords } from './metric-words.ts';
import classes from './result.module.css';
import { ShrinkChart } from './shrink-chart.tsx';
import type { Look, Results } from './use-results.ts';

interface Props {
  experiment: ExperimentFieldsFragment;
  results: Results;
  looks: readonly Look[] | undefined;
}

/** The effects with their intervals, how sure they became, what each variant cost, and every metric that was measured. */
export function ResultsTab({ experiment, results, looks }: Props) {
  const { definition } = experiment;
  const { primary, guardrails } = goalsOf(definition);
  const rowsOf = (metric: string): ForestRow[] =>
    results.variants.map(({ variant, metrics }) => {
      const found = metrics.find((each) => each.metric === metric);
      return {
        key: variant,
        label: variant,
        colour: variantColour(definition, variant),
        effect: found?.effect ?? null,
        cannotTell: found?.cannotTell ?? null,
        marginVerdict: found?.marginVerdict ?? null,
      };
    });
  const goals = [
    ...(primary ? [{ ...primary, title: 'decides' }] : []),
    ...guardrails.map((each) => ({ ...each, title: 'guardrail' })),
  ];
  return (
    <div className={classes.sections}>
      <section className={classes.card} aria-labelledby="effects-title">
        <h2 id="effects-title" className={classes.cardTitle}>
          Against <strong>{results.baseline}</strong>
          <span className={classes.aside}>intervals hold however often you look</span>
        </h2>
        <div className={classes.plots}>
          {goals.map(({ metric, better, margin, title }) => (
            <ForestPlot
              key={metric}
              metric={metric}
              better={better}
              margin={margin}
              title={title}
              rows={rowsOf(metric)}
            />
          ))}
        </div>
      </section>
      {primary && looks && looks.length > 1 ? (
        <section className={classes.card}>
          <ShrinkChart
            looks={looks}
            metric={primary.metric}
            better={primary.better}
            margin={primary.margin}
            plannedItems={results.plannedItems}
            isRunning={experiment.state === 'running'}
            units={unitsOf(definition)}
            variants={results.variants.map(({ variant }) => ({
              key: variant,
              colour: variantColour(definition, variant),
            }))}
          />
        </section>
      ) : null}
      <Summaries experiment={experiment} results={results} />
      {results.variants.map((variant) => (
        <MetricTable
          key={variant.variant}
          variant={variant}
          baseline={results.baseline}
          colour={variantColour(definition, variant.variant)}
          directionOf={(metric) => goals.find((goal) => goal.metric === metric)?.better ?? usualDirection(metric)}
        />
      ))}
      <EndLooks experimentId={experiment.id} items={results.items} />
    </div>
  );
}

/** What each variant did and cost, the baseline among them. */
function Summaries({ experiment, results }: Omit<Props, 'looks'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Variants">
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Variant</th>
            <th scope="col" className={tableClasses.number}>
              Answers
            </th>
            <th scope="col" className={tableClasses.number}>
              Failed
            </th>
            <th scope="col" className={tableClasses.number}>
              Kept apart
            </th>
            <th scope="col" className={tableClasses.number}>
              Cost
            </th>
            <th scope="col" className={tableClasses.number}>
              Cost per success
            </th>
          </tr>
        </thead>
        <tbody>
          {results.summaries.map((each) => {
            const apart = each.contaminated.reduce((sum, { count }) => sum + count, 0);
            const all = each.answers + each.failed;
            return (
              <tr key={each.variant}>
                <td>
                  <span className={classes.variant}>
                    <i style={{ background: variantColour(experiment.definition, each.variant) }} aria-hidden="true" />
                    {each.variant}
                    {each.variant === results.baseline ? <span className={tableClasses.muted}>baseline</span> : null}
                  </span>
                </td>
                <td className={tableClasses.number}>{each.answers}</td>
                <td className={tableClasses.number}>
                  {each.failed === 0 ? (
                    <span className={tableClasses.muted}>0</span>
                  ) : (
                    `${each.failed} (${levelWords('success', each.failed / Math.max(1, all))})`
                  )}
                </td>
                <td className={tableClasses.number}>
                  {apart === 0 ? <span className={tableClasses.muted}>0</span> : apart}
                </td>
                <td className={tableClasses.number}>
                  {each.unknownCosts > 0 ? '≥ ' : ''}
                  {formatUsd(each.costUsd)}
                </td>
                <td className={tableClasses.number}>
                  {each.costPerSuccessUsd === null ? (
                    <span className={tableClasses.muted}>cannot tell</span>
                  ) : (
                    <>
                      {formatUsd(each.costPerSuccessUsd)}
                      {each.costPerSuccessRangeUsd?.length === 2 ? (
                        <span className={classes.range}>{each.costPerSuccessRangeUsd.map(formatUsd).join(' to ')}</span>
                      ) : null}
                    </>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
