import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { claimFirstOwner, needsFirstOwner, undoUnfinishedFirstOwner } from './first-owner.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ isFresh: true, isWithoutSimulator: true });
});
afterEach(async () => {
  const { prisma } = server.services;
  await prisma.team.deleteMany();
  await prisma.user.deleteMany();
  await prisma.installationSetting.deleteMany();
});
afterAll(() => server.stop());

const signUp = (index: number) =>
  fetch(`${server.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({
      name: `Person ${index}`,
      email: `p${index}@switchyard.test`,
      password: 'long enough password',
    }),
  });
const setup = async () => (await (await fetch(`${server.url}/api/auth/setup`)).json()).needsOwner;

// Fewer than the sign-ups that one address may make in a minute, which other tests of the process make too.
test('of six first sign-ups at once exactly one becomes the owner, with a team', async () => {
  expect(await setup()).toBe(true);
  const responses = await Promise.all(Array.from({ length: 6 }, (_, index) => signUp(index)));
  expect(responses.map((response) => response.status).sort()).toEqual([200, ...Array(5).fill(403)]);
  const { prisma } = server.services;
  expect([await prisma.user.count(), await prisma.team.count(), await setup()]).toEqual([1, 1, false]);
  expect(await prisma.member.findFirst()).toMatchObject({ role: 'owner' });
});

test('a sign-up that is refused for its input leaves the place free', async () => {
  const { auth } = server.services;
  const body = { name: 'x', email: 'x@switchyard.test', password: 'short' };
  await expect(auth.api.signUpEmail({ body })).rejects.toThrow(/at least 8/i);
  await auth.api.signUpEmail({ body: { ...body, password: 'long enough password' } });
  expect(await setup()).toBe(false);
});

test('a sign-up whose process died half way is undone at the next start', async () => {
  const { prisma, clock } = server.services;
  expect(await claimFirstOwner(prisma, clock)).toBe(true);
  await prisma.user.create({ data: { id: 'usr_half', name: 'Half', email: 'half@switchyard.test' } });
  expect([await needsFirstOwner(prisma), await claimFirstOwner(prisma, clock)]).toEqual([true, false]);
  await undoUnfinishedFirstOwner(prisma, clock, false);
  expect(await prisma.user.count()).toBe(1);
  await undoUnfinishedFirstOwner(prisma, clock, true);
  expect([await prisma.user.count(), await claimFirstOwner(prisma, clock)]).toEqual([0, true]);
});
