'use client';

import { formatDuration, formatUsd } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { isMap, type StepModel } from './definition.ts';
import classes from './limit-bar.module.css';
import { plural } from './step-words.ts';
import { useStepModelFigures } from './use-step-figures.ts';

interface Props {
  workflow: string;
  stepId: string;
  model: StepModel;
}

/** How much of its cost limit a usual call of this model has used in this step, by the last 30 days. */
export function LimitBar({ workflow, stepId, model }: Props) {
  const known = useStepModelFigures(workflow, stepId)?.get(model.model);
  const limits = isMap(model.guardrails) ? model.guardrails : {};
  const limit = Number(limits.costLimitUsd ?? Number.NaN);
  if (!known || known.calls === 0) {
    return (
      <p className={classes.none}>
        No calls of it in this step yet: what a call costs shows here after the first run.{' '}
        <AppLink href={`/models?search=${encodeURIComponent(model.model)}`}>Prices</AppLink>
      </p>
    );
  }
  const mean = known.costUsd / known.calls;
  const share = limit > 0 ? mean / limit : undefined;
  const words = `A call costs ${formatUsd(mean)} on average${share === undefined ? '' : ` of ${formatUsd(limit)}`}`;
  return (
    <div className={classes.bar}>
      {share === undefined ? null : (
        // biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn in the house's colours.
        <div
          className={classes.track}
          role="meter"
          aria-label="Mean cost of a call, of its limit"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.min(100, Math.round(share * 100))}
          aria-valuetext={words}
        >
          <span
            style={{ width: `${Math.min(100, share * 100)}%` }}
            data-tone={share > 1 ? 'bad' : share > 0.8 ? 'warn' : 'good'}
          />
        </div>
      )}
      <p className={classes.none}>
        {words}, by {plural(known.calls, 'call')} in 30 days
        {known.p95Ms === undefined ? '' : `; 95 of 100 answers within ${formatDuration(known.p95Ms)}`}.{' '}
        <AppLink href={`/models?search=${encodeURIComponent(model.model)}`}>Prices</AppLink>
      </p>
    </div>
  );
}
