import type { Configuration } from '@switchyard/core/provisioning';
import {
  builtInRoles,
  indexRoles,
  type ResolvedRole,
  type ResolvedRoleModel,
  type Role,
  type RoleBook,
} from '@switchyard/core/roles';
import { automaticName } from '../routing/automatic-name.ts';
import type { StoredRole } from './role.repository.ts';

export type RoleSource = 'built-in' | 'team' | 'file';

/** A role as a team has it. */
export interface TeamRole {
  readonly role: Role;
  readonly source: RoleSource;
  readonly isDefault: boolean;
  /** Of the file: `switchyard.yaml:31`. */
  readonly sourceDetail: string | undefined;
  /** Of the team's own row; 0 when there is none. */
  readonly revision: number;
  readonly updatedById: string | undefined;
  readonly updatedAt: Date | undefined;
}

/** All roles of one team at one moment, with what each leads to. Immutable. */
export interface TeamRoles {
  /** The built-in ones first, then by name. */
  readonly all: readonly TeamRole[];
  readonly byName: ReadonlyMap<string, TeamRole>;
  /** As they were written: for checks. */
  readonly book: RoleBook;
  /** What every role leads to. A role that would lead to nothing leads to `auto`. */
  readonly resolved: ReadonlyMap<string, ResolvedRole>;
  /** The same as a book: what workflows are checked and run with. */
  readonly effectiveBook: RoleBook;
}

/** Puts a team's roles together: those of the file first, then the team's own, then what is built in. */
export function buildTeamRoles(
  stored: readonly StoredRole[],
  ownDefault: string | undefined,
  { roles: ofFile, defaultRole: defaultOfFile }: Pick<Configuration, 'roles' | 'defaultRole'>,
  fileName: string,
): TeamRoles {
  const found = new Map<string, Omit<TeamRole, 'isDefault'>>();
  const none = { sourceDetail: undefined, revision: 0, updatedById: undefined, updatedAt: undefined };
  for (const role of builtInRoles) found.set(role.name, { ...none, role, source: 'built-in' });
  for (const { role, revision, updatedById, updatedAt } of stored) {
    const builtIn = builtInRoles.find(({ name }) => name === role.name);
    const description = role.description ?? builtIn?.description;
    const described = { ...role, ...(description !== undefined && { description }) };
    found.set(role.name, {
      role: described,
      source: 'team',
      sourceDetail: undefined,
      revision,
      updatedById,
      updatedAt,
    });
  }
  for (const { position, ...role } of ofFile)
    found.set(role.name, { ...none, role, source: 'file', sourceDetail: `${fileName}:${position.line}` });
  // A default that was deleted meanwhile in another process stands in for nothing.
  const defaultRole = [ownDefault, defaultOfFile].find((name) => name !== undefined && found.has(name));
  const builtInNames = new Set(builtInRoles.map(({ name }) => name));
  const all = [...found.values()]
    .map((each): TeamRole => ({ ...each, isDefault: each.role.name === defaultRole }))
    .sort(
      (a, b) =>
        Number(builtInNames.has(b.role.name)) - Number(builtInNames.has(a.role.name)) ||
        // Built-in ones keep their order.
        (builtInNames.has(a.role.name) ? 0 : a.role.name < b.role.name ? -1 : 1),
    );
  const book: RoleBook = { roles: all.map(({ role }) => role), ...(defaultRole !== undefined && { defaultRole }) };
  const index = indexRoles(book);
  const resolved = new Map(
    all.map(({ role }) => {
      const resolution = index.get(role.name);
      return [role.name, resolution?.isResolved ? resolution.role : toAutomatic(role)] as const;
    }),
  );
  const roles = [...resolved.values()].map(({ role: name, models }): Role => ({ name, models }));
  return {
    all,
    byName: new Map(all.map((each) => [each.role.name, each])),
    book,
    resolved,
    effectiveBook: { roles },
  };
}

/** Nothing was assigned and nothing stands in: the router chooses. */
function toAutomatic({ name, parameters = {} }: Role): ResolvedRole {
  const automatic: ResolvedRoleModel = { model: automaticName, parameters, source: 'default' };
  return { role: name, models: [automatic] };
}
