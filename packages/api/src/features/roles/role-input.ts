import { resolveModelName } from '@switchyard/core/provisioning';
import type { CallParameters, Role } from '@switchyard/core/roles';
import { isRoleName, validateRoles } from '@switchyard/core/roles';
import { reasoningEfforts } from '@switchyard/core/spec';
import { z } from 'zod';
import type { Services } from '../../container.ts';
import { ValidationFailure } from '../../user-errors.ts';
import { automaticName } from '../routing/automatic-name.ts';

const parametersInput = z
  .object({
    temperature: z.number().min(0).max(2).nullish(),
    topP: z.number().min(0).max(1).nullish(),
    topK: z.int().min(1).max(1_000).nullish(),
    maxOutputTokens: z.int().min(1).max(10_000_000).nullish(),
    seed: z.int().min(0).nullish(),
    frequencyPenalty: z.number().min(-2).max(2).nullish(),
    presencePenalty: z.number().min(-2).max(2).nullish(),
    stopSequences: z.array(z.string().min(1).max(100)).min(1).max(16).nullish(),
    reasoningEffort: z.enum(reasoningEfforts).nullish(),
    providerOptions: z.record(z.string(), z.json()).nullish(),
  })
  .nullish()
  .transform((given): CallParameters => {
    const set = Object.entries(given ?? {}).filter(([, value]) => value != null);
    return Object.fromEntries(set) as CallParameters;
  });

export const roleNameInput = z
  .string()
  .refine(isRoleName, 'Use lower-case letters, digits and dashes, beginning with a letter, at most 64.');

export const roleFieldsInput = {
  name: roleNameInput,
  description: z.string().trim().max(500).nullish(),
  models: z.array(z.object({ model: z.string().trim().min(1).max(300), parameters: parametersInput })).max(16),
  parameters: parametersInput,
  isStrict: z.boolean().nullish(),
};

type GivenRole = z.output<z.ZodObject<typeof roleFieldsInput>>;

/** The role as it is stored: nothing in it that says nothing. */
export function toRole({ name, description, models, parameters, isStrict }: GivenRole): Role {
  const isSet = (given: CallParameters) => Object.keys(given).length > 0;
  return {
    name,
    models: models.map((each) => ({
      model: each.model,
      ...(isSet(each.parameters) && { parameters: each.parameters }),
    })),
    ...(description && { description }),
    ...(isSet(parameters) && { parameters }),
    ...(isStrict && { isStrict }),
  };
}

/** Refuses a role with a model that leads nowhere, naming every one. A model that only lacks its key is taken. */
export function assertRoleUsable(services: Pick<Services, 'roles' | 'providers'>, teamId: string, role: Role): void {
  const { book } = services.roles.of(teamId);
  const others = book.roles.filter(({ name }) => name !== role.name);
  const isKnown = (model: string) => model === automaticName || isKnownModel(services, teamId, model);
  const problems = validateRoles({ ...book, roles: [role, ...others] }, isKnown).filter(
    ({ severity, path }) => severity === 'error' && path[0] === 'roles' && path[1] === 0,
  );
  const issues = problems.map(({ code, path, message, suggestion }) => ({
    path: ['input', ...path.slice(2).map(String)],
    code: code.toLowerCase(),
    message: `${message} ${suggestion}`,
  }));
  role.models.forEach(({ model }, index) => {
    if (model !== automaticName || role.models.length === 1) return;
    const message = '"auto" chooses among all models, so nothing can stand beside it. Name the models, or auto alone.';
    issues.push({ path: ['input', 'models', String(index), 'model'], code: 'auto_not_alone', message });
  });
  if (issues.length > 0) throw new ValidationFailure(issues);
}

/** Whether a name leads to models that the team's providers offer, ready or not. */
export function isKnownModel({ providers }: Pick<Services, 'providers'>, teamId: string, name: string): boolean {
  const models = resolveModelName(name, providers.snapshot.configuration)?.models ?? [];
  return models.length > 0 && models.every((modelId) => providers.findModel(teamId, modelId) !== undefined);
}
