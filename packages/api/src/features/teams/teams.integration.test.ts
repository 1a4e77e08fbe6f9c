import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { hashOneTimeToken } from '../../auth/one-time-token.ts';
import { createKey } from '../../testing/other-team.ts';
import { TestBrowser } from '../../testing/test-browser.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { testOwner } from '../../testing/test-settings.ts';
import { purgeDeletedTeams } from './purge-deleted-teams.ts';

const password = 'plain words of a river';

let server: TestServer;
let owner: TestBrowser;
beforeAll(async () => {
  server = await startTestServer();
  owner = new TestBrowser(server);
  expect((await owner.signIn(testOwner.email, testOwner.password)).status).toBe(200);
});
afterAll(() => server.stop());

const invite = async (email: string, accessRole: string, by: TestBrowser = owner) => {
  const made = await by.change(
    'inviteMember',
    { email, accessRole },
    '... on InvitationSuccess { link invitation { id } }',
  );
  return { ...made, token: new URL(made.link ?? 'http://none/').searchParams.get('token') ?? '' };
};

/** A new person in the team that `by` looks at, signed in. */
const join = async (name: string, accessRole: string, by: TestBrowser = owner) => {
  const email = `${name.toLowerCase()}@people.test`;
  const { token } = await invite(email, accessRole, by);
  const browser = new TestBrowser(server);
  expect((await browser.auth('accept-invitation', { token, name, password })).status).toBe(200);
  const { viewer } = (await browser.graph('{ viewer { member { id } } }')).data;
  return { browser, email, memberId: viewer.member.id as string };
};

const members = async (by: TestBrowser = owner) =>
  (await by.graph('{ viewer { team { members { id accessRole isYou user { email } } } } }')).data.viewer.team.members;

describe('invitations', () => {
  test('a link makes a new person a member once, with the access role it names', async () => {
    const { token } = await invite('dora@people.test', 'DEVELOPER');
    const dora = new TestBrowser(server);
    expect((await dora.auth(`invitation?token=${token}`)).body).toMatchObject({
      email: 'dora@people.test',
      accessRole: 'DEVELOPER',
      hasAccount: false,
      state: 'PENDING',
    });
    expect((await dora.auth('accept-invitation', { token, name: 'Dora', password: 'password1' })).body).toMatchObject({
      code: 'PASSWORD_WEAK',
    });
    const accepted = await dora.auth('accept-invitation', { token, name: 'Dora', password });
    expect(accepted.body).toMatchObject({ isSignedIn: true });
    expect((await dora.graph('{ viewer { accessRole user { name } } }')).data.viewer).toEqual({
      accessRole: 'DEVELOPER',
      user: { name: 'Dora' },
    });
    const again = await new TestBrowser(server).auth('accept-invitation', { token, name: 'Eve', password });
    expect([again.status, again.body.code]).toEqual([410, 'INVITATION_ACCEPTED']);
  });

  test('two people who use one link at once make one member', async () => {
    const { token } = await invite('race@people.test', 'VIEWER');
    const tries = await Promise.all(
      ['A', 'B', 'C', 'D'].map((name) => new TestBrowser(server).auth('accept-invitation', { token, name, password })),
    );
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(tries.filter(({ status }) => status === 409 || status === 410)).toHaveLength(3);
    expect(
      (await members()).filter((each: { user: { email: string } }) => each.user.email === 'race@people.test'),
    ).toHaveLength(1);
  });

  test('only the hash of the token is kept; a renewed, revoked or old link tells what to do', async () => {
    const { prisma } = server.services;
    const first = await invite('links@people.test', 'VIEWER');
    const rows = await prisma.$queryRaw<{ text: string }[]>`SELECT t::text AS text FROM "invitation" t`;
    expect(rows.some(({ text }) => text.includes(first.token))).toBe(false);
    expect((await owner.change('inviteMember', { email: 'Links@people.test', accessRole: 'VIEWER' })).code).toBe(
      'TEAMS.INVITED_ALREADY',
    );
    const { id } = first.invitation;
    const renewed = await owner.change('renewInvitation', { invitationId: id }, '... on InvitationSuccess { link }');
    const anyone = new TestBrowser(server);
    expect((await anyone.auth(`invitation?token=${first.token}`)).status).toBe(404);
    const token = new URL(renewed.link).searchParams.get('token') ?? '';
    await prisma.invitation.update({ where: { tokenHash: hashOneTimeToken(token) }, data: { expiresAt: new Date(0) } });
    const late = await anyone.auth('accept-invitation', { token, name: 'x', password });
    expect(late.body.message).toContain('renew');
    expect((await owner.change('revokeInvitation', { invitationId: id })).__typename).toBe('RevokeInvitationSuccess');
    expect((await anyone.auth('accept-invitation', { token, name: 'x', password })).body.code).toBe(
      'INVITATION_REVOKED',
    );
  });

  test('nobody invites to more than they are, and viewers nobody', async () => {
    const admin = await join('Adam', 'ADMIN');
    expect(
      (await admin.browser.change('inviteMember', { email: 'o@people.test', accessRole: 'OWNER' })).__typename,
    ).toBe('ForbiddenError');
    const { token } = await invite('later@people.test', 'ADMIN', admin.browser);
    await owner.change('changeMemberRole', { memberId: admin.memberId, accessRole: 'DEVELOPER' });
    expect((await new TestBrowser(server).auth(`invitation?token=${token}`)).body.state).toBe('REVOKED');
    await owner.change('changeMemberRole', { memberId: admin.memberId, accessRole: 'ADMIN' });
    const viewer = await join('Vera', 'VIEWER', admin.browser);
    expect(
      (await viewer.browser.change('inviteMember', { email: 'o@people.test', accessRole: 'VIEWER' })).__typename,
    ).toBe('ForbiddenError');
  });

  test('a signed-in person accepts for their own address alone, and looks at the new team', async () => {
    const person = await join('Sigrid', 'VIEWER');
    await owner.change('createTeam', { name: 'Second' });
    const { token } = await invite(person.email, 'ADMIN');
    const other = await join('Otto', 'VIEWER');
    expect((await other.browser.auth('accept-invitation', { token })).body.code).toBe('INVITATION_OTHER_PERSON');
    const stranger = new TestBrowser(server);
    expect((await stranger.auth('accept-invitation', { token, name: 'x', password })).body.code).toBe('SIGN_IN_FIRST');
    expect((await person.browser.auth('accept-invitation', { token })).body).toMatchObject({ teamName: 'Second' });
    const { viewer } = (
      await person.browser.graph('{ viewer { accessRole team { name } teams { isCurrent team { id name } } } }')
    ).data;
    expect(viewer).toMatchObject({ accessRole: 'ADMIN', team: { name: 'Second' } });
    const first = viewer.teams.find((each: { isCurrent: boolean }) => !each.isCurrent);
    expect((await person.browser.change('switchTeam', { teamId: first.team.id })).__typename).toBe('SwitchTeamSuccess');
    expect((await person.browser.graph('{ viewer { accessRole } }')).data.viewer.accessRole).toBe('VIEWER');
    const back = (await owner.graph('{ viewer { teams { isCurrent team { id } } } }')).data.viewer.teams;
    await owner.change('switchTeam', { teamId: back[0].team.id });
  });
});

