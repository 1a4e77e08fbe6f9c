import { type Point, type RunLayout, stepSize } from './run-layout.ts';

/** The part of the board that is seen, in its own measure. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Graphs of so many steps are drawn whole: nothing is won by leaving cards out. */
const fewSteps = 60;
/** Drawn beyond the edges, so that scrolling shows no empty places. */
const margin = 400;

/** Steps whose cards have to be drawn: those within `seen`; all of a small graph. */
export function visibleSteps(places: RunLayout['places'], seen: Window | undefined): ReadonlySet<string> {
  const all = [...places];
  if (all.length <= fewSteps) return new Set(places.keys());
  if (!seen) return new Set(all.slice(0, fewSteps).map(([id]) => id));
  const near = all.filter(([, place]) =>
    isWithin(place, { x: place.x + stepSize.width, y: place.y + stepSize.height }, seen),
  );
  return new Set(near.map(([id]) => id));
}

/** Whether a line has to be drawn: its box touches what is seen, or one of its cards is drawn. */
export function isLineVisible(points: readonly Point[], seen: Window | undefined, steps: number): boolean {
  if (steps <= fewSteps) return true;
  if (!seen) return false;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return isWithin({ x: Math.min(...xs), y: Math.min(...ys) }, { x: Math.max(...xs), y: Math.max(...ys) }, seen);
}

function isWithin(from: Point, to: Point, seen: Window): boolean {
  return (
    to.x >= seen.left - margin &&
    from.x <= seen.right + margin &&
    to.y >= seen.top - margin &&
    from.y <= seen.bottom + margin
  );
}
