import { type CallParameters, mergeParameters } from './call-parameters.ts';
import type { Role, RoleBook, RoleModel } from './role.ts';

/** A model to ask on behalf of a role, with the parameters that hold for it. */
export interface ResolvedRoleModel {
  readonly model: string;
  readonly parameters: CallParameters;
  /** `default`: it stands in from the default role. */
  readonly source: 'role' | 'default';
}

export interface ResolvedRole {
  readonly role: string;
  /** In the order in which they are asked; never empty; each model once. */
  readonly models: readonly ResolvedRoleModel[];
}

/** Why a role cannot be used. */
export type RoleFailure = 'unknown-role' | 'no-models';

export type RoleResolution =
  | { readonly isResolved: true; readonly role: ResolvedRole }
  | { readonly isResolved: false; readonly failure: RoleFailure };

/** All roles of a book, resolved once; looking one up takes no time worth measuring. */
export type RoleIndex = ReadonlyMap<string, RoleResolution>;

/**
 * Resolves every role of `book`. A role's own models come first, then those of the default role that it does not have
 * (unless the role is strict); parameters of the role hold for both. When two roles share a name the last one counts.
 */
export function indexRoles(book: RoleBook): RoleIndex {
  const byName = new Map(book.roles.map((role) => [role.name, role]));
  const standIn = book.defaultRole === undefined ? undefined : byName.get(book.defaultRole);
  return new Map([...byName].map(([name, role]) => [name, resolve(role, standIn)]));
}

/** One role of `book`. For many look-ups keep an {@link indexRoles}. */
export function resolveRole(name: string, book: RoleBook): RoleResolution {
  return indexRoles(book).get(name) ?? { isResolved: false, failure: 'unknown-role' };
}

function resolve(role: Role, standIn: Role | undefined): RoleResolution {
  const models = new Map<string, ResolvedRoleModel>();
  const add = ({ model, parameters }: RoleModel, source: 'role' | 'default', general: CallParameters | undefined) => {
    if (!models.has(model)) models.set(model, { model, parameters: mergeParameters(general, parameters), source });
  };
  for (const model of role.models) add(model, 'role', role.parameters);
  const mayFallBack = standIn !== undefined && standIn !== role && !(role.isStrict && role.models.length > 0);
  if (mayFallBack) {
    const general = mergeParameters(standIn.parameters, role.parameters);
    for (const model of standIn.models) add(model, 'default', general);
  }
  if (models.size === 0) return { isResolved: false, failure: 'no-models' };
  return { isResolved: true, role: { role: role.name, models: [...models.values()] } };
}
