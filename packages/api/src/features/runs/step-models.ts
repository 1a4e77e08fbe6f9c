import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { ModelLimits } from '@switchyard/core/guardrails';
import { parseUsd } from '@switchyard/core/kernel';
import { type CallParameters, mergeParameters, parseRoleReference, roleReference } from '@switchyard/core/roles';
import type { RouteNeeds } from '@switchyard/core/routing';
import type { PreparedCall, PreparedModel } from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import type { ModelResolution, TargetRefusal } from '../providers/model-resolution.ts';
import { findRoleModels } from '../roles/resolve-role.ts';
import { automaticName } from '../routing/automatic-name.ts';
import type { WantedModel } from '../routing/route-call.ts';

/**
 * What a step's call names, as routing takes it: its models in order, each with limits and parameters of its own. A model
 * that cannot be called now is passed over, as in a chain. Throws `NoEligibleModelFailure` when none can be called.
 */
export function wantedOfStep(
  services: Pick<Services, 'providers' | 'roles'>,
  teamId: string,
  prepared: PreparedCall,
): WantedModel {
  const { role, models, strategy, needs } = prepared;
  const chosen = { ...(strategy !== 'manual' && { strategy }), needs: needs as RouteNeeds };
  if (role !== undefined) return { model: roleReference(role), ...chosen };
  const [only] = models;
  const limits = only && limitsOf(only.guardrails);
  if (models.length === 1 && only?.model === automaticName) return { model: automaticName, limits, ...chosen };
  const resolution = resolveModels(services, teamId, prepared);
  const shares = models.flatMap(({ model, routingWeight }) =>
    routingWeight === undefined ? [] : [[model, routingWeight] as const],
  );
  return {
    model: resolution.requested,
    resolution,
    ...chosen,
    ...(shares.length > 0 && { modelWeights: Object.fromEntries(shares) }),
  };
}

/** Parameters of the call itself: those of the step that no model of it has otherwise. */
export function parametersOfCall({ parameters, models }: PreparedCall): CallParameters {
  const taken = new Set(models.flatMap((model) => Object.keys(model.parameters)));
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !taken.has(name))) as CallParameters;
}

function resolveModels(
  services: Pick<Services, 'providers' | 'roles'>,
  teamId: string,
  { models, parameters }: PreparedCall,
): ModelResolution {
  const targets = new Map<string, DispatchTarget>();
  const refused: TargetRefusal[] = [];
  let first: ModelResolution | undefined;
  for (const model of models) {
    const role = parseRoleReference(model.model);
    const found =
      role === undefined ? services.providers.resolve(teamId, model.model) : findRoleModels(services, teamId, role);
    if (!('targets' in found)) {
      refused.push(found);
      continue;
    }
    first ??= found;
    refused.push(...found.refused);
    for (const target of found.targets) {
      if (!targets.has(target.modelId)) targets.set(target.modelId, tune(target, parameters, model));
    }
  }
  const [one, ...others] = targets.values();
  if (!one || !first) throw new NoEligibleModelFailure(refused, ['models']);
  const isAlone = models.length === 1;
  return {
    requested: models.map(({ model }) => model).join(', '),
    kind: isAlone ? first.kind : 'chain',
    targets: [one, ...others],
    refused,
    // A chain that stands alone brings its own ways along.
    policy: isAlone ? first.policy : {},
    ...(isAlone && first.strategy && { strategy: first.strategy }),
  };
}

/** The target with what step and model say of it; its price stays the one of the moment. */
function tune(target: DispatchTarget, ofStep: CallParameters, model: PreparedModel): DispatchTarget {
  const parameters = mergeParameters(target.parameters, ofStep, model.parameters);
  const limits = limitsOf(model.guardrails);
  // A copy by spread would freeze the price, which is read anew by each attempt.
  const properties: PropertyDescriptorMap = { ...Object.getOwnPropertyDescriptors(target) };
  if (Object.keys(parameters).length > 0) properties.parameters = { value: parameters, enumerable: true };
  if (limits) properties.limits = { value: limits, enumerable: true };
  return Object.create(Object.prototype, properties) as DispatchTarget;
}

function limitsOf(guardrails: PreparedModel['guardrails']): ModelLimits | undefined {
  const { costLimitUsd, ...rest } = guardrails;
  if (costLimitUsd === undefined && Object.keys(rest).length === 0) return undefined;
  const limits = rest as ModelLimits;
  return { ...limits, ...(costLimitUsd !== undefined && { costLimitNanoUsd: parseUsd(costLimitUsd) }) };
}
