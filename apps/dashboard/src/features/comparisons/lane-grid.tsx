'use client';

import { Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import type { ComparisonStore } from './comparison-store.ts';
import { Lane, type LaneActions, type LaneLabel } from './lane.tsx';
import classes from './lane-grid.module.css';
import { laneStates } from './lane-state.tsx';
import { useSummary } from './use-comparison.ts';

interface Props {
  store: ComparisonStore;
  labels: ReadonlyMap<string, LaneLabel>;
  ratings: ReadonlyMap<string, number | null>;
  bestLaneId: string | null;
  focusedId: string | null;
  isRaw: boolean;
  actions: LaneActions;
}

/** Lanes side by side, up to four in a row; in focus and on a narrow screen one lane with the others as tabs. */
export function LaneGrid({ store, labels, ratings, bestLaneId, focusedId, isRaw, actions }: Props) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false }) ?? false;
  const summary = useSummary(store);
  const ids = [...labels.keys()];
  const lane = (laneId: string) => {
    const label = labels.get(laneId);
    if (!label) return null;
    return (
      <Lane
        key={laneId}
        store={store}
        laneId={laneId}
        label={label}
        rating={ratings.get(laneId) ?? null}
        isBest={laneId === bestLaneId}
        isFocused={laneId === focusedId}
        isRaw={isRaw}
        actions={actions}
      />
    );
  };

  if (!isNarrow && focusedId === null) {
    const rows = Math.ceil(ids.length / 4);
    return (
      <div
        className={classes.grid}
        data-rows={rows}
        style={{ '--columns': Math.ceil(ids.length / rows), '--lanes': ids.length } as React.CSSProperties}
      >
        {ids.map(lane)}
      </div>
    );
  }
  const current = focusedId ?? ids[0] ?? '';
  return (
    <Tabs
      value={current}
      onChange={(value) => actions.focus(value)}
      variant="pills"
      classNames={{ root: classes.tabs, list: classes.tabList, tab: classes.tab }}
    >
      <Tabs.List aria-label="Lanes">
        {ids.map((laneId) => {
          const label = labels.get(laneId) as LaneLabel;
          const state = laneStates[summary.laneStates[summary.laneIds.indexOf(laneId)] ?? 'QUEUED'];
          return (
            <Tabs.Tab
              key={laneId}
              value={laneId}
              leftSection={label.modelId === null ? null : <ModelGlyph mark={label.mark} size={12} />}
              rightSection={<state.icon size={13} aria-label={state.word} />}
            >
              {label.name}
            </Tabs.Tab>
          );
        })}
      </Tabs.List>
      {ids.map((laneId) => (
        <Tabs.Panel key={laneId} value={laneId} className={classes.panel}>
          {laneId === current ? lane(laneId) : null}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
