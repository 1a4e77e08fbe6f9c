'use client';

import { Button } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useState } from 'react';
import { formatCount } from '../../format/number-format.ts';
import type { RoutingLearningQuery } from '../../gql/routing.ts';
import { tallestOf } from './belief-curve.ts';
import { BeliefRow } from './belief-row.tsx';
import classes from './learning-tab.module.css';
import { scopeWords } from './preference-form.ts';

type Learned = RoutingLearningQuery['routing']['learned'][number];

const fewest = 5;
/** A discounted reward that still counts as a judgement. */
const leastCount = 0.5;

interface Props {
  learned: Learned;
  mayManage: boolean;
  onRebalance(): void;
}

/** What is believed in one scope, the likely best first: models that were judged, and a few others; the rest on demand. */
export function LearnedScopeCard({ learned: { scope, observed, drifts, models }, mayManage, onRebalance }: Props) {
  const [showsAll, setShowsAll] = useState(false);
  const sorted = [...models].sort((left, right) => right.probabilityOfBest - left.probabilityOfBest);
  const judged = sorted.filter(({ count }) => count >= leastCount);
  const others = sorted.filter(({ count }) => count < leastCount);
  const shown = showsAll ? sorted : [...judged, ...others.slice(0, Math.max(0, fewest - judged.length))];
  const tallest = tallestOf(models);
  return (
    <section className={classes.scope} aria-labelledby={`scope-${scope}`}>
      <header className={classes.scopeHead}>
        <div>
          <h2 className={classes.title} id={`scope-${scope}`}>
            {scopeWords(scope)}
          </h2>
          <p className={classes.note}>
            {formatCount(observed)} {observed === 1 ? 'reward' : 'rewards'} ever
            {drifts > 0 ? ` · forgot ${drifts === 1 ? 'once' : `${drifts} times`} because the world had changed` : ''}
          </p>
        </div>
        {mayManage ? (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRestore size={14} />}
            aria-label={`Rebalance ${scopeWords(scope)}`}
            onClick={onRebalance}
          >
            Rebalance
          </Button>
        ) : null}
      </header>
      <ul className={classes.beliefs}>
        {shown.map((model) => (
          <BeliefRow key={model.modelId} model={model} tallest={tallest} />
        ))}
      </ul>
      {sorted.length > shown.length || showsAll ? (
        <div>
          <Button variant="default" size="compact-sm" onClick={() => setShowsAll((value) => !value)}>
            {showsAll ? 'Show fewer' : `Show ${sorted.length - shown.length} more, never judged`}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
