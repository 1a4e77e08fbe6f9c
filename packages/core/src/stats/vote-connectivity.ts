import type { Matrix } from './symmetric-matrix.ts';
import type { Vote } from './vote.ts';

export interface VoteConnectivity {
  /** All competitors, sorted by name. */
  readonly competitors: readonly string[];
  /** Groups without any vote between them; one when the graph hangs together. Largest first. */
  readonly islands: readonly (readonly string[])[];
  /**
   * Groups whose members can be put on one scale: each has beaten or tied, through a chain, each other one (strongly
   * connected components). Largest first. Strengths of all exist only if this is one group (Ford 1957).
   */
  readonly comparable: readonly (readonly string[])[];
}

/** Who can be compared with whom. Votes of a competitor against itself are ignored. */
export function findVoteConnectivity(votes: readonly Vote[]): VoteConnectivity {
  const real = votes.filter((vote) => vote.left !== vote.right);
  const competitors = [...new Set(real.flatMap((vote) => [vote.left, vote.right]))].sort();
  const beats = new Map(competitors.map((name) => [name, new Set<string>()]));
  const beatenBy = new Map(competitors.map((name) => [name, new Set<string>()]));
  for (const { left, right, outcome } of real) {
    if (outcome !== 'right') link(left, right);
    if (outcome !== 'left') link(right, left);
  }
  function link(winner: string, loser: string): void {
    beats.get(winner)!.add(loser);
    beatenBy.get(loser)!.add(winner);
  }
  const forward = (name: string) => beats.get(name)!;
  const backward = (name: string) => beatenBy.get(name)!;
  const either = (name: string) => [...forward(name), ...backward(name)];
  return {
    competitors,
    islands: groups(competitors, (name, taken) => reach([name], either, taken)),
    comparable: groups(finishOrder(competitors, forward).reverse(), (name, taken) => reach([name], backward, taken)),
  };
}

/** The same question for a matrix of wins (`wins[i][j]` > 0: i has beaten or tied j): is it one comparable group? */
export function isStronglyConnected(wins: Matrix): boolean {
  const reaches = (linked: (from: number, to: number) => boolean): boolean => {
    const seen = new Set([0]);
    for (const from of seen) {
      for (let to = 0; to < wins.length; to++) if (linked(from, to)) seen.add(to);
    }
    return seen.size === wins.length;
  };
  return reaches((from, to) => wins[from]![to]! > 0) && reaches((from, to) => wins[to]![from]! > 0);
}

function groups(order: readonly string[], collect: (name: string, taken: Set<string>) => string[]): string[][] {
  const taken = new Set<string>();
  const found: string[][] = [];
  for (const name of order) if (!taken.has(name)) found.push(collect(name, taken).sort());
  return found.sort((a, b) => b.length - a.length || (a[0]! < b[0]! ? -1 : 1));
}

function reach(start: string[], next: (name: string) => Iterable<string>, taken: Set<string>): string[] {
  const found = [...start];
  for (const name of start) taken.add(name);
  for (let i = 0; i < found.length; i++) {
    for (const other of next(found[i]!)) {
      if (taken.has(other)) continue;
      taken.add(other);
      found.push(other);
    }
  }
  return found;
}

/** Names in the order in which a depth-first search leaves them (first pass of Kosaraju), without recursion. */
function finishOrder(names: readonly string[], next: (name: string) => Iterable<string>): string[] {
  const seen = new Set<string>();
  const finished: string[] = [];
  for (const root of names) {
    if (seen.has(root)) continue;
    seen.add(root);
    const stack = [{ name: root, rest: next(root)[Symbol.iterator]() }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const step = top.rest.next();
      if (step.done) {
        finished.push(top.name);
        stack.pop();
      } else if (!seen.has(step.value)) {
        seen.add(step.value);
        stack.push({ name: step.value, rest: next(step.value)[Symbol.iterator]() });
      }
    }
  }
  return finished;
}
