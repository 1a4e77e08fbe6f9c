import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { CallPurpose } from '@switchyard/core/metrics';
import { type ApiKeyRules, describeAllowed, limitsModels, mayCallModel, mayUseRole } from '../../auth/api-key-rules.ts';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';
import { automaticName } from './automatic-name.ts';

/** Entrances whose caller names the model; steps of workflows say themselves what `auto` means. */
const directSources: ReadonlySet<CallPurpose['source']> = new Set(['complete', 'openai-compatible', 'comparison-lane']);

/** The name that is meant: what the key calls by default in place of `auto`. */
export function nameMeant(rules: ApiKeyRules | undefined, name: string, source: CallPurpose['source']): string {
  return name === automaticName && rules?.defaultModel !== undefined && directSources.has(source)
    ? rules.defaultModel
    : name;
}

/** Throws `NoEligibleModelFailure` when the key may not call by this role, or by names of models. */
export function assertMayName(
  rules: ApiKeyRules | undefined,
  name: string,
  role: string | undefined,
  path: readonly string[],
): void {
  if (!rules || mayUseRole(rules, role)) return;
  throw notAllowed(rules, name, path);
}

/** The refusal of a name behind which the key may call nothing. */
export function notAllowed(rules: ApiKeyRules, name: string, path: readonly string[]): NoEligibleModelFailure {
  const reason = `${describeAllowed(rules)} "${name}" is or leads to none of these. Ask an owner or admin of your team for a key that may.`;
  return new NoEligibleModelFailure([{ modelId: name, reason }], path, 'ROUTING.NO_CANDIDATE');
}

/** Those of `targets` that the key may call. */
export function permittedTargets(
  rules: ApiKeyRules | undefined,
  targets: readonly DispatchTarget[],
): readonly DispatchTarget[] {
  return rules && limitsModels(rules) ? targets.filter((target) => mayCallModel(rules, target)) : targets;
}

/** The resolution with the targets that the key may call. Throws `NoEligibleModelFailure` with what is allowed. */
export function permittedResolution(
  rules: ApiKeyRules | undefined,
  resolution: ModelResolution,
  path: readonly string[],
): ModelResolution {
  if (!rules || !limitsModels(rules)) return resolution;
  const [first, ...others] = permittedTargets(rules, resolution.targets);
  if (!first) throw notAllowed(rules, resolution.requested, path);
  if (others.length + 1 === resolution.targets.length) return resolution;
  return { ...resolution, targets: [first, ...others] };
}

/**
 * The ids of the models that a plan may look at for this key: those of the team, and `named` that stand in no list;
 * undefined when the key may call all.
 */
export function allowedModelsOf(
  { providers }: Pick<Services, 'providers'>,
  rules: ApiKeyRules | undefined,
  teamId: string,
  named: readonly DispatchTarget[] = [],
): readonly string[] | undefined {
  if (!rules || !limitsModels(rules)) return undefined;
  const ids = new Set(permittedTargets(rules, named).map(({ modelId }) => modelId));
  for (const { modelId, instance } of providers.models(teamId)) {
    if (mayCallModel(rules, { modelId, origin: instance.origin })) ids.add(modelId);
  }
  return [...ids];
}
