import { type CallParameters, mergeParameters } from '@switchyard/core/roles';
import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import type { ModelResolution, TargetRefusal } from '../providers/model-resolution.ts';
import { policyOf } from '../providers/policy-of-chain.ts';
import { automaticName } from '../routing/automatic-name.ts';

/** What a role stands for at this moment. */
export interface RoleResolution {
  readonly name: string;
  /** Its models, ready to be called; undefined when the router is to choose among all. */
  readonly resolution: ModelResolution | undefined;
  /** Of the first model: what decisions are made with. */
  readonly parameters: CallParameters;
  /** The target with the parameters that the role gives it. */
  tune(target: DispatchTarget): DispatchTarget;
}

/**
 * What the role `name` of a team leads to. A model that cannot be called now is passed over, as in a chain. Throws
 * `NoEligibleModelFailure` when there is no such role or none of its models can be called; `path` is where the input
 * has it.
 */
export function resolveRoleName(
  { roles, providers }: Pick<Services, 'roles' | 'providers'>,
  teamId: string,
  name: string,
  path: readonly string[],
): RoleResolution {
  const team = roles.of(teamId);
  const role = team.resolved.get(name);
  const requested = `role:${name}`;
  if (!role) {
    const known = [...team.resolved.keys()].slice(0, 20).join(', ');
    const reason = `There is no role "${name.slice(0, 80)}". Roles are ${known}.`;
    throw new NoEligibleModelFailure([{ modelId: requested, reason }], path);
  }
  const targets = new Map<string, DispatchTarget>();
  const tuning = new Map<string, CallParameters>();
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
      if (targets.has(target.modelId)) continue;
      targets.set(target.modelId, target);
      tuning.set(target.modelId, parameters);
    }
  }
  const general = role.models[0]?.parameters ?? {};
  const tune = (target: DispatchTarget) => withParameters(target, tuning.get(target.modelId) ?? general);
  const [one, ...others] = targets.values();
  if (one && first) {
    const { configuration } = providers.snapshot;
    const isAlone = named.length === 1;
    return {
      name,
      parameters: tuning.get(one.modelId) ?? general,
      tune,
      resolution: {
        requested,
        kind: 'role',
        targets: [one, ...others],
        refused,
        policy: isAlone ? first.policy : policyOf(configuration, undefined),
        ...(isAlone && first.strategy && { strategy: first.strategy }),
      },
    };
  }
  // The router may choose only where the role, or the one that stands in for it, says so.
  if (named.length < role.models.length) return { name, parameters: general, tune, resolution: undefined };
  throw new NoEligibleModelFailure(refused, path);
}

/** The target with parameters of its own, under those it had; its price stays the one of the moment. */
function withParameters(target: DispatchTarget, parameters: CallParameters): DispatchTarget {
  if (Object.keys(parameters).length === 0) return target;
  const value = mergeParameters(parameters, target.parameters);
  // A copy by spread would freeze the price, which is read anew by each attempt.
  const properties = { ...Object.getOwnPropertyDescriptors(target), parameters: { value, enumerable: true } };
  return Object.create(Object.prototype, properties) as DispatchTarget;
}
