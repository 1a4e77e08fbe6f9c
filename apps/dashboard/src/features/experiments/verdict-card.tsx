'use client';

import { IconAlertTriangle, IconCircleCheck, IconHelpCircle, IconLoader2 } from '@tabler/icons-react';
import { formatCount, formatUsd } from '../../format/number-format.ts';
import type { ExperimentFieldsFragment } from '../../gql/experiments.ts';
import { capOf, goalsOf, isLiveSplit, plannedUnitsOf, unitsOf } from './definition.ts';
import type { Progress } from './follow-progress.ts';
import classes from './result.module.css';
import type { Results } from './use-results.ts';
import { verdictOf } from './verdict-words.ts';

const icons = { good: IconCircleCheck, bad: IconAlertTriangle, neutral: IconHelpCircle, running: IconLoader2 } as const;

interface Props {
  experiment: ExperimentFieldsFragment;
  results: Results | undefined;
  progress: Progress | undefined;
}

/** What the test says, in one sentence, with how far it is and what it cost. */
export function VerdictCard({ experiment, results, progress }: Props) {
  const { primary } = goalsOf(experiment.definition);
  const live = progress?.experiment;
  const isLive = isLiveSplit(experiment.definition);
  const units = unitsOf(experiment.definition);
  const done = isLive ? (results?.items ?? 0) : Math.max(experiment.doneItems, progress?.doneItems ?? 0);
  const planned = isLive ? plannedUnitsOf(experiment.definition) : experiment.plannedItems;
  const spentUsd = live?.spentUsd ?? experiment.spentUsd;
  const cap = capOf(experiment.definition);
  const metric = primary?.metric ?? 'success';
  const verdict = verdictOf({
    state: experiment.state,
    stopReason: experiment.stopReason,
    stopMessage: experiment.stopMessage,
    winner: experiment.winner ?? results?.winner ?? null,
    baseline: results?.baseline ?? '',
    metric,
    better: primary?.better ?? 'higher',
    margin: primary?.margin ?? 0,
    units,
    items: done,
    plannedItems: planned,
    spentUsd,
    isBroken: results?.health.isSampleRatioBroken ?? false,
    variants: (results?.variants ?? []).map(({ variant, verdict: each, metrics }) => {
      const found = metrics.find(({ isPrimary }) => isPrimary);
      return { variant, verdict: each, effect: found?.effect ?? null, cannotTell: found?.cannotTell ?? null };
    }),
  });
  const Icon = icons[verdict.tone];
  return (
    <section className={classes.verdict} data-tone={verdict.tone} aria-label="Verdict">
      <Icon size={26} stroke={1.7} aria-hidden="true" className={classes.verdictIcon} />
      <div className={classes.verdictWords}>
        <h2 role={experiment.state === 'running' ? undefined : 'status'}>{verdict.title}</h2>
        <p>{verdict.detail}</p>
      </div>
      <div className={classes.bars}>
        <Bar
          name={units.charAt(0).toUpperCase() + units.slice(1)}
          words={`${formatCount(done)} of ${formatCount(planned)}`}
          share={planned > 0 ? done / planned : 0}
        />
        <Bar
          name="Money"
          words={`${formatUsd(spentUsd)}${cap ? ` of ${formatUsd(cap)}` : ''}`}
          share={Number(cap) > 0 ? Number(spentUsd) / Number(cap) : 0}
        />
      </div>
    </section>
  );
}

function Bar({ name, words, share }: { name: string; words: string; share: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div className={classes.bar}>
      <span>{name}</span>
      <span>{words}</span>
      <div
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={words}
      >
        <span className={classes.fill} style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}