describe('members', () => {
  test('owners who demote each other at the same moment leave one owner', async () => {
    await owner.change('createTeam', { name: 'Duel' });
    const second = await join('Olga', 'OWNER');
    for (let round = 0; round < 5; round += 1) {
      const list = await members();
      const idOf = (isYou: boolean) => list.find((each: { isYou: boolean }) => each.isYou === isYou).id;
      const results = await Promise.all([
        owner.change('changeMemberRole', { memberId: idOf(false), accessRole: 'ADMIN' }),
        second.browser.change('changeMemberRole', { memberId: idOf(true), accessRole: 'ADMIN' }),
      ]);
      expect(results.filter((each) => each.__typename === 'ChangeMemberRoleSuccess')).toHaveLength(1);
      const left = (await members()).filter((each: { accessRole: string }) => each.accessRole === 'OWNER');
      expect(left).toHaveLength(1);
      const winner = left[0].isYou ? owner : second.browser;
      const demoted = (await members()).find((each: { accessRole: string }) => each.accessRole === 'ADMIN').id;
      await winner.change('changeMemberRole', { memberId: demoted, accessRole: 'OWNER' });
    }
    const mine = (await members()).find((each: { isYou: boolean }) => each.isYou).id;
    const [left, demoted] = await Promise.all([
      owner.graph('mutation { leaveTeam { __typename ... on UserError { code } } }'),
      second.browser.change('changeMemberRole', { memberId: mine, accessRole: 'VIEWER' }),
    ]);
    const done = [
      left.data.leaveTeam.__typename === 'LeaveTeamSuccess',
      demoted.__typename === 'ChangeMemberRoleSuccess',
    ];
    expect(done).toContain(true);
    const { teamId } = await server.services.prisma.member.findFirstOrThrow({
      where: { user: { email: second.email } },
    });
    expect(await server.services.prisma.member.count({ where: { teamId, role: 'owner' } })).toBeGreaterThan(0);
    const { teams } = (await owner.graph('{ viewer { teams { team { id } } } }')).data.viewer;
    await owner.change('switchTeam', { teamId: teams[0].team.id });
  });

  test('the last owner stays; admins do not touch owners; an owner hands the team over', async () => {
    await owner.change('createTeam', { name: 'Handover' });
    const admin = await join('Ada', 'ADMIN');
    const ownerId = (await members()).find((each: { isYou: boolean }) => each.isYou).id;
    for (const [name, input] of [
      ['changeMemberRole', { memberId: ownerId, accessRole: 'VIEWER' }],
      ['changeMemberRole', { memberId: admin.memberId, accessRole: 'OWNER' }],
      ['removeMember', { memberId: ownerId }],
    ] as const) {
      expect((await admin.browser.change(name, input)).__typename, name).toBe('ForbiddenError');
    }
    expect((await owner.change('changeMemberRole', { memberId: ownerId, accessRole: 'VIEWER' })).code).toBe(
      'TEAMS.LAST_OWNER',
    );
    expect((await owner.graph('mutation { leaveTeam { ... on UserError { code } } }')).data.leaveTeam.code).toBe(
      'TEAMS.LAST_OWNER',
    );
    expect((await owner.change('transferOwnership', { memberId: admin.memberId })).__typename).toBe(
      'TransferOwnershipSuccess',
    );
    expect((await members()).map((each: { accessRole: string }) => each.accessRole)).toEqual(['ADMIN', 'OWNER']);
    const { teams } = (await owner.graph('{ viewer { teams { team { id } } } }')).data.viewer;
    await owner.change('switchTeam', { teamId: teams[0].team.id });
  });

  test('who is removed is out at once, with open streams, and their keys end when that is wanted', async () => {
    const { prisma } = server.services;
    const gone = await join('Gustav', 'DEVELOPER');
    const { teamId, userId } = await prisma.member.findFirstOrThrow({ where: { user: { email: gone.email } } });
    const { key } = await createKey(server.services, { teamId, userId }, ['READ']);
    const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws', {
      headers: { cookie: gone.browser.cookie, origin: server.url },
    });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise<void>((resolve) => {
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('message', () => resolve());
    });
    const removed = await owner.change(
      'removeMember',
      { memberId: gone.memberId, keys: 'REVOKE' },
      '... on RemoveMemberSuccess { apiKeys { revokedAt } }',
    );
    expect(removed.apiKeys).toEqual([{ revokedAt: expect.any(String) }]);
    expect((await gone.browser.graph('{ viewer { accessRole } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect([4401, 4403]).toContain(await closed);
    const byKey = await fetch(server.graphUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: '{"query":"{ __typename }"}',
    });
    expect(byKey.status).toBe(401);
    const signIn = await new TestBrowser(server).signIn(gone.email, password);
    expect([signIn.status, signIn.body.code]).toEqual([403, 'NO_TEAM']);
  });
});

