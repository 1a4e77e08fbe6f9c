import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { ModelAdapter } from '@switchyard/core/spec';

/**
 * `target`, whose vendor is asked only once `confirm` has resolved: with each attempt, retry and failover. What `confirm`
 * rejects with ends the attempt before anything was sent.
 */
export function guardTarget(target: DispatchTarget, confirm: () => Promise<void>): DispatchTarget {
  const { adapter } = target;
  const guarded: ModelAdapter = {
    provider: adapter.provider,
    async *stream(call, signal) {
      await confirm();
      yield* adapter.stream(call, signal);
    },
    testConnection: (signal) => adapter.testConnection(signal),
  };
  // Its price is asked for when it is needed: the fields are taken over as they are.
  const fields = { ...Object.getOwnPropertyDescriptors(target), adapter: { value: guarded, enumerable: true } };
  return Object.create(Object.prototype, fields) as DispatchTarget;
}
