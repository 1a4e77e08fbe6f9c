import { Tooltip } from '@mantine/core';
import { formatCompact, formatDuration, formatUsd } from '../../format/number-format.ts';
import { TroubleBadges } from './run-badges.tsx';
import classes from './run-figures.module.css';
import { isEnded, type RunDetails, type RunState } from './run-record.ts';
import { costWords } from './run-words.ts';
import type { ShownStep } from './shown-run.ts';

interface Props {
  run: RunDetails;
  steps: readonly ShownStep[];
  state: RunState;
  nowMs: number;
}

const settled = new Set(['COMPLETED', 'FAILED', 'SKIPPED']);

/** How far it is, how long it takes, and what every provider was paid so far. */
export function RunFigures({ run, steps, state, nowMs }: Props) {
  const done = steps.filter((step) => settled.has(step.state)).length;
  const isOver = isEnded(state);
  const durationMs = (isOver && run.durationMs) || Math.max(0, nowMs - Date.parse(run.createdAt));
  const total = Math.max(1, steps.length);
  const { totals } = run;
  const costs = totals.map(({ costUsd }) => Number(costUsd));
  const most = Math.max(...costs, 0);
  return (
    <section className={classes.figures} aria-label="Figures of the run">
      <div className={classes.progress}>
        <p className={classes.label}>
          Steps{' '}
          <span className={classes.count}>
            {done} of {steps.length}
          </span>
        </p>
        <div
          className={classes.bar}
          role="progressbar"
          aria-label="Steps that are over"
          aria-valuenow={done}
          aria-valuemin={0}
          aria-valuemax={steps.length}
        >
          {steps.map(({ details, state: stepState }) => (
            <span key={details.stepId} data-state={stepState} style={{ width: `${100 / total}%` }} />
          ))}
        </div>
        <TroubleBadges failovers={run.failovers} breaches={run.breaches} />
      </div>
      <dl className={classes.list}>
        <Figure label={isOver ? 'Took' : 'So far'} value={formatDuration(durationMs)} />
        <Figure label="Tokens in" value={formatCompact(run.inputTokens)} />
        <Figure label="Tokens out" value={formatCompact(run.outputTokens)} />
        <Figure
          label="Cost"
          value={totals.length === 0 ? '—' : costWords(run, formatUsd)}
          hint={run.costUsd === null && totals.length > 0 ? 'The price of some calls is not known' : undefined}
        />
      </dl>
      <ul className={classes.providers} aria-label="What each provider was paid">
        {totals.map(({ providerId, calls, costUsd, inputTokens, outputTokens, unpricedCalls }) => (
          <li key={providerId}>
            <span className={classes.provider}>{providerId}</span>
            <span className={classes.track} aria-hidden="true">
              <span style={{ width: `${most > 0 ? Math.max(2, (Number(costUsd) / most) * 100) : 2}%` }} />
            </span>
            <span className={classes.paid}>
              {unpricedCalls > 0 ? '≥ ' : ''}
              {formatUsd(costUsd)}
            </span>
            <span className={classes.calls}>
              {calls} {calls === 1 ? 'call' : 'calls'}, {formatCompact(inputTokens + outputTokens)} tokens
            </span>
          </li>
        ))}
        {totals.length === 0 ? <li className={classes.calls}>No provider was asked yet.</li> : null}
      </ul>
    </section>
  );
}

function Figure({ label, value, hint }: { label: string; value: string; hint?: string | undefined }) {
  return (
    <div>
      <dt>{label}</dt>
      <Tooltip label={hint} disabled={hint === undefined}>
        <dd {...(hint ? { tabIndex: 0 } : {})}>{value}</dd>
      </Tooltip>
    </div>
  );
}
