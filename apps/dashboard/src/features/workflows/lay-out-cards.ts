import { Graph, layout } from '@dagrejs/dagre';
import type { Definition } from './definition.ts';
import { inputsOf } from './step-references.ts';
import { linksOf } from './workflow-links.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
}

export const cardSize = { width: 224, height: 88 } as const;

/** The card of the inputs; no step can have this id. */
export const inputsCard = '(inputs)';

/** First steps that look at inputs, and at which ones: what leads from the card of the inputs. */
export function inputLinksOf(
  definition: Pick<Definition, 'steps' | 'inputs'>,
): readonly { to: string; label: string }[] {
  if (Object.keys(definition.inputs ?? {}).length === 0) return [];
  const waiting = new Set(linksOf(definition).map(({ to }) => to));
  return definition.steps.flatMap((step) => {
    const names = waiting.has(step.id) ? [] : inputsOf(step);
    return names.length === 0
      ? []
      : [{ to: step.id, label: names.length > 2 ? `${names.length} inputs` : names.join(', ') }];
  });
}

export interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  /** Ways around other cards, by `from>to`: points between the two ends of a line that passes some. */
  readonly bends: ReadonlyMap<string, readonly Place[]>;
}

/** Places of all cards, from top to bottom: every step below those that it waits for. */
export function layOutCards(definition: Pick<Definition, 'steps' | 'inputs'>): Layout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 36, edgesep: 24, ranksep: 60, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of definition.steps) graph.setNode(id, { ...cardSize });
  for (const { from, to } of linksOf(definition)) graph.setEdge(from, to);
  const ofInputs = inputLinksOf(definition);
  if (ofInputs.length > 0) graph.setNode(inputsCard, { ...cardSize });
  for (const { to } of ofInputs) graph.setEdge(inputsCard, to);
  layout(graph);
  const places = new Map(
    graph.nodes().map((id) => {
      const { x = 0, y = 0 } = graph.node(id) as Partial<Place>;
      return [id, { x: Math.round(x - cardSize.width / 2), y: Math.round(y - cardSize.height / 2) }];
    }),
  );
  const bends = new Map<string, readonly Place[]>();
  for (const { v, w } of graph.edges()) {
    const { points = [] } = graph.edge(v, w) as { points?: readonly Place[] };
    // Three points lead straight to the next row.
    if (points.length > 3) bends.set(`${v}>${w}`, points.slice(1, -1));
  }
  return { places, bends };
}

/** What decides a layout: steps and who waits for whom. Texts may change as they like. */
export function shapeOf(definition: Pick<Definition, 'steps' | 'inputs'>): string {
  const links = linksOf(definition).map(({ from, to }) => `${from}>${to}`);
  const inputs = inputLinksOf(definition).map(({ to }) => to);
  return `${definition.steps.map(({ id }) => id).join()} ${links.join()} ${inputs.join()}`;
}

/**
 * Where all cards lie when some were put somewhere by hand: those stay. The others lie beside a neighbour as in the
 * layout, moved aside where a card is already.
 */
export function placeBeside(
  laidOut: ReadonlyMap<string, Place>,
  put: ReadonlyMap<string, Place>,
  links: readonly { readonly from: string; readonly to: string }[],
): ReadonlyMap<string, Place> {
  const places = new Map([...put].filter(([id]) => laidOut.has(id)));
  if (places.size === 0) return laidOut;
  for (const [id, at] of laidOut) {
    if (places.has(id)) continue;
    const neighbours = links.flatMap(({ from, to }) => (to === id ? [from] : from === id ? [to] : []));
    const neighbour = neighbours.find((each) => places.has(each));
    const [was, is] = [laidOut.get(neighbour ?? ''), places.get(neighbour ?? '')];
    let x = at.x + (was && is ? is.x - was.x : 0);
    const y = at.y + (was && is ? is.y - was.y : 0);
    const isTaken = () =>
      [...places.values()].some(
        (other) => Math.abs(other.x - x) < cardSize.width + 12 && Math.abs(other.y - y) < cardSize.height + 12,
      );
    while (isTaken()) x += cardSize.width / 2;
    places.set(id, { x, y });
  }
  return places;
}
