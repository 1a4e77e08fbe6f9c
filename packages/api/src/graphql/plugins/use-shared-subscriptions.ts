import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  mapSourceToResponseEvent,
  validateSubscriptionArgs,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphContext } from '../context.ts';

type PossiblyLater<Value> = Value | Promise<Value>;

/** Answers by event, document and variables. The keys are held weakly: an answer goes with its event. */
const answers = new WeakMap<object, WeakMap<DocumentNode, Map<string, PossiblyLater<ExecutionResult>>>>();

/**
 * Executes a subscription's selection once per event and not once per subscriber: those who sent the same document with
 * the same variables get the same answer object. Allowed because an event's fields depend on the event and the
 * variables only, never on who asks; whether somebody may subscribe at all is decided before, for each subscriber.
 */
export function useSharedSubscriptions(): Plugin<GraphContext> {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribeShared as never);
    },
  };
}

async function subscribeShared(args: ExecutionArgs) {
  const validated = validateSubscriptionArgs(args);
  if (!('schema' in validated)) return { errors: validated };
  const source = await createSourceEventStream(validated);
  if (!(Symbol.asyncIterator in source)) return source;
  const key = `${args.operationName ?? ''} ${JSON.stringify(args.variableValues ?? null)}`;
  return mapSourceToResponseEvent(validated, source, (event) => {
    const { rootValue } = event;
    if (typeof rootValue !== 'object' || rootValue === null) return executeSubscriptionEvent(event);
    const byDocument = getOrAdd(answers, rootValue, () => new WeakMap());
    const byKey = getOrAdd(byDocument, args.document, () => new Map<string, PossiblyLater<ExecutionResult>>());
    return getOrAdd(byKey, key, () => executeSubscriptionEvent(event));
  });
}

function getOrAdd<Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  create: () => Value,
): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const created = create();
  map.set(key, created);
  return created;
}
