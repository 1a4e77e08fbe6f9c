import type { ModelLimits } from '@switchyard/core/guardrails';
import { parseRoleReference } from '@switchyard/core/roles';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';
import { withLimits } from '../providers/with-limits.ts';
import { findRoleModels } from '../roles/resolve-role.ts';
import { parseWorkflowReference } from '../runs/workflow-reference.ts';

/** What a caller wants of one lane. */
export interface LaneSettings {
  /** `provider/model`, an alias, a chain or `role:name`. */
  readonly model: string;
  readonly limits: ModelLimits | undefined;
  /** Names that stand in for it, in order. */
  readonly fallbacks: readonly string[];
}

export interface ResolvedLane extends LaneSettings {
  readonly resolution: ModelResolution;
}

/**
 * What all names stand for, limits and fallbacks put in. Throws one `NoEligibleModelFailure` that names every model,
 * fallbacks included, that cannot be called; `path` is that of the list in the input.
 */
export function resolveLanes(
  services: Pick<Services, 'providers' | 'roles'>,
  teamId: string,
  lanes: readonly LaneSettings[],
  path: readonly string[],
): ResolvedLane[] {
  const refused: { readonly modelId: string; readonly reason: string }[] = [];
  const resolve = (name: string): ModelResolution | undefined => {
    const role = parseRoleReference(name);
    if (parseWorkflowReference(name)) {
      const reason = `"${name}" is a workflow, not a model: run it by startRun, by "switchyard run" or as the model of /v1/chat/completions.`;
      refused.push({ modelId: name, reason });
      return undefined;
    }
    const found =
      role === undefined ? services.providers.resolve(teamId, name) : findRoleModels(services, teamId, role);
    if ('targets' in found) return found;
    refused.push(found);
    return undefined;
  };
  const resolved = lanes.flatMap((lane): ResolvedLane[] => {
    const own = resolve(lane.model);
    const others = lane.fallbacks.flatMap((name) => resolve(name)?.targets ?? []);
    if (!own) return [];
    const [first, ...rest] = own.targets;
    const names = new Set(own.targets.map(({ modelId }) => modelId));
    const targets = [
      withLimits(first, lane.limits),
      ...rest.map((target) => withLimits(target, lane.limits)),
      ...others.filter(({ modelId }) => !names.has(modelId)),
    ] as const;
    return [{ ...lane, resolution: { ...own, targets } }];
  });
  if (refused.length > 0) throw new NoEligibleModelFailure(refused, path);
  return resolved;
}
