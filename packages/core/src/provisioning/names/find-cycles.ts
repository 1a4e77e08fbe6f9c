/**
 * Cycles in a graph of names, each once, as the way round: `['a', 'b', 'a']`. A name may lead to several others; what
 * is no key leads nowhere. Finds at least one cycle through every knot, in the order of the keys.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  for (const root of graph.keys()) {
    // Iterative, because a file may hold a chain of thousands of names.
    const way: string[] = [];
    const onWay = new Map<string, number>();
    const pending: { name: string; next: number }[] = [];
    const enter = (name: string) => {
      onWay.set(name, way.length);
      way.push(name);
      pending.push({ name, next: 0 });
    };
    if (!finished.has(root)) enter(root);
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      const target = graph.get(top.name)?.[top.next];
      top.next += 1;
      if (target === undefined) {
        finished.add(top.name);
        onWay.delete(top.name);
        way.pop();
        pending.pop();
        continue;
      }
      const start = onWay.get(target);
      if (start !== undefined) cycles.push([...way.slice(start), target]);
      else if (graph.has(target) && !finished.has(target)) enter(target);
    }
  }
  return cycles;
}
