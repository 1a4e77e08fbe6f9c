'use client';

import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import dynamic from 'next/dynamic';
import { memo, useMemo, useState } from 'react';
import { areSingleKeysOn } from '../../shell/single-key-setting.ts';
import { distinctMarks, distinctNames } from '../catalog/model-identity.ts';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { blindName, blindOrder } from './blind-order.ts';
import { ComparisonToolbar } from './comparison-toolbar.tsx';
import classes from './comparison-view.module.css';
import { draftOfComparison, inputOfDraft } from './draft.ts';
import type { StreamStatus } from './follow-events.ts';
import type { LaneLabel } from './lane.tsx';
import { LaneAnnouncer } from './lane-announcer.tsx';
import { LaneGrid } from './lane-grid.tsx';
import { NotesField } from './notes-field.tsx';
import { RaceStrip } from './race-strip.tsx';
import { type OpenComparison, useSummary } from './use-comparison.ts';
import { useLaneActions } from './use-lane-actions.ts';

const BlindVote = dynamic(() => import('./blind-vote.tsx').then((module) => module.BlindVote), { ssr: false });
const DiffDialog = dynamic(() => import('./diff-dialog.tsx').then((module) => module.DiffDialog), { ssr: false });
const CodeDialog = dynamic(() => import('./code-dialog.tsx').then((module) => module.CodeDialog), { ssr: false });

interface Props {
  open: OpenComparison;
  status: StreamStatus;
  choices: ModelChoices;
  onNew(): void;
}

/** A comparison that exists: toolbar, lanes, race strip, notes. */
export const ComparisonView = memo(function ComparisonView({ open, status, choices, onNew }: Props) {
  const { comparison, store } = open;
  const summary = useSummary(store);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const [isRaw, setRaw] = useState(false);
  const [isBlind, setBlind] = useState(false);
  const [dialog, setDialog] = useState<'diff' | 'code'>();
  const actions = useLaneActions(comparison.id, store, setFocusedId);
  const labels = useMemo(() => labelsOf(open, choices, isBlind), [open, choices, isBlind]);
  const ratings = useMemo(() => new Map(comparison.lanes.map((lane) => [lane.id, lane.rating])), [comparison.lanes]);
  const [isLongLost] = useDebouncedValue(status === 'reconnecting', status === 'reconnecting' ? 1000 : 0);
  const isRunning = summary.state === 'RUNNING';
  const ids = [...labels.keys()];

  const single = (action: () => void) => () => areSingleKeysOn() && action();
  useHotkeys([
    ['mod+.', actions.stopAll],
    ['D', single(() => setDialog('diff'))],
    ['Escape', () => setFocusedId(null)],
    ...ids.map((id, index) => [String(index + 1), single(() => setFocusedId(id))] as [string, () => void]),
  ]);

  return (
    <div className={classes.view}>
      <ComparisonToolbar
        summary={summary}
        isReconnecting={status === 'reconnecting' && isLongLost}
        isRaw={isRaw}
        isBlind={isBlind}
        canBlind={isBlind || comparison.bestLaneId === null}
        onRaw={setRaw}
        onBlind={setBlind}
        onStopAll={actions.stopAll}
        onNew={onNew}
        onDiff={() => setDialog('diff')}
        onCode={() => setDialog('code')}
        onExport={async (format) => {
          const { downloadExport } = await import('./download-export.ts');
          downloadExport(format, comparison, store.record, ratings);
        }}
      />
      {isBlind ? (
        <BlindVote
          labels={labels}
          canVote={!isRunning}
          onVote={(laneId) => {
            if (laneId) actions.markBest(laneId);
            setBlind(false);
          }}
        />
      ) : null}
      <LaneGrid
        store={store}
        labels={labels}
        ratings={ratings}
        bestLaneId={isBlind ? null : comparison.bestLaneId}
        focusedId={focusedId}
        isRaw={isRaw}
        actions={actions}
      />
      <RaceStrip store={store} labels={labels} />
      <NotesField key={comparison.id} comparisonId={comparison.id} notes={comparison.notes} />
      <LaneAnnouncer store={store} labels={labels} />
      {dialog === 'diff' ? (
        <DiffDialog store={store} labels={labels} isOpen onClose={() => setDialog(undefined)} />
      ) : null}
      {dialog === 'code' ? (
        <CodeDialog input={inputOfDraft(draftOfComparison(comparison))} isOpen onClose={() => setDialog(undefined)} />
      ) : null}
    </div>
  );
});

/** Names, marks and order of the lanes; in a blind vote neither tells the model. */
function labelsOf(
  { comparison, store }: OpenComparison,
  choices: ModelChoices,
  isBlind: boolean,
): ReadonlyMap<string, LaneLabel> {
  const ids = store.record.laneIds;
  if (isBlind) {
    return new Map(
      blindOrder(ids, comparison.id).map((id, place) => [
        id,
        { name: blindName(place), mark: place, providerName: '', modelId: null, nameOf: () => 'the model' },
      ]),
    );
  }
  const modelIds = ids.map((id) => store.record.lanes[id]?.modelId ?? '');
  const marks = distinctMarks(modelIds);
  const names = distinctNames(modelIds.map((modelId) => choices.byId.get(modelId)?.displayName ?? modelId));
  const nameOf = (modelId: string) => choices.byId.get(modelId)?.displayName ?? modelId;
  return new Map(
    ids.map((id, index) => {
      const modelId = modelIds[index] as string;
      const providerName = choices.byId.get(modelId)?.provider.displayName ?? modelId.split('/')[0] ?? '';
      return [id, { name: names[index] as string, mark: marks[index] as number, providerName, modelId, nameOf }];
    }),
  );
}
