import type { Client } from 'urql';
import { BudgetWindowsDocument, type BudgetWindowsQuery } from '../../gql/guardrails.ts';

export type BudgetWindows = Extract<
  NonNullable<BudgetWindowsQuery['nodes'][number]>,
  { __typename: 'Budget' }
>['windows'];

interface Wish {
  readonly id: string;
  readonly first: number;
  resolve(windows: BudgetWindows | undefined): void;
}

/** Cards that appear together ask together. */
const gatherMs = 30;
/** As many windows as one request may cost: each reads weeks of records. */
const mostWindows = 80;

const waiting = new WeakMap<Client, Wish[]>();

/** The windows of one budget with their forecasts; many that are asked for at the same moment become one request. Undefined when the server did not say. */
export function askWindows(client: Client, id: string, first: number): Promise<BudgetWindows | undefined> {
  return new Promise((resolve) => {
    const wish = { id, first, resolve };
    const gathered = waiting.get(client);
    if (gathered) {
      gathered.push(wish);
      return;
    }
    waiting.set(client, [wish]);
    setTimeout(() => {
      const wishes = waiting.get(client) ?? [];
      waiting.delete(client);
      for (const batch of batchesOf(wishes)) void askTogether(client, batch);
    }, gatherMs);
  });
}

/** Wishes for as many windows each, as many as fit into one request. */
export function batchesOf<Item extends { readonly first: number }>(wishes: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
  const bySize = new Map<number, Item[]>();
  for (const wish of wishes) bySize.set(wish.first, [...(bySize.get(wish.first) ?? []), wish]);
  for (const [first, alike] of bySize) {
    const size = Math.max(1, Math.floor(mostWindows / first));
    for (let start = 0; start < alike.length; start += size) batches.push(alike.slice(start, start + size));
  }
  return batches;
}

async function askTogether(client: Client, wishes: readonly Wish[]): Promise<void> {
  const first = wishes[0]?.first ?? 1;
  const ids = [...new Set(wishes.map(({ id }) => id))];
  const { data } = await client.query(BudgetWindowsDocument, { ids, first }, { requestPolicy: 'network-only' });
  for (const { id, resolve } of wishes) {
    const node = data?.nodes.find((each) => each?.__typename === 'Budget' && each.id === id);
    resolve(node?.__typename === 'Budget' ? node.windows : undefined);
  }
}
