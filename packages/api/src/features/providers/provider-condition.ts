import type { CircuitStatus } from '@switchyard/core/policies';
import type { Services } from '../../container.ts';
import type { ProviderInstance } from './provider-instance.ts';

/** The circuit of one model of a provider. */
export interface ModelCircuit {
  readonly modelId: string;
  readonly state: CircuitStatus;
  /** Epoch milliseconds; undefined while calls are let through. */
  readonly retryAtMs: number | undefined;
}

/** The circuits of the models of `provider` that were called since this process started. */
export function readCircuits(services: Services, provider: ProviderInstance): readonly ModelCircuit[] {
  // As core's `circuitKeyOf` writes it: the id that is unique over all teams, and the vendor's model.
  const prefix = `${provider.id}/`;
  return services.dispatcher.chain.circuits
    .list()
    .filter(({ key }) => key.startsWith(prefix))
    .map(({ key, status, nextProbeInMs }) => ({
      modelId: `${provider.slug}/${key.slice(prefix.length)}`,
      state: status,
      retryAtMs: nextProbeInMs === undefined ? undefined : services.clock.nowMs() + nextProbeInMs,
    }));
}

/** How busy `provider` is in this process; undefined when it was not called yet. */
export function readLoad(
  services: Services,
  provider: ProviderInstance,
): { readonly active: number; readonly queued: number } | undefined {
  const reading = services.dispatcher.chain.concurrency.list().find(({ providerId }) => providerId === provider.id);
  return reading && { active: reading.inUse, queued: reading.queued };
}
