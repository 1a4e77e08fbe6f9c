'use client';

import { Modal, Select, Skeleton, Switch } from '@mantine/core';
import { useState } from 'react';
import type { ComparisonStore } from './comparison-store.ts';
import classes from './diff-dialog.module.css';
import type { LaneLabel } from './lane.tsx';
import { useLane } from './use-comparison.ts';
import { useWordDiff } from './use-word-diff.ts';
import { type DiffPart, likeness, sideOf } from './word-diff.ts';

interface Props {
  store: ComparisonStore;
  labels: ReadonlyMap<string, LaneLabel>;
  isOpen: boolean;
  onClose(): void;
}

/** Words that differ between two lanes. Differences carry a sign as well as a colour: struck through on the left, underlined on the right. */
export function DiffDialog({ store, labels, isOpen, onClose }: Props) {
  const ids = [...labels.keys()];
  const [leftId = '', setLeftId] = useState(ids[0]);
  const [rightId = '', setRightId] = useState(ids[1]);
  const [onlyDifferences, setOnlyDifferences] = useState(false);
  const left = useLane(store, leftId);
  const right = useLane(store, rightId);
  const parts = useWordDiff(left.output, right.output);
  const options = ids.map((id) => ({ value: id, label: labels.get(id)?.name ?? id }));
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Word diff"
      size="min(1180px, 94vw)"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.controls}>
        <Select
          aria-label="Left lane"
          data={options}
          value={leftId}
          allowDeselect={false}
          onChange={(value) => value && setLeftId(value)}
        />
        <Select
          aria-label="Right lane"
          data={options}
          value={rightId}
          allowDeselect={false}
          onChange={(value) => value && setRightId(value)}
        />
        <Switch
          label="Differences only"
          checked={onlyDifferences}
          onChange={(event) => setOnlyDifferences(event.currentTarget.checked)}
        />
        <span className={classes.likeness} role="status">
          {parts ? `${Math.round(likeness(parts) * 100)} % of the words in common` : 'Comparing…'}
        </span>
      </div>
      <div className={classes.sides}>
        <Side parts={parts} side="left" onlyDifferences={onlyDifferences} name={labels.get(leftId)?.name ?? ''} />
        <Side parts={parts} side="right" onlyDifferences={onlyDifferences} name={labels.get(rightId)?.name ?? ''} />
      </div>
    </Modal>
  );
}

function Side({
  parts,
  side,
  onlyDifferences,
  name,
}: {
  parts: DiffPart[] | undefined;
  side: 'left' | 'right';
  onlyDifferences: boolean;
  name: string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={classes.side} tabIndex={0} aria-label={name}>
      {parts === undefined ? <Skeleton h={240} /> : null}
      {parts
        ? sideOf(parts, side, onlyDifferences).map((part, index) => {
            const key = `${side}-${index}`;
            if (part.kind === 'removed') return <del key={key}>{part.text}</del>;
            if (part.kind === 'added') return <ins key={key}>{part.text}</ins>;
            if (part.kind === 'skipped') {
              return (
                <span key={key} className={classes.skipped}>
                  … {part.text} …
                </span>
              );
            }
            return <span key={key}>{part.text}</span>;
          })
        : null}
    </section>
  );
}
