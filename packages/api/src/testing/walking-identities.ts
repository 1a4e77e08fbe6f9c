import { type AccessRole, type ApiKeyScope, accessRoles, apiKeyScopes, type Identity } from '../auth/identity.ts';
import type { Credential } from '../auth/identity-resolver.ts';
import type { Permission } from '../auth/permission-table.ts';
import { createKey } from './other-team.ts';
import type { TestServer } from './test-server.ts';
import { testOwner } from './test-settings.ts';

/** Somebody who walks through everything: a person with an access role, or a key with scopes. */
export interface Walker {
  readonly name: string;
  readonly credential: Credential;
  readonly headers: Readonly<Record<string, string>>;
  readonly identity: Identity;
  /** What the table is read to say, without the code that is tested. */
  readonly may: (permission: Permission) => boolean;
}

/** Combinations of scopes that matter, beside every scope alone. */
const combinations: readonly (readonly ApiKeyScope[])[] = [
  ['READ', 'RUN'],
  ['READ', 'RUN', 'MANAGE'],
  ['READ_WORK', 'RUN_WORK'],
  ['READ_TEAM', 'RUN_TEAM', 'MANAGE_TEAM'],
  ['READ', 'RUN', 'MANAGE_GUARDRAILS'],
];

const levelsOf: Readonly<Record<AccessRole, readonly string[]>> = {
  OWNER: ['READ', 'RUN', 'MANAGE'],
  ADMIN: ['READ', 'RUN', 'MANAGE'],
  DEVELOPER: ['READ', 'RUN'],
  VIEWER: ['READ'],
};

/** A member for each access role, signed in, and a key for each scope and for the combinations that matter. */
export async function createWalkers(server: TestServer, teamId: string): Promise<readonly Walker[]> {
  const { userId } = await server.services.prisma.member.findFirstOrThrow({ where: { teamId, role: 'owner' } });
  const people: Walker[] = [];
  for (const role of accessRoles) people.push(await createPerson(server, teamId, role));
  const keys: Walker[] = [];
  for (const scopes of [...apiKeyScopes.map((scope) => [scope]), ...combinations]) {
    keys.push(await createKeyWalker(server, { teamId, userId }, scopes));
  }
  return [...people, ...keys];
}

async function createPerson(server: TestServer, teamId: string, role: AccessRole): Promise<Walker> {
  const { prisma, ids, identities } = server.services;
  const email = `${role.toLowerCase()}@walk.test`;
  const user = await prisma.user.create({ data: { id: ids.next('usr'), name: `The ${role}`, email } });
  const known = await prisma.account.findFirstOrThrow({ where: { user: { email: testOwner.email } } });
  // The same password as the owner's, so that no walk waits for its hash.
  await prisma.account.create({ data: { ...known, id: ids.next('acc'), userId: user.id, accountId: user.id } });
  await prisma.member.create({ data: { id: ids.next('mem'), teamId, userId: user.id, role: role.toLowerCase() } });
  const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ email, password: testOwner.password }),
  });
  if (!response.ok) throw new Error(`The ${role} could not sign in: ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const credential = { kind: 'session', cookie } as const;
  const identity = await identities.resolve(credential);
  if (!identity) throw new Error(`The session of the ${role} is no identity.`);
  const may = (permission: Permission) =>
    permission === 'ANYONE' ||
    permission === 'PERSON' ||
    (permission === 'OWNER' ? role === 'OWNER' : levelsOf[role].includes(permission.split(' ')[0] ?? ''));
  return { name: `session of ${role}`, credential, headers: { cookie, origin: server.url }, identity, may };
}

async function createKeyWalker(
  server: TestServer,
  owner: { readonly teamId: string; readonly userId: string },
  scopes: readonly ApiKeyScope[],
): Promise<Walker> {
  const { key } = await createKey(server.services, owner, scopes);
  const credential = { kind: 'api-key', key } as const;
  const identity = await server.services.identities.resolve(credential);
  if (!identity) throw new Error('The key is no identity.');
  const may = (permission: Permission) => {
    if (permission === 'ANYONE') return true;
    const [level, area] = permission.split(' ');
    return scopes.some((scope) => scope === level || scope === `${level}_${area}`);
  };
  const headers = { authorization: `Bearer ${key}` };
  return { name: `key of ${scopes.join(' + ')}`, credential, headers, identity, may };
}
