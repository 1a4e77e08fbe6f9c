import type { DispatchTarget } from '@switchyard/core/dispatch';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';

/** The models whose price is known, for teams that call no others. Throws `NoEligibleModelFailure` when there are none. */
export function pricedResolution(resolution: ModelResolution, path: readonly string[]): ModelResolution {
  const { targets } = resolution;
  const [first, ...others] = targets.filter(({ price }) => price);
  if (first) return others.length + 1 === targets.length ? resolution : { ...resolution, targets: [first, ...others] };
  const why = ({ modelId }: DispatchTarget) =>
    `The price of ${modelId} is unknown, and the settings of your team call no such models. Set its price at Models, or allow them at Team, Settings.`;
  throw new NoEligibleModelFailure(
    targets.map((target) => ({ modelId: target.modelId, reason: why(target) })),
    path,
    'ROUTING.NO_CANDIDATE',
  );
}
