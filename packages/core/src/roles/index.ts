/*
 * Roles: named slots for models. A team's own, those of switchyard.yaml and the built-in ones make a `RoleBook`, which
 * `validateRoles` checks.
 */
export { builtInRoles, withBuiltInRoles } from './built-in-roles.ts';
export { type CallParameters, mergeParameters, parametersOf } from './call-parameters.ts';
export {
  indexRoles,
  type ResolvedRole,
  type ResolvedRoleModel,
  type RoleFailure,
  type RoleIndex,
  type RoleResolution,
  resolveRole,
} from './resolve-role.ts';
export { isRoleName, parseRoleReference, type Role, type RoleBook, type RoleModel, roleReference } from './role.ts';
export { type RoleProblem, type RoleProblemCode, validateRoles } from './validate-roles.ts';
