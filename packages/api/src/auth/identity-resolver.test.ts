import { FakeClock } from '@switchyard/core/testing';
import { expect, test } from 'vitest';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Auth } from './auth.ts';
import { IdentityResolver } from './identity-resolver.ts';

const credential = { kind: 'api-key', key: 'sk-test' } as const;
const row = { id: 'key_1', teamId: 'team_1', scopes: ['RUN'], revokedAt: null, expiresAt: null, createdById: null };

/** A database whose answers come when the test says so. */
function setUp() {
  const clock = new FakeClock();
  const asked: { answer: (found: object | null) => void; fail: () => void }[] = [];
  const findUnique = () =>
    new Promise((resolve, reject) => {
      asked.push({ answer: resolve, fail: () => reject(new Error('The database is away.')) });
    });
  const prisma = { apiKey: { findUnique } } as unknown as PrismaClient;
  const resolver = new IdentityResolver(prisma, {} as Auth, clock);
  /** The team, `nobody`, or `waits` when the answer is not there yet. */
  const resolve = () =>
    Promise.race([
      resolver.resolve(credential).then((identity) => identity?.teamId ?? 'nobody'),
      new Promise<string>((done) => setImmediate(() => done('waits'))),
    ]);
  return { clock, asked, resolver, resolve };
}

async function settle(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}

async function setUpKnown() {
  const world = setUp();
  const first = world.resolver.resolve(credential);
  world.asked[0]!.answer(row);
  await first;
  return world;
}

test('steady traffic never waits for the database: a newer answer is asked for beside the requests, once', async () => {
  const { clock, asked, resolve } = await setUpKnown();
  for (let step = 0; step < 20; step += 1) {
    clock.advance(300);
    expect(await resolve()).toBe('team_1');
    expect(await resolve()).toBe('team_1');
    if (asked.length > 1) asked.at(-1)!.answer(row);
    await settle();
  }
  expect(asked.length).toBe(11);
});

test('no answer is trusted for more than a second, however the newer one is late or missing', async () => {
  const { clock, asked, resolve } = await setUpKnown();
  clock.advance(900);
  expect(await resolve()).toBe('team_1');
  expect(asked.length).toBe(2);
  asked[1]!.fail();
  await settle();
  clock.advance(100);
  expect(await resolve()).toBe('waits');
});

test('a revocation is seen by the newer answer', async () => {
  const { clock, asked, resolve } = await setUpKnown();
  clock.advance(500);
  await resolve();
  asked[1]!.answer({ ...row, revokedAt: new Date() });
  await settle();
  expect(await resolve()).toBe('nobody');
});

test('what was forgotten is not put back by an answer that was under way', async () => {
  const { clock, asked, resolver, resolve } = await setUpKnown();
  clock.advance(500);
  await resolve();
  resolver.invalidate();
  asked[1]!.answer(row);
  await settle();
  expect(await resolve()).toBe('waits');
  expect(asked.length).toBe(3);
});
