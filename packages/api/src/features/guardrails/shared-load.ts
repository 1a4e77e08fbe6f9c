import type { GraphContext } from '../../graphql/context.ts';

const running = new WeakMap<GraphContext, Map<string, Promise<unknown>>>();

/**
 * One reading for all objects of an answer that ask for it at the same time: who asks while it runs gets its result,
 * who asks later causes a new one, so that nothing is older than the question.
 */
export function sharedLoad<Result>(context: GraphContext, name: string, load: () => Promise<Result>): Promise<Result> {
  let loads = running.get(context);
  if (!loads) {
    loads = new Map();
    running.set(context, loads);
  }
  const known = loads.get(name);
  if (known) return known as Promise<Result>;
  const started = load().finally(() => loads.delete(name));
  loads.set(name, started);
  return started;
}
