import {
  type AnsweredItem,
  addItem,
  boundariesOf,
  closeClusters,
  LiveWatch,
  lookAtLive,
  lookAtWatch,
  startPairedWatch,
  type WatchLook,
  type WatchPlan,
} from '@switchyard/core/experiments';
import type { Experiment } from '../../generated/prisma/client.ts';
import type { ExperimentRepository } from './experiment.repository.ts';
import { planOf } from './experiment-row.ts';

/** What one look showed of one metric of one variant. */
export interface PastEffect {
  readonly variant: string;
  readonly metric: string;
  /** In the unit of the metric; undefined while it could not be told. */
  readonly estimate: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** A look as it was, or would have been, after so many items. */
export interface PastLook {
  readonly items: number;
  readonly effects: readonly PastEffect[];
}

/** Looks at the most that are told of one test. */
export const mostLooks = 60;

/**
 * How the effects of what decides looked while the items came in, oldest first, the last one as it is now. Computed again from
 * the answers, so that it needs no table of its own and is the same after a restart; ratings that came later count as if
 * they had been there.
 */
export function pastLooks(plan: WatchPlan, items: readonly AnsweredItem[], isOver: boolean): readonly PastLook[] {
  if (items.length === 0) return [];
  if (plan.definition.source.type !== 'paired') return pastLiveLooks(plan, items);
  const boundaries = boundariesOf(plan.definition, plan.plannedUnits);
  const at = new Set(looksAt(items.length));
  const looks: PastLook[] = [];
  let watch = startPairedWatch(plan);
  for (const [index, item] of items.entries()) {
    watch = addItem(watch, plan, item);
    if (!at.has(index + 1)) continue;
    const isLast = index + 1 === items.length;
    const { look } = lookAtWatch(isLast && isOver ? closeClusters(watch, plan) : watch, plan, { boundaries });
    looks.push(toPastLook(index + 1, look));
  }
  return looks;
}

/** The same of a live split; `items` of a look are units, which count once however often they came. */
function pastLiveLooks({ definition, plannedUnits }: WatchPlan, items: readonly AnsweredItem[]): readonly PastLook[] {
  const at = new Set(looksAt(items.length, mostLooks / 2));
  const watch = new LiveWatch(definition);
  const looks = new Map<number, PastLook>();
  for (const [index, item] of items.entries()) {
    watch.add(item);
    if (!at.has(index + 1)) continue;
    const { look } = lookAtLive(watch, plannedUnits, { winPValues: {}, harmPValues: {} });
    looks.set(look.items, toPastLook(look.items, look));
  }
  return [...looks.values()];
}

function toPastLook(items: number, { variants }: WatchLook): PastLook {
  const effects = variants.flatMap(({ variant, metrics }) =>
    metrics.map(({ metric, effect }): PastEffect => {
      if (effect.kind === 'cannot-tell')
        return { variant, metric, estimate: undefined, low: undefined, high: undefined };
      const { low, high } = effect.interval;
      return { variant, metric, estimate: effect.estimate, low, high };
    }),
  );
  return { items, effects };
}

/** Which numbers of items are shown: all of them while they are few, then evenly spread, always the last one. */
function looksAt(items: number, most = mostLooks): readonly number[] {
  const count = Math.min(items, most);
  return Array.from({ length: count }, (_, index) => Math.round(((index + 1) * items) / count));
}

const mostKept = 30;

/** Looks of tests that were started, computed once for each state of a test. */
export class LookHistoryReader {
  readonly #repository: ExperimentRepository;
  readonly #known = new Map<string, Promise<readonly PastLook[]>>();

  constructor(repository: ExperimentRepository) {
    this.#repository = repository;
  }

  /** None for a draft. `row` must be of the team that asks. */
  read(row: Experiment): Promise<readonly PastLook[]> {
    if (row.state === 'draft') return Promise.resolve([]);
    const key = `${row.id} ${row.doneItems} ${row.state} ${row.updatedAt.getTime()}`;
    const known = this.#known.get(key);
    if (known) return known;
    const computed = this.#compute(row);
    computed.catch(() => this.#known.delete(key));
    this.#known.set(key, computed);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostKept) break;
      this.#known.delete(oldest);
    }
    return computed;
  }

  async #compute(row: Experiment): Promise<readonly PastLook[]> {
    const plan = planOf(row, await this.#repository.clusterSizes(row.id));
    return pastLooks(plan, await this.#repository.readDone(row.id), row.state === 'ended');
  }
}
