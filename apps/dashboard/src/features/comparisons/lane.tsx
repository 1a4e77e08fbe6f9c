'use client';

import { memo } from 'react';
import { colourOfMark } from '../catalog/model-identity.ts';
import type { ComparisonStore } from './comparison-store.ts';
import classes from './lane.module.css';
import { LaneBody } from './lane-body.tsx';
import { LaneFooter } from './lane-footer.tsx';
import { LaneHeader } from './lane-header.tsx';
import { LaneMetrics } from './lane-metrics.tsx';
import { LaneTimeline } from './lane-timeline.tsx';
import type { NameOf } from './timeline-words.ts';
import { useLane } from './use-comparison.ts';

/** What stands on a lane beside its stream. */
export interface LaneLabel {
  name: string;
  mark: number;
  providerName: string;
  /** Null while the vote is blind. */
  modelId: string | null;
  /** How the models on the way to the answer are called. */
  nameOf: NameOf;
}

export interface LaneActions {
  stop(laneId: string): void;
  retry(laneId: string): void;
  rate(laneId: string, rating: number | null): void;
  markBest(laneId: string | null): void;
  focus(laneId: string | null): void;
}

interface Props {
  store: ComparisonStore;
  laneId: string;
  label: LaneLabel;
  rating: number | null;
  isBest: boolean;
  isFocused: boolean;
  isRaw: boolean;
  actions: LaneActions;
}

/** One model's answer. Subscribes to its own lane only: other lanes' tokens do not render it. */
export const Lane = memo(function Lane({ store, laneId, label, rating, isBest, isFocused, isRaw, actions }: Props) {
  const lane = useLane(store, laneId);
  const isBlind = label.modelId === null;
  const isReplay = store.replayMs !== null;
  return (
    <article
      className={classes.lane}
      data-best={isBest || undefined}
      aria-labelledby={`lane-${laneId}`}
      style={{ '--lane-colour': colourOfMark(label.mark) } as React.CSSProperties}
    >
      <LaneHeader
        laneId={laneId}
        state={lane.state}
        origin={lane.origin}
        isWaiting={lane.firstTokenAtMs === null}
        label={label}
        answeredModelId={lane.answeredModelId}
        isFocused={isFocused}
        isReplay={isReplay}
        actions={actions}
      />
      {isBlind ? null : (
        <LaneMetrics
          laneId={laneId}
          store={store}
          state={lane.state}
          hasFirstToken={lane.firstTokenAtMs !== null}
          shown={isReplay || lane.state !== 'RUNNING' ? lane : null}
        />
      )}
      <LaneTimeline store={store} lane={lane} name={label.name} nameOf={label.nameOf} isBlind={isBlind} />
      <LaneBody
        lane={lane}
        isRaw={isRaw}
        name={label.name}
        isBlind={isBlind}
        nameOf={label.nameOf}
        onRetry={() => actions.retry(laneId)}
      />
      <LaneFooter
        store={store}
        laneId={laneId}
        state={lane.state}
        hasOutput={lane.output !== ''}
        warningCount={lane.warnings.length}
        isBlind={isBlind}
        rating={rating}
        isBest={isBest}
        actions={actions}
        name={label.name}
      />
    </article>
  );
});
