import { parseRoleReference } from '@switchyard/core/roles';
import { z } from 'zod';
import { type ApiKeyRules, describeAllowed, mayCallModel, mayUseRole } from '../../../auth/api-key-rules.ts';
import { apiKeyScopes } from '../../../auth/identity.ts';
import type { Services } from '../../../container.ts';
import { ValidationFailure, type ValidationIssue } from '../../../user-errors.ts';
import { fromDecimal } from '../../guardrails/decimal-amount.ts';
import { findRoleModels } from '../../roles/resolve-role.ts';
import { automaticName } from '../../routing/automatic-name.ts';
import { parseWorkflowReference } from '../../runs/workflow-reference.ts';

const mostNames = 100;
const name = z.string().trim().min(1).max(200);

const budgetInput = z.object({
  limit: z
    .string()
    .refine((text) => (fromDecimal('cost', text) ?? 0n) > 0n, 'The limit is an amount of US dollars above 0.'),
  window: z.enum(
    ['hour', 'day', 'week', 'month', 'lifetime'],
    'A key’s budget lasts an hour, day, week, month or lifetime.',
  ),
});

/** What limits a key beside its scopes; null takes a limit away, what is absent stays as it is. */
export const limitsInput = z.object({
  allowedModels: z.array(name).max(mostNames).nullish(),
  allowedRoles: z.array(name).max(mostNames).nullish(),
  defaultModel: name.nullish(),
  requestsPerMinute: z.int().min(1).max(1_000_000).nullish(),
  tokensPerMinute: z.int().min(1).max(1_000_000_000).nullish(),
  dataOrigin: z.enum(['LIVE', 'SIMULATED']).nullish(),
  budget: budgetInput.nullish(),
});

export const nameInput = z.string().trim().min(1, 'Give the key a name.').max(100);
export const scopesInput = z.array(z.enum(apiKeyScopes)).min(1, 'Choose at least one scope.');

export type KeyLimitsInput = z.output<typeof limitsInput>;

/** The columns that the limits are kept in; what is absent stays. */
export function toLimitColumns(limits: KeyLimitsInput) {
  const { allowedModels, allowedRoles, defaultModel, requestsPerMinute, tokensPerMinute, dataOrigin } = limits;
  const unique = (names: readonly string[] | null) => (names ? [...new Set(names)] : null);
  return {
    ...(allowedModels !== undefined && { allowedModels: unique(allowedModels) }),
    ...(allowedRoles !== undefined && { allowedRoles: unique(allowedRoles) }),
    ...(defaultModel !== undefined && { defaultModel }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
    ...(dataOrigin !== undefined && { dataOrigin }),
  };
}

/**
 * Throws `ValidationFailure` with every name that is none, or that the key could not call by its other limits. `rules` are
 * those that will hold.
 */
export function assertNames(
  services: Pick<Services, 'providers' | 'roles'>,
  teamId: string,
  rules: Omit<ApiKeyRules, 'keyId'>,
): void {
  const issues: ValidationIssue[] = [];
  const refuse = (path: readonly string[], message: string) =>
    issues.push({ path: ['input', ...path], message: `${path.join('.')}: ${message}`, code: 'unknown_name' });
  for (const [index, model] of (rules.allowedModels ?? []).entries()) {
    const problem = findModelProblem(services, teamId, model);
    if (problem !== undefined) refuse(['allowedModels', String(index)], problem);
  }
  const roles = services.roles.of(teamId).resolved;
  for (const [index, role] of (rules.allowedRoles ?? []).entries()) {
    if (!roles.has(role)) refuse(['allowedRoles', String(index)], `There is no role "${role.slice(0, 80)}".`);
  }
  const problem = rules.defaultModel === undefined ? undefined : findDefaultProblem(services, teamId, rules);
  if (problem !== undefined) refuse(['defaultModel'], problem);
  if (issues.length > 0) throw new ValidationFailure(issues);
}

function findModelProblem({ providers }: Pick<Services, 'providers'>, teamId: string, model: string) {
  const slash = model.indexOf('/');
  const [slug, rest] = [model.slice(0, slash), model.slice(slash + 1)];
  if (slash < 1 || rest === '')
    return `Name models as provider/model, or all of a provider as provider/*. Aliases and chains may lead elsewhere tomorrow.`;
  const instance = providers.instancesOf(teamId).find((each) => each.slug === slug);
  if (!instance) return `There is no provider "${slug.slice(0, 80)}".`;
  if (rest === '*' || instance.type === 'custom' || instance.type === 'ollama') return undefined;
  return providers.findModel(teamId, model)
    ? undefined
    : `${instance.displayName} has no model "${rest.slice(0, 80)}".`;
}

function findDefaultProblem(
  services: Pick<Services, 'providers' | 'roles'>,
  teamId: string,
  rules: Omit<ApiKeyRules, 'keyId'>,
): string | undefined {
  const wanted = rules.defaultModel ?? '';
  if (wanted === automaticName) return 'This is what stands in for auto: name a model, an alias, a chain or role:name.';
  if (parseWorkflowReference(wanted)) return 'A workflow cannot stand in for a model.';
  const role = parseRoleReference(wanted);
  if (!mayUseRole({ ...rules, keyId: '' }, role)) return describeAllowed({ ...rules, keyId: '' });
  const found =
    role === undefined ? services.providers.resolve(teamId, wanted) : findRoleModels(services, teamId, role);
  if (!('targets' in found))
    return role !== undefined && services.roles.of(teamId).resolved.has(role) ? undefined : found.reason;
  return found.targets.some((target) => mayCallModel(rules, target))
    ? undefined
    : describeAllowed({ ...rules, keyId: '' });
}
