import type { CallPurpose } from '@switchyard/core/metrics';
import type { MatchedRequest } from '@switchyard/core/routing';
import type { Services } from '../../container.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';
import type { CallSize } from '../routing/call-size.ts';

/** A call whose models were chosen, as far as plans depend on it. */
interface ChosenCall {
  readonly resolution: ModelResolution;
  readonly purpose: CallPurpose;
  /** As the caller wrote it. */
  readonly requested: string;
  /** Asked for only when a plan holds or has a condition. */
  readonly size: () => CallSize;
  readonly describe: () => MatchedRequest;
}

/**
 * Puts who stands in by the team's plans behind the candidates of a call, and the plan's triggers over those of the chain. What
 * rules, limits or a strict setting forbid stands in for nobody. Asks nobody.
 */
export function withFailover(
  services: Pick<Services, 'routing' | 'providers'>,
  { resolution, purpose, requested, size, describe }: ChosenCall,
): ModelResolution {
  const [first] = resolution.targets;
  const planned = { role: purpose.role, workflowId: purpose.workflowId, requested, firstModelId: first.modelId };
  const plan = services.routing.failover?.choose(purpose.teamId, planned, describe);
  if (!plan) return resolution;
  const { chain, triggers, returning } = plan.settings;
  const known = new Set(resolution.targets.map(({ modelId }) => modelId));
  const others = chain.flatMap((name) => {
    const found = services.providers.resolve(purpose.teamId, name);
    // Simulation never stands in for a live model.
    return 'targets' in found ? found.targets.filter(({ origin }) => origin === first.origin) : [];
  });
  const unknown = others.filter(({ modelId }) => !known.has(modelId) && known.add(modelId));
  const permitted = unknown.length === 0 ? [] : services.routing.permit([first, ...unknown], purpose, size());
  const added = permitted.filter(({ modelId }) => unknown.some((target) => target.modelId === modelId));
  const hasTriggers = Object.values(triggers).some((value) => value !== undefined);
  const policy = hasTriggers ? { ...resolution.policy, triggers, plan: { id: plan.id, returning } } : resolution.policy;
  return { ...resolution, targets: [...resolution.targets, ...added], policy };
}
