import { Graph, layout } from '@dagrejs/dagre';
import type { Definition } from '../workflows/definition.ts';
import { linksOf } from '../workflows/workflow-links.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const stepSize = { width: 212, height: 84 } as const;

export interface RunLayout {
  /** Upper left corners of the cards, by step. */
  readonly places: ReadonlyMap<string, Point>;
  /** Points of the lines, ends included, by `from>to`: they lead around the cards between. */
  readonly lines: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

/** A run from left to right, so that it fits above what its steps wrote: every step right of those that it waits for. */
export function layOutRun(definition: Pick<Definition, 'steps'>): RunLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 22, edgesep: 16, ranksep: 56, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of definition.steps) graph.setNode(id, { ...stepSize });
  for (const { from, to } of linksOf(definition)) graph.setEdge(from, to);
  layout(graph);
  const places = new Map(
    definition.steps.map(({ id }): [string, Point] => {
      const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
      return [id, { x: Math.round(x - stepSize.width / 2), y: Math.round(y - stepSize.height / 2) }];
    }),
  );
  const lines = new Map(
    graph.edges().map(({ v, w }): [string, readonly Point[]] => {
      const { points = [] } = graph.edge(v, w) as { points?: readonly Point[] };
      return [`${v}>${w}`, withEnds(places.get(v), places.get(w), points)];
    }),
  );
  const all = [...places.values()];
  const width = Math.max(0, ...all.map(({ x }) => x)) + stepSize.width;
  const height = Math.max(0, ...all.map(({ y }) => y)) + stepSize.height;
  return { places, lines, width, height };
}

/** From the right edge of one card to the left edge of the other, over the points between. */
function withEnds(from: Point | undefined, to: Point | undefined, points: readonly Point[]): readonly Point[] {
  if (!from || !to) return points;
  const start = { x: from.x + stepSize.width, y: from.y + stepSize.height / 2 };
  const end = { x: to.x, y: to.y + stepSize.height / 2 };
  // Three points lead straight to the next column.
  return [start, ...(points.length > 3 ? points.slice(1, -1) : []), end];
}

/** The points as a soft line that leaves and arrives level. */
export function pathOf(points: readonly Point[]): string {
  return points.reduce((path, point, index) => {
    const before = points[index - 1];
    if (!before) return `M${point.x} ${point.y}`;
    const bend = Math.max(14, (point.x - before.x) / 2);
    return `${path}C${before.x + bend} ${before.y} ${point.x - bend} ${point.y} ${point.x} ${point.y}`;
  }, '');
}
