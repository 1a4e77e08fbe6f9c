import { memo } from 'react';
import { formatDuration, formatUsd } from '../../format/number-format.ts';
import { StepTypeIcon } from '../workflows/step-type-icon.tsx';
import { StepStateSign } from './run-badges.tsx';
import { nameOfStep, type ShownStep, stepDurationMs } from './shown-run.ts';
import classes from './step-list.module.css';

interface Props {
  steps: readonly ShownStep[];
  selected: string | undefined;
  nowMs: number;
  onSelect(stepId: string): void;
}

/** All steps in the order of the definition: the same as the graph, for reading and for the keyboard. */
export function StepList({ steps, selected, nowMs, onSelect }: Props) {
  return (
    <nav className={classes.frame} aria-label="Steps">
      <ol className={classes.list}>
        {steps.map((step) => (
          <StepRow
            key={step.details.stepId}
            step={step}
            isSelected={step.details.stepId === selected}
            durationMs={stepDurationMs(step, nowMs)}
            onSelect={onSelect}
          />
        ))}
      </ol>
    </nav>
  );
}

interface RowProps {
  step: ShownStep;
  isSelected: boolean;
  durationMs: number | undefined;
  onSelect(stepId: string): void;
}

/** Drawn again only when its own step has changed: there may be a thousand. */
const StepRow = memo(function StepRow({ step, isSelected, durationMs, onSelect }: RowProps) {
  const { details, state } = step;
  const cost = details.totals.reduce((sum, { costUsd }) => sum + Number(costUsd), 0);
  const { items } = details;
  return (
    <li className={classes.row}>
      <button
        type="button"
        className={classes.step}
        data-state={state}
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => onSelect(details.stepId)}
      >
        <StepStateSign state={state} />
        <span className={classes.words}>
          <span className={classes.name}>{nameOfStep(details)}</span>
          <span className={classes.facts}>
            <StepTypeIcon type={details.type.toLowerCase() as 'prompt'} size={13} />
            {items ? (
              <span>
                {items.completed + items.failed} of {items.total}
              </span>
            ) : null}
            {state === 'SKIPPED' ? <span>skipped</span> : null}
            {durationMs === undefined || state === 'SKIPPED' ? null : <span>{formatDuration(durationMs)}</span>}
            {cost > 0 ? <span>{formatUsd(cost)}</span> : null}
            {details.isGiven ? <span>taken over</span> : null}
          </span>
        </span>
      </button>
    </li>
  );
});
