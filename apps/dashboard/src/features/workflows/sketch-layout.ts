import type { Definition, StepType } from './definition.ts';
import { linksOf } from './workflow-links.ts';

export interface Sketch {
  readonly dots: readonly { readonly id: string; readonly type: StepType; readonly x: number; readonly y: number }[];
  readonly lines: readonly { readonly from: number; readonly to: number }[];
  readonly width: number;
  readonly height: number;
  /** Steps that are not drawn, because more do not fit into a small picture. */
  readonly hidden: number;
}

/** Depth of every step: how many steps lie before it on the longest way. Rings are cut. */
export function depthsOf(definition: Pick<Definition, 'steps'>): ReadonlyMap<string, number> {
  const links = linksOf(definition);
  const before = new Map<string, string[]>();
  for (const { from, to } of links) before.set(to, [...(before.get(to) ?? []), from]);
  const depths = new Map<string, number>();
  const visit = (id: string, way: ReadonlySet<string>): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    if (way.has(id) || way.size > 400) return 0;
    const next = new Set([...way, id]);
    const depth = Math.max(-1, ...(before.get(id) ?? []).map((from) => visit(from, next))) + 1;
    depths.set(id, depth);
    return depth;
  };
  for (const { id } of definition.steps) visit(id, new Set());
  return depths;
}

const columnWidth = 26;
const rowHeight = 18;
const mostDots = 40;

/** A small picture of the graph: columns by depth, each column centred. */
export function sketchOf(definition: Pick<Definition, 'steps'>): Sketch {
  const shown = definition.steps.slice(0, mostDots);
  const depths = depthsOf({ steps: shown });
  // Rings can leave a depth without a step.
  const used = [...new Set(depths.values())].sort((a, b) => a - b);
  const columnOf = (id: string) => used.indexOf(depths.get(id) ?? 0);
  const columns = new Map<number, string[]>();
  for (const { id } of shown) columns.set(columnOf(id), [...(columns.get(columnOf(id)) ?? []), id]);
  const rows = Math.max(1, ...[...columns.values()].map(({ length }) => length));
  const width = Math.max(1, columns.size) * columnWidth;
  const height = rows * rowHeight + 8;
  const dots = shown.map(({ id, type }) => {
    const place = columnOf(id);
    const column = columns.get(place) ?? [];
    const y = height / 2 + (column.indexOf(id) - (column.length - 1) / 2) * rowHeight;
    return { id, type, x: place * columnWidth + columnWidth / 2, y };
  });
  const places = new Map(dots.map(({ id }, index) => [id, index]));
  const lines = linksOf({ steps: shown }).map(({ from, to }) => ({
    from: places.get(from) ?? 0,
    to: places.get(to) ?? 0,
  }));
  return { dots, lines, width, height, hidden: definition.steps.length - shown.length };
}
