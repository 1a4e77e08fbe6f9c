import { type AccessRole, type Identity, mayDo, type PermissionArea, type PermissionLevel } from './identity.ts';
import type { Permission } from './permission-table.ts';

/** What the areas are called where people read of them. */
export const areaNames: Readonly<Record<PermissionArea, string>> = {
  WORK: 'comparisons, workflows and runs',
  TESTS: 'tests, datasets and quality',
  MODELS: 'models, providers, prices and roles',
  ROUTING: 'routing and failover',
  GUARDRAILS: 'guardrails',
  HEALTH: 'health and alerts',
  REPORTS: 'metrics and reports',
  TEAM: 'the team and its keys',
};

const deeds: Readonly<Record<PermissionLevel, string>> = {
  READ: 'look at',
  RUN: 'work with',
  MANAGE: 'decide about',
};

const leastRoles: Readonly<Record<PermissionLevel, AccessRole>> = {
  READ: 'VIEWER',
  RUN: 'DEVELOPER',
  MANAGE: 'ADMIN',
};

/** Undefined when `identity` has what `permission` asks for; else a sentence with what is missing and who can help. */
export function findMissingPermission(identity: Identity, permission: Permission): string | undefined {
  if (permission === 'ANYONE') return undefined;
  const isPerson = identity.apiKeyId === undefined;
  // What a person does with the own account goes on: else nobody could leave or look at another team.
  if (identity.restriction !== undefined && permission !== 'PERSON') return identity.restriction;
  if (permission === 'PERSON' || permission === 'OWNER') {
    if (!isPerson) return 'No API key may do this: a person has to sign in.';
    if (permission === 'PERSON' || identity.accessRole === 'OWNER') return undefined;
    return `Only an owner of the team may do this; your access role is ${identity.accessRole.toLowerCase()}. Ask an owner.`;
  }
  const [level, area] = permission.split(' ') as [PermissionLevel, PermissionArea];
  if (mayDo(identity, level, area)) return undefined;
  const deed = `${deeds[level]} ${areaNames[area]}`;
  if (!isPerson) {
    return `This API key may not ${deed}: it lacks the scope ${level} or ${level}_${area}. Make a key that has it, on the page Team.`;
  }
  const least = leastRoles[level].toLowerCase();
  return `Your access role ${identity.accessRole.toLowerCase()} may not ${deed}; that takes the access role ${least}. Ask an owner or admin of your team.`;
}
