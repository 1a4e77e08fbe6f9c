import type { AccessRole } from '../../gql/shell.ts';

interface RoleWords {
  readonly value: AccessRole;
  readonly label: string;
  /** What somebody with the role may do, for choosing one. */
  readonly hint: string;
}

/** The access roles from the highest to the least. */
export const accessRoles: readonly RoleWords[] = [
  { value: 'OWNER', label: 'Owner', hint: 'Everything, also other owners and deleting the team' },
  { value: 'ADMIN', label: 'Admin', hint: 'Settings, providers, budgets, members below owner' },
  { value: 'DEVELOPER', label: 'Developer', hint: 'Runs prompts and workflows, makes own keys; changes no settings' },
  { value: 'VIEWER', label: 'Viewer', hint: 'Looks at everything, changes and spends nothing' },
];

export const roleLabel = (role: AccessRole) => accessRoles.find(({ value }) => value === role)?.label ?? role;

/** The roles that somebody may give to others: admins make no owners, and nobody below gives any. */
export function rolesToGive(own: AccessRole | undefined): readonly RoleWords[] {
  if (own === 'OWNER') return accessRoles;
  return own === 'ADMIN' ? accessRoles.filter(({ value }) => value !== 'OWNER') : [];
}
