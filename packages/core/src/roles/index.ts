/*
 * Roles: named slots for models. The section `roles` of switchyard.yaml is not read yet; when it is, provisioning turns it
 * into a `RoleBook` and checks it with `validateRoles`.
 */
export { builtInRoles, withBuiltInRoles } from './built-in-roles.ts';
export { type CallParameters, mergeParameters } from './call-parameters.ts';
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
