import type { DispatchTarget } from '@switchyard/core/dispatch';
import { type CallParameters, mergeParameters, roleReference } from '@switchyard/core/roles';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import type { ModelResolution, TargetRefusal } from '../providers/model-resolution.ts';
import { policyOf } from '../providers/policy-of-chain.ts';
import { automaticName } from '../routing/automatic-name.ts';

type RoleServices = Pick<Services, 'roles' | 'providers'>;

/** What a role stands for at this moment. */
export interface RoleResolution {
  /** Its models with their parameters, ready to be called; undefined when the router is to choose among all. */
  readonly resolution: ModelResolution | undefined;
  /** Of the first model: what decisions are made with. */
  readonly parameters: CallParameters;
  /** A model that the role does not name, with the role's parameters. */
  tune(target: DispatchTarget): DispatchTarget;
}

/**
 * What the role `name` of a team leads to. A model that cannot be called now is passed over, as in a chain. Throws
 * `NoEligibleModelFailure` when there is no such role or none of its models can be called; `path` is where the input
 * has it. Takes microseconds: all of it is in memory.
 */
export function resolveRoleName(
  services: RoleServices,
  teamId: string,
  name: string,
  path: readonly string[],
): RoleResolution {
  const role = services.roles.of(teamId).resolved.get(name);
  const found = findRoleModels(services, teamId, name);
  const isAutomatic = role?.models.some(({ model }) => model === automaticName);
  if (!role || ('reason' in found && !isAutomatic)) throw new NoEligibleModelFailure([found as TargetRefusal], path);
  const general = role.models[0]?.parameters ?? {};
  const resolution = 'targets' in found ? found : undefined;
  return {
    resolution,
    parameters: resolution?.targets[0].parameters ?? general,
    tune: (target) => withParameters(target, general),
  };
}

/** The models of a role, ready to be called, or why there is none; what `auto` would choose is not among them. */
export function findRoleModels(
  { roles, providers }: RoleServices,
  teamId: string,
  name: string,
): ModelResolution | TargetRefusal {
  const team = roles.of(teamId);
  const role = team.resolved.get(name);
  const requested = roleReference(name);
  if (!role) {
    const known = [...team.resolved.keys()].slice(0, 20).join(', ');
    return { modelId: requested, reason: `There is no role "${name.slice(0, 80)}". Roles are ${known}.` };
  }
  const targets = new Map<string, DispatchTarget>();
  const refused: TargetRefusal[] = [];
  let first: ModelResolution | undefined;
  const named = role.models.filter(({ model }) => model !== automaticName);
  for (const { model, parameters } of named) {
    const found = providers.resolve(teamId, model);
    if (!('targets' in found)) {
      refused.push(found);
      continue;
    }
    first ??= found;
    refused.push(...found.refused);
    for (const target of found.targets) {
      if (!targets.has(target.modelId)) targets.set(target.modelId, withParameters(target, parameters));
    }
  }
  const [one, ...others] = targets.values();
  if (!one || !first) {
    const reasons = refused.map(({ reason }) => reason);
    const reason = reasons.length > 0 ? reasons.join(' ') : `The role "${name}" has no models of its own to ask.`;
    return { modelId: requested, reason };
  }
  const isAlone = named.length === 1;
  return {
    requested,
    kind: 'role',
    targets: [one, ...others],
    refused,
    // A chain that stands alone brings its own ways along.
    policy: isAlone ? first.policy : policyOf(providers.snapshot.configuration, undefined),
    ...(isAlone && first.strategy && { strategy: first.strategy }),
  };
}

/** The target with parameters of its own, under those it had; its price stays the one of the moment. */
function withParameters(target: DispatchTarget, parameters: CallParameters): DispatchTarget {
  if (Object.keys(parameters).length === 0) return target;
  const value = mergeParameters(parameters, target.parameters);
  // A copy by spread would freeze the price, which is read anew by each attempt.
  const properties = { ...Object.getOwnPropertyDescriptors(target), parameters: { value, enumerable: true } };
  return Object.create(Object.prototype, properties) as DispatchTarget;
}
