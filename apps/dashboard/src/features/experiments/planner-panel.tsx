'use client';

import { NumberInput, SegmentedControl, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount, formatShare, formatUsd } from '../../format/number-format.ts';
import { capOf, goalsOf, type JsonMap } from './definition.ts';
import { isShareMetric, sizeWords } from './metric-words.ts';
import { spanWords } from './plan-words.ts';
import classes from './planner.module.css';
import { PowerChart } from './power-chart.tsx';
import { type Plan, type PlanWishes, usePlan, usualWishes } from './use-plan.ts';

interface Props {
  id: string;
  revision: number;
  definition: JsonMap;
  hasErrors: boolean;
  onPlan(plan: Plan | undefined): void;
}

/** What the test would take and could find, live beside the fields: effect, items, calls, money and time. */
export function PlannerPanel({ id, revision, definition, hasErrors, onPlan }: Props) {
  const [wishes, setWishes] = useState<PlanWishes>(usualWishes);
  const { plan, isFetching, failure, retry } = usePlan(id, revision, wishes);
  const latest = useRef(onPlan);
  latest.current = onPlan;
  useEffect(() => latest.current(plan), [plan]);
  const change = (next: Partial<PlanWishes>) => setWishes({ ...wishes, ...next });
  return (
    <section className={classes.panel} aria-labelledby="planner-title" data-fetching={isFetching || undefined}>
      <h2 id="planner-title">What it takes</h2>
      {failure ? (
        <p className={classes.problem} role="alert">
          {failure.message}{' '}
          <button type="button" className={classes.retry} onClick={retry}>
            Try again
          </button>
        </p>
      ) : plan === undefined ? (
        <Skeleton h={220} radius={8} />
      ) : hasErrors ? (
        <p className={classes.outlook} data-tone="neutral">
          <IconInfoCircle size={18} aria-hidden="true" />
          <span>
            <strong>Not planned yet</strong>
            Mend what is marked below; then it says here what the test finds, costs and takes.
          </span>
        </p>
      ) : (
        <Outlook plan={plan} definition={definition} power={wishes.power} />
      )}
      <Wishes wishes={wishes} definition={definition} onChange={change} />
    </section>
  );
}

function Outlook({ plan, definition, power }: { plan: Plan; definition: JsonMap; power: number }) {
  const { primary } = goalsOf(definition);
  const metric = primary?.metric ?? 'success';
  const cap = capOf(definition);
  const hoped = primary && primary.margin > 0 ? primary.margin : Number(definition.smallestEffect);
  if (plan.canConclude === null) {
    return (
      <>
        <p className={classes.outlook} data-tone="neutral">
          <IconInfoCircle size={18} aria-hidden="true" />
          <span>
            <strong>Cannot be planned</strong>
            {plan.assumptions.at(-1)}
          </span>
        </p>
        <Sentences items={plan.assumptions.slice(0, -1)} title="Where this comes from" />
      </>
    );
  }
  return (
    <>
      <p className={classes.outlook} data-tone={plan.canConclude ? 'good' : 'bad'} role="status">
        {plan.canConclude ? (
          <IconCircleCheck size={18} aria-hidden="true" />
        ) : (
          <IconAlertTriangle size={18} aria-hidden="true" />
        )}
        <span>
          <strong>{plan.canConclude ? 'This test can conclude' : 'This test cannot conclude'}</strong>
          {plan.power === null
            ? ''
            : `A true effect of ${sizeWords(metric, hoped)} is found with a chance of ${formatShare(plan.power)}.`}
        </span>
      </p>
      {plan.canConclude ? null : <Sentences items={plan.remedies} title="What would help" />}
      <dl className={classes.figures}>
        <Figure name="Items" value={plan.plannedItems === null ? '?' : formatCount(plan.plannedItems)}>
          {plan.neededItems === null ? 'no number would do' : `${formatCount(plan.neededItems)} needed`}
        </Figure>
        <Figure name="Calls" value={plan.calls === null ? '?' : formatCount(plan.calls)}>
          {plan.expectedItems !== null && plan.plannedItems !== null && plan.expectedItems < plan.plannedItems
            ? `likely over after ${formatCount(plan.expectedItems)} items`
            : 'judges not counted'}
        </Figure>
        <Figure name="Money" value={plan.costUsd === null ? 'unknown' : formatUsd(plan.costUsd)}>
          {cap === undefined ? 'no cap' : `cap ${formatUsd(cap)}`}
        </Figure>
        <Figure name="Time" value={plan.durationMs === null ? '?' : spanWords(plan.durationMs)}>
          {plan.detectableEffect === null
            ? 'too few items to tell'
            : `finds effects from ${sizeWords(metric, plan.detectableEffect)}`}
        </Figure>
      </dl>
      {plan.withAllItems?.items != null &&
      plan.withAllItems.detectableEffect !== null &&
      plan.plannedItems !== null &&
      plan.withAllItems.items > plan.plannedItems ? (
        <p className={classes.more}>
          All {formatCount(plan.withAllItems.items)} items that dataset and cap allow would find effects from{' '}
          {sizeWords(metric, plan.withAllItems.detectableEffect)} on
          {plan.withAllItems.costUsd === null ? '' : `, for ${formatUsd(plan.withAllItems.costUsd)}`}.
        </p>
      ) : null}
      <PowerChart points={plan.powerCurve} power={power} plannedItems={plan.plannedItems} />
      <Sentences items={plan.assumptions} title="Where this comes from" />
    </>
  );
}

function Figure({ name, value, children }: { name: string; value: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        <small>{children}</small>
      </dd>
    </div>
  );
}

function Sentences({ items, title }: { items: readonly string[]; title: string }) {
  if (items.length === 0) return null;
  return (
    <div className={classes.sentences}>
      <h3>{title}</h3>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}

interface WishesProps {
  wishes: PlanWishes;
  definition: JsonMap;
  onChange(next: Partial<PlanWishes>): void;
}

function Wishes({ wishes, definition, onChange }: WishesProps) {
  const metric = goalsOf(definition).primary?.metric ?? 'success';
  const factor = isShareMetric(metric) ? 100 : 1;
  return (
    <details className={classes.wishes}>
      <summary>Plan with other numbers</summary>
      <div>
        <p className={classes.label}>Chance to find the effect</p>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label="Chance to find the effect"
          data={['0.8', '0.9', '0.95'].map((value) => ({ value, label: formatShare(Number(value)) }))}
          value={String(wishes.power)}
          onChange={(value) => onChange({ power: Number(value) })}
        />
        <NumberInput
          label={`How much the metric varies between items${factor === 100 ? ', points' : ''}`}
          description="Standard deviation"
          placeholder="as measured or assumed"
          min={0}
          decimalScale={4}
          value={wishes.baselineDeviation === null ? '' : wishes.baselineDeviation * factor}
          onChange={(value) =>
            onChange({ baselineDeviation: value === '' ? null : Math.max(0, Number(value)) / factor })
          }
        />
        <NumberInput
          label="How alike variants are on the same item"
          description="Correlation, −1 to 1"
          placeholder="as measured or assumed"
          min={-1}
          max={1}
          step={0.1}
          decimalScale={2}
          value={wishes.correlation ?? ''}
          onChange={(value) =>
            onChange({ correlation: value === '' ? null : Math.max(-1, Math.min(1, Number(value))) })
          }
        />
      </div>
    </details>
  );
}
