import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import classes from './run-page.module.css';
import type { RunDetails, RunState } from './run-record.ts';
import { nameOfStep, remedyOf, type ShownStep } from './shown-run.ts';

interface Props {
  run: RunDetails;
  state: RunState;
  steps: readonly ShownStep[];
  onOpenStep(stepId: string): void;
}

/** Why a run failed and what to do about it. */
export function RunFailure({ run, state, steps, onOpenStep }: Props) {
  const failed = steps.filter((step) => step.state === 'FAILED');
  if (state !== 'FAILED' || !run.error) return null;
  const [first] = failed;
  const cause = first?.error ?? run.error;
  const remedy = (first ? remedyOf(first) : null) ?? cause.remedy;
  return (
    <section className={classes.failure} role="alert">
      <IconAlertTriangle size={18} aria-hidden="true" />
      <div>
        <p>{cause.message}</p>
        <p>
          {remedy} <code>{cause.code}</code>
        </p>
      </div>
      <span className={classes.failureActions}>
        {failed.slice(0, 3).map(({ details }) => (
          <Button key={details.stepId} variant="default" size="compact-sm" onClick={() => onOpenStep(details.stepId)}>
            Open {nameOfStep(details)}
          </Button>
        ))}
      </span>
    </section>
  );
}
