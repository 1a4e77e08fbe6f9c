'use client';

import { useMemo } from 'react';
import { formatCompact, formatDuration, formatShare, formatUsd } from '../../format/number-format.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { colourOfMark } from '../catalog/model-identity.ts';
import { failureTitles } from '../comparisons/failure-titles.ts';
import { EmptyRunsPicture } from './empty-runs-picture.tsx';
import { useMarkOf } from './run-marks.tsx';
import type { RunDetails } from './run-record.ts';
import { type ModelTelemetry, percentile, telemetryOf } from './telemetry.ts';
import classes from './telemetry-tab.module.css';
import { useNameOf } from './use-names.ts';

/** How every model of the run did: success, times and money, from its attempts. */
export function TelemetryTab({ run }: { run: RunDetails }) {
  const models = useMemo(() => telemetryOf(run.steps.flatMap(({ attempts }) => attempts)), [run.steps]);
  const isCut = run.steps.some(({ attempts, attemptCount }) => attempts.length < attemptCount);
  if (models.length === 0)
    return (
      <EmptyState picture={<EmptyRunsPicture />} title="No model was asked yet">
        As soon as a step asks one, its success, times and cost stand here.
      </EmptyState>
    );
  const longestMs = Math.max(
    1,
    ...models.flatMap(({ latenciesMs, failedAfterMs }) => [...latenciesMs, ...failedAfterMs]),
  );
  const dearest = Math.max(...models.map(({ costUsd }) => costUsd));
  return (
    <>
      <ul className={classes.models}>
        {models.map((model) => (
          <li key={model.modelId}>
            <ModelCard model={model} longestMs={longestMs} dearest={dearest} />
          </li>
        ))}
      </ul>
      {isCut ? (
        <p className={classes.note}>A step has more attempts than are kept one by one; these are its latest ones.</p>
      ) : null}
    </>
  );
}

function ModelCard({ model, longestMs, dearest }: { model: ModelTelemetry; longestMs: number; dearest: number }) {
  const nameOf = useNameOf();
  const markOf = useMarkOf();
  const { modelId, attempts, succeeded, failed, latenciesMs, firstTokensMs, failures, costUsd, unpriced } = model;
  const ended = succeeded + failed;
  const facts: readonly (readonly [string, string])[] = [
    ['First token, median', durationOf(percentile(firstTokensMs, 0.5))],
    ['Whole answer, median', durationOf(percentile(latenciesMs, 0.5))],
    ['95 of 100 within', durationOf(percentile(latenciesMs, 0.95))],
    ['Tokens a second', model.tokensPerSecond === null ? '—' : model.tokensPerSecond.toFixed(1)],
    ['Tokens in, out', `${formatCompact(model.inputTokens)}, ${formatCompact(model.outputTokens)}`],
  ];
  return (
    <article
      className={classes.card}
      aria-label={nameOf(modelId)}
      style={{ '--model-colour': colourOfMark(markOf(modelId)) } as React.CSSProperties}
    >
      <h2 className={classes.name}>
        <ModelGlyph mark={markOf(modelId)} /> {nameOf(modelId)}
        <code>{modelId}</code>
      </h2>
      <div className={classes.chart}>
        <p className={classes.label}>
          Success{' '}
          <strong>
            {ended === 0 ? 'none over yet' : `${formatShare(succeeded / ended)}, ${succeeded} of ${ended}`}
          </strong>
          {model.running > 0 ? ` and ${model.running} at work` : ''}
        </p>
        <div className={classes.bar} aria-hidden="true">
          <span data-kind="good" style={{ width: `${(succeeded / attempts) * 100}%` }} />
          <span data-kind="bad" style={{ width: `${(failed / attempts) * 100}%` }} />
        </div>
        {failures.map(({ kind, count }) => (
          <p key={kind} className={classes.failure}>
            {count} × {failureTitles[kind as keyof typeof failureTitles] ?? kind.toLowerCase()}
          </p>
        ))}
      </div>
      <div className={classes.chart}>
        <p className={classes.label}>
          Time of each attempt, up to <strong>{formatDuration(longestMs)}</strong>
        </p>
        <div className={classes.strip} aria-hidden="true">
          {latenciesMs.map((ms, index) => (
            <i key={`${index}a`} data-kind="whole" style={{ left: `${(ms / longestMs) * 100}%` }} />
          ))}
          {firstTokensMs.map((ms, index) => (
            <i key={`${index}b`} data-kind="first" style={{ left: `${(ms / longestMs) * 100}%` }} />
          ))}
          {model.failedAfterMs.map((ms, index) => (
            <i key={`${index}c`} data-kind="failed" style={{ left: `${(ms / longestMs) * 100}%` }} />
          ))}
        </div>
        <p className={classes.key} aria-hidden="true">
          <i data-kind="first" /> first token <i data-kind="whole" /> whole answer <i data-kind="failed" /> failure
        </p>
      </div>
      <div className={classes.chart}>
        <p className={classes.label}>
          Cost{' '}
          <strong>
            {unpriced > 0 ? '≥ ' : ''}
            {formatUsd(costUsd)}
          </strong>
          {unpriced > 0 ? `, ${unpriced} ${unpriced === 1 ? 'attempt' : 'attempts'} without a known cost` : ''}
        </p>
        <div className={classes.bar} aria-hidden="true">
          <span data-kind="cost" style={{ width: `${dearest > 0 ? (costUsd / dearest) * 100 : 0}%` }} />
        </div>
      </div>
      <dl className={classes.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

const durationOf = (ms: number | null) => (ms === null ? '—' : formatDuration(ms));
