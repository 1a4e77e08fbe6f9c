import { builtInRoles } from '@switchyard/core/roles';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { audit } from '../routing/change-rules.ts';
import { assertRoleUsable, roleFieldsInput, roleNameInput, toRole } from './role-input.ts';
import { findRoleUses } from './role-uses.ts';

const mostRoles = 200;

const setInput = z.object({
  ...roleFieldsInput,
  revision: z.int().min(0),
  idempotencyKey: idempotencyKeyInput,
});
const deleteInput = z.object({ name: roleNameInput });
const defaultInput = z.object({ name: roleNameInput.nullish() });

/**
 * Assigns models to a role, from the next call on. `revision` is that of what was read, 0 for a role that the team has
 * not set. Answers its name. Throws `ValidationFailure`, `ConflictFailure`, `ForbiddenFailure`, `IdempotencyFailure`.
 */
export async function setRole(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  assertMayManage(identity, 'MODELS', 'assign models to roles');
  const { idempotencyKey, revision, ...given } = parseInput(setInput, rawInput);
  const { teamId } = identity;
  const { prisma, clock, roles } = services;
  const role = toRole(given);
  const call = { teamId, operation: 'setRole', key: idempotencyKey, input: { role, revision } };
  const { name } = await runIdempotently<{ name: string }>(prisma, clock, call, async (store) => {
    assertNotOfFile(services, teamId, role.name);
    assertRoleUsable(services, teamId, role);
    const { all, byName } = roles.of(teamId);
    if (revision === 0 && all.filter(({ source }) => source === 'team').length >= mostRoles) {
      throw new ConflictFailure('ROLES.TOO_MANY', `A team has at most ${mostRoles} roles.`, ['input']);
    }
    const result = { name: role.name };
    const asked = role.models.length === 0 ? 'no models of its own' : role.models.map(({ model }) => model).join(', ');
    const summary = `The role "${role.name}" asks ${asked}${role.isStrict ? ', strictly' : ''}.`;
    const known = byName.get(role.name);
    const before = known?.source === 'team' ? known.role : undefined;
    const entry = { ...audit(services, identity, 'set-role', summary, before, role), scope: `role:${role.name}` };
    if (!(await roles.repository.save(teamId, role, revision, entry, (tx) => store(result, tx)))) {
      // Whoever repeats the change has to see what it would replace.
      await roles.reload();
      const message = 'Somebody changed this role meanwhile. Read it again and repeat your change.';
      throw new ConflictFailure('ROLES.CHANGED', message, ['input', 'revision']);
    }
    return result;
  });
  await roles.reload();
  return name;
}

/**
 * Takes a role away; a built-in one becomes what it was. Throws `NotFoundFailure` for what the team has not set,
 * `ConflictFailure` while a workflow uses it, `ForbiddenFailure`.
 */
export async function deleteRole(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  assertMayManage(identity, 'MODELS', 'delete roles');
  const { name } = parseInput(deleteInput, rawInput);
  const { teamId } = identity;
  const { roles } = services;
  assertNotOfFile(services, teamId, name);
  const role = roles.of(teamId).byName.get(name);
  if (role?.source !== 'team') throw new NotFoundFailure('role', ['input', 'name']);
  if (role.isDefault) {
    const message = `"${name}" is the default role. Choose another one first.`;
    throw new ConflictFailure('ROLES.IS_DEFAULT', message, ['input', 'name']);
  }
  const uses = (await findRoleUses(services, teamId)).get(name) ?? [];
  const isBuiltIn = builtInRoles.some((each) => each.name === name);
  if (uses.length > 0 && !isBuiltIn) {
    const users = uses.map(({ workflowName }) => workflowName).slice(0, 10);
    const message = `The role "${name}" is used by ${users.join(', ')}. Change these workflows first.`;
    throw new ConflictFailure('ROLES.IN_USE', message, ['input', 'name']);
  }
  const summary = isBuiltIn ? `The role "${name}" is what it was built in as.` : `The role "${name}" is gone.`;
  const entry = { ...audit(services, identity, 'deleted-role', summary, role.role), scope: `role:${name}` };
  if (!(await roles.repository.delete(teamId, name, entry))) throw new NotFoundFailure('role', ['input', 'name']);
  await roles.reload();
  return name;
}

/**
 * Chooses the role that stands in for roles without models; null leaves it to the configuration file. Throws
 * `ValidationFailure` for a role that is not there or has no models, `ForbiddenFailure`.
 */
export async function setDefaultRole(services: Services, identity: Identity, rawInput: unknown): Promise<void> {
  assertMayManage(identity, 'MODELS', 'choose the default role');
  const { name } = parseInput(defaultInput, rawInput);
  const { teamId } = identity;
  const { roles } = services;
  if (name != null) {
    const role = roles.of(teamId).byName.get(name);
    const message = role ? `The role "${name}" has no models to stand in with.` : `There is no role "${name}".`;
    if (!role || role.role.models.length === 0)
      throw new ValidationFailure([{ path: ['input', 'name'], code: role ? 'empty_role' : 'unknown_role', message }]);
  }
  const summary = name == null ? 'The configuration file chooses the default role.' : `The role "${name}" stands in.`;
  const entry = audit(services, identity, 'chose-default-role', summary);
  await roles.repository.setDefault(teamId, name ?? undefined, {
    ...entry,
    ...(name != null && { scope: `role:${name}` }),
  });
  await roles.reload();
}

function assertNotOfFile({ roles }: Services, teamId: string, name: string): void {
  const role = roles.of(teamId).byName.get(name);
  if (role?.source !== 'file') return;
  const message = `The role "${name}" stands in ${role.sourceDetail}. Change it there.`;
  throw new ConflictFailure('ROLES.READ_ONLY', message, ['input', 'name']);
}
