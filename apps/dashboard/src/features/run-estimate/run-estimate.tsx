'use client';

import { Popover, UnstyledButton } from '@mantine/core';
import { IconShieldDollar } from '@tabler/icons-react';
import { AppLink } from '../../shell/app-link.tsx';
import classes from './run-estimate.module.css';
import { basisWords, cutAnswers, formatRange, roomProblems, totalRange } from './run-estimate-words.ts';
import type { RunEstimate } from './use-run-estimate.ts';

interface LabelProps {
  estimate: RunEstimate;
  nameOf(modelId: string): string;
}

/** The cost range beside the Run button; a press shows each model and what its range rests on. */
export function RunEstimateLabel({ estimate, nameOf }: LabelProps) {
  const { text, unpriced } = totalRange(estimate);
  if (text === '' && unpriced === 0) return null;
  return (
    <Popover position="top-end" width={340} withinPortal>
      <Popover.Target>
        <UnstyledButton className={classes.label} data-tight={estimate.fits ? undefined : true}>
          {text ? `estimate ${text}` : 'cost unknown'}
          {text && unpriced > 0 ? ` + ${unpriced} unpriced` : ''}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes.title}>What each model will probably cost</p>
        <dl className={classes.models}>
          {estimate.models.map((model, index) => (
            <div key={index}>
              <dt>{nameOf(model.requested)}</dt>
              <dd>
                {model.lowUsd !== null && model.highUsd !== null ? formatRange(model.lowUsd, model.highUsd) : 'unknown'}
                <span>{basisWords(model)}</span>
              </dd>
            </div>
          ))}
        </dl>
        <p className={classes.note}>
          {estimate.budgets.length === 0
            ? 'No budget covers this run.'
            : estimate.fits
              ? 'Every budget has room for it.'
              : 'A budget has no room for all of it.'}
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Says before Run that a budget would refuse a part of it, and what helps. */
export function RunBudgetWarning({ estimate }: { estimate: RunEstimate }) {
  const problems = roomProblems(estimate);
  const cut = cutAnswers(estimate);
  if (problems.length === 0 && cut.length === 0) return null;
  return (
    <div className={classes.warning} role="status">
      <IconShieldDollar size={16} stroke={1.7} aria-hidden="true" />
      <p>
        {[...problems, ...cut].join(' ')}{' '}
        {problems.length > 0 ? (
          <>
            <AppLink href="/guardrails">Raise the budget</AppLink>, set fewer max output tokens, or choose cheaper
            models.
          </>
        ) : null}
      </p>
    </div>
  );
}