test('a deleted team leaves no row in any table but its audit log', async () => {
  const { prisma } = server.services;
  await owner.change('createTeam', { name: 'Doomed' });
  const { teams } = (await owner.graph('{ viewer { teams { isCurrent team { id } } } }')).data.viewer;
  const globalId = teams.find((each: { isCurrent: boolean }) => each.isCurrent).team.id;
  const teamId = Buffer.from(globalId, 'base64').toString().slice('Team:'.length);
  const helper = await join('Hannah', 'ADMIN');
  const models = ['openai/gpt-4o-mini', 'openai/gpt-4o'];
  const started = await owner.change(
    'startComparison',
    { prompt: 'x', models },
    '... on StartComparisonSuccess { comparison { id } }',
  );
  expect(started.__typename).toBe('StartComparisonSuccess');
  await expect.poll(() => prisma.comparison.count({ where: { teamId, state: 'RUNNING' } })).toBe(0);
  await createKey(server.services, { teamId }, ['READ']);
  await invite('late@people.test', 'VIEWER');
  expect((await helper.browser.change('deleteTeam', { confirmName: 'Doomed' })).__typename).toBe('ForbiddenError');
  expect((await owner.change('deleteTeam', { confirmName: 'doomed' })).__typename).toBe('ValidationError');
  server.simulator.control.addFault({ kind: 'silent' });
  await owner.change('startComparison', { prompt: 'x', models });
  expect((await owner.change('deleteTeam', { confirmName: 'Doomed' })).code).toBe('TEAMS.RUNS_OPEN');
  expect(await owner.change('deleteTeam', { confirmName: 'Doomed', stopsRuns: true })).toMatchObject({
    __typename: 'DeleteTeamSuccess',
  });
  server.simulator.control.reset();
  expect((await owner.graph('{ viewer { team { name } } }')).data.viewer.team.name).not.toBe('Doomed');
  await server.services.metrics.rollups.tick();
  await expect
    .poll(async () => {
      // Calls that were cut off are written a moment later: the team's own row waits for them.
      await purgeDeletedTeams(server.services);
      const tables = await prisma.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name IN ('teamId', 'activeTeamId')
        AND table_name NOT IN ('audit_entry', 'audit_head')`;
      const left: string[] = [];
      for (const { name } of tables) {
        const rows = await prisma.$queryRawUnsafe<{ text: string }[]>(`SELECT t::text AS text FROM "${name}" t`);
        if (rows.some(({ text }) => text.includes(teamId))) left.push(name);
      }
      return left;
    })
    .toEqual([]);
  await purgeDeletedTeams(server.services, 0);
  expect(await prisma.team.count({ where: { id: teamId } })).toBe(0);
}, 60_000);
