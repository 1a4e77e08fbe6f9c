'use client';

import { IconPlus } from '@tabler/icons-react';
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import type { Place } from './lay-out-cards.ts';
import classes from './link-line.module.css';
import type { Link } from './workflow-links.ts';

export interface LinkLineData extends Record<string, unknown> {
  label: string;
  /** Points that the line leads through, around other cards. */
  bend?: readonly Place[] | undefined;
  /** Absent for lines from the inputs, on which no step can be put. */
  link?: Link;
  /** What the button on the line is called. */
  addLabel: string;
  onAdd?: ((link: Link) => void) | undefined;
}

export type LinkEdge = Edge<LinkLineData, 'link'>;

/** A curve from point to point that arrives at each from above. */
function pathThrough([first, ...rest]: readonly Place[]): string {
  let before = first ?? { x: 0, y: 0 };
  let path = `M${before.x},${before.y}`;
  for (const { x, y } of rest) {
    const half = (before.y + y) / 2;
    path += `C${before.x},${half} ${x},${half} ${x},${y}`;
    before = { x, y };
  }
  return path;
}

/** A line between two cards, with what flows along it and a button that puts a step on it. */
export function LinkLine(props: EdgeProps<LinkEdge>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, selected, markerEnd } = props;
  const bend = data?.bend ?? [];
  const [straight, middleX, middleY] = getBezierPath({
    ...{ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition },
  });
  const middle = bend[Math.floor((bend.length - 1) / 2)] ?? { x: middleX, y: middleY };
  const path =
    bend.length === 0 ? straight : pathThrough([{ x: sourceX, y: sourceY }, ...bend, { x: targetX, y: targetY }]);
  const { x, y } = middle;
  const { link, onAdd, label, addLabel } = data ?? { label: '', addLabel: '' };
  return (
    <>
      <BaseEdge
        path={path}
        className={classes.line}
        {...(markerEnd ? { markerEnd } : {})}
        style={{
          strokeWidth: selected ? 2.4 : 1.6,
          stroke: selected ? 'var(--sy-accent)' : 'var(--sy-border-strong)',
          strokeDasharray: link?.kind === 'after' || !link ? '4 4' : undefined,
        }}
      />
      <EdgeLabelRenderer>
        <div
          className={classes.label}
          data-selected={selected || undefined}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          {label ? <span className={classes.words}>{label}</span> : null}
          {link && onAdd ? (
            <button type="button" className={classes.add} aria-label={addLabel} onClick={() => onAdd(link)}>
              <IconPlus size={12} aria-hidden="true" />
            </button>
          ) : null}
        </div>
      </EdgeLabelRenderer>
    </>
  );
}
