import type { CallParameters } from './call-parameters.ts';

/** One model of a role. */
export interface RoleModel {
  /** `provider/model`, or the name of an alias or chain. */
  readonly model: string;
  /** In place of the role's own for this model. */
  readonly parameters?: CallParameters;
}

/** A named slot that steps and callers ask for in place of a model. */
export interface Role {
  /** Lower-case letters, digits and dashes, beginning with a letter, at most 64: what stands behind `role:`. */
  readonly name: string;
  readonly description?: string;
  /** In the order in which they are asked. Empty: the default role stands in. */
  readonly models: readonly RoleModel[];
  /** For all models of the role, and for those of the default role while they stand in. */
  readonly parameters?: CallParameters;
  /** Never ask the default role's models when the role's own fail. */
  readonly isStrict?: boolean;
}

/** All roles of a team. */
export interface RoleBook {
  readonly roles: readonly Role[];
  /** Name of the role whose models stand in for a role without models, and follow behind those of any other. */
  readonly defaultRole?: string;
}

const namePattern = /^[a-z][a-z0-9-]{0,63}$/;

/** Whether `name` can be a role's name. */
export const isRoleName = (name: string): boolean => namePattern.test(name);

const prefix = 'role:';

/** The role that `model` names in the form `role:coder`; undefined when it is not of that form. */
export function parseRoleReference(model: string): string | undefined {
  return model.startsWith(prefix) ? model.slice(prefix.length) : undefined;
}

/** The inverse of {@link parseRoleReference}. */
export const roleReference = (name: string): string => `${prefix}${name}`;
