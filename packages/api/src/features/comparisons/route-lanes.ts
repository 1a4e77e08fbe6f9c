import type { ModelCall } from '@switchyard/core/spec';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { type RoutedCall, routeCall } from '../routing/route-call.ts';
import { purposeOf } from './lane-purpose.ts';
import type { LaneSettings } from './resolve-lanes.ts';

/** A lane that is to run, with the models that were chosen for it. */
export interface RoutedLane extends LaneSettings {
  readonly laneId: string;
  readonly routed: RoutedCall;
}

/**
 * Chooses the models of lanes, rules and limits put in; `call` is what all of them ask. Throws one
 * `NoEligibleModelFailure` that names every model, fallbacks included, that cannot be called; `path` is that of the list
 * in the input.
 */
export async function routeLanes(
  services: Services,
  identity: Identity,
  lanes: readonly (LaneSettings & { readonly laneId: string })[],
  call: Omit<ModelCall, 'model'>,
  tags: readonly string[],
  path: readonly string[],
): Promise<readonly RoutedLane[]> {
  const routed: RoutedLane[] = [];
  const failures: NoEligibleModelFailure[] = [];
  for (const lane of lanes) {
    try {
      const purpose = purposeOf(identity, lane.laneId, tags);
      routed.push({ ...lane, routed: await routeCall(services, lane, call, purpose, path) });
    } catch (error) {
      if (!(error instanceof NoEligibleModelFailure)) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (!first) return routed;
  const rejected = failures.flatMap((failure) => failure.rejected);
  throw new NoEligibleModelFailure(rejected, path, first.code as 'CATALOG.MODEL_UNKNOWN' | 'ROUTING.NO_CANDIDATE');
}
