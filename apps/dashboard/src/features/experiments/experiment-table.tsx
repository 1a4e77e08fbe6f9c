'use client';

import { Skeleton, Tooltip } from '@mantine/core';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { formatUsd } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { answererOf, capOf, goalsOf, hypothesisOf, isLiveSplit, variantColour, variantsOf } from './definition.ts';
import { experimentHref } from './experiment-links.ts';
import classes from './experiment-list.module.css';
import type { ListedExperiment } from './experiment-list-page.tsx';
import { IntervalBar } from './interval-bar.tsx';
import { differenceWords, metricName, rangeWords } from './metric-words.ts';
import { StateBadge } from './state-badge.tsx';

const heads = ['Test', 'State', 'Variants', 'Effect so far', 'Money', 'Changed'] as const;

function Head() {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** One row for each test: what it asks, who is compared, and what the metric that decides says so far. */
export function ExperimentTable({ rows }: { rows: readonly ListedExperiment[] }) {
  const now = useNow(true, 10_000);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Tests">
      <table className={`${tableClasses.table} ${classes.table}`}>
        <Head />
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} now={now} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row, now }: { row: ListedExperiment; now: number }) {
  const { definition } = row;
  const changedAt = row.endedAt ?? row.startedAt ?? row.updatedAt;
  return (
    <tr className={classes.row}>
      <td className={classes.what}>
        <AppLink href={experimentHref(row.id)} className={classes.title}>
          {row.name}
        </AppLink>
        <span className={classes.hypothesis}>{hypothesisOf(definition) || 'No hypothesis yet'}</span>
      </td>
      <td className={classes.state}>
        <StateBadge state={row.state} stopReason={row.stopReason} winner={row.winner} />
        {row.state === 'draft' ? null : (
          <span className={classes.items}>
            {isLiveSplit(definition) ? `${row.doneItems} executions` : `${row.doneItems} of ${row.plannedItems} items`}
          </span>
        )}
      </td>
      <td>
        <ul className={classes.variants} aria-label="Variants">
          {variantsOf(definition).map((variant, index) => (
            <li key={`${variant.key}${index}`}>
              <Tooltip label={answererOf(variant)} openDelay={300}>
                <span className={classes.chip} data-winner={variant.key === row.winner || undefined}>
                  <i style={{ background: variantColour(definition, variant.key) }} aria-hidden="true" />
                  {variant.key || '?'}
                  <span className="visually-hidden">, {answererOf(variant)}</span>
                </span>
              </Tooltip>
            </li>
          ))}
        </ul>
      </td>
      <td className={classes.effects}>
        <Effects row={row} />
      </td>
      <td className={classes.money}>
        <Money spentUsd={row.spentUsd} capUsd={capOf(definition)} isDraft={row.state === 'draft'} />
      </td>
      <td className={classes.when}>
        <Tooltip label={formatMoment(changedAt)}>
          <time dateTime={changedAt}>{formatAge(changedAt, now)}</time>
        </Tooltip>
        <span>{row.createdBy?.name ?? 'by an app'}</span>
      </td>
    </tr>
  );
}

function Effects({ row }: { row: ListedExperiment }) {
  const { primary } = goalsOf(row.definition);
  if (!primary) return <span className={tableClasses.muted}>—</span>;
  const known = row.primaryEffects.flatMap(({ variant, estimate, low, high }) =>
    estimate === null || low === null || high === null ? [] : [{ variant, effect: { estimate, low, high } }],
  );
  const span = Math.max(1e-12, ...known.flatMap(({ effect }) => [Math.abs(effect.low), Math.abs(effect.high)]));
  return (
    <>
      <span className={classes.metric}>{metricName(primary.metric)}</span>
      {row.state === 'draft' ? null : known.length === 0 ? (
        <span className={classes.metric}>too few items to tell</span>
      ) : null}
      {known.slice(0, 3).map(({ variant, effect }) => {
        const words = differenceWords(primary.metric, effect.estimate);
        const range = rangeWords(primary.metric, effect.low, effect.high);
        return (
          <span key={variant} className={classes.effect}>
            <IntervalBar
              effect={effect}
              span={span}
              better={primary.better}
              label={`${variant}: ${words}, interval ${range}`}
            />
            <span aria-hidden="true">
              {known.length > 1 ? `${variant} ` : ''}
              {words}
            </span>
          </span>
        );
      })}
      {known.length > 3 ? <span className={classes.metric}>and {known.length - 3} more</span> : null}
    </>
  );
}

interface MoneyProps {
  spentUsd: string;
  capUsd: string | undefined;
  isDraft: boolean;
}

/** What was spent of the cap, as text and as a bar. */
export function Money({ spentUsd, capUsd, isDraft }: MoneyProps) {
  const cap = Number(capUsd);
  const share = cap > 0 ? Math.min(1, Number(spentUsd) / cap) : 0;
  return (
    <span className={classes.spent}>
      <span>
        {isDraft ? '' : formatUsd(spentUsd)}
        {capUsd ? (
          <span className={tableClasses.muted}>
            {isDraft ? 'up to ' : ' of '}
            {formatUsd(capUsd)}
          </span>
        ) : null}
      </span>
      {isDraft ? null : (
        <span className={classes.track} aria-hidden="true">
          <span style={{ width: `${share * 100}%` }} />
        </span>
      )}
    </span>
  );
}

export function ExperimentTableSkeleton() {
  return (
    <div className={tableClasses.frame} aria-busy="true">
      <table className={tableClasses.table}>
        <Head />
        <tbody>
          {[180, 140, 210, 160, 120].map((width) => (
            <tr key={width}>
              <td>
                <Skeleton h={12} w={width} maw="100%" />
              </td>
              {[84, 90, 120, 80, 70].map((each) => (
                <td key={each}>
                  <Skeleton h={12} w={each} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
