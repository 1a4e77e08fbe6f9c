import type { LookupAddress } from 'node:dns';
import { describe, expect, inject, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import {
  clock,
  database,
  draft,
  makeChannel,
  minute,
  onServer,
  openDesk,
  readDelivery,
  setAlertStage,
  target,
  work,
} from '../../testing/alert-stage.ts';
import type { AlertDesk, AlertDeskParts } from './alert-desk.ts';
import { DeliveryRepository } from './delivery.repository.ts';

setAlertStage();

describe('addresses that alerts must not be sent to', () => {
  const resolve =
    (...addresses: string[]): AlertDeskParts['lookupAll'] =>
    (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  test.each([
    ['http://127.0.0.1/', false, undefined],
    ['http://[::ffff:127.0.0.1]/', true, undefined],
    ['http://169.254.169.254/latest', true, undefined],
    ['http://rebound.example/', true, resolve('169.254.169.254')],
    ['http://rebound.example/', false, resolve('10.1.2.3')],
    ['http://rebound.example/', false, resolve('93.184.216.34', '127.0.0.1')],
    ['http://rebound.example/', true, resolve('fe80::1')],
  ])('%s, private ones allowed: %s', async (url, allowsPrivateNetworks, lookupAll) => {
    const settings = { alertWebhooks: [], allowsPrivateNetworks };
    const desk = openDesk({ settings, ...(lookupAll && { lookupAll }) });
    await makeChannel(desk, { url });
    await desk.raise(draft());
    await work(desk);
    const [attempt] = (await readDelivery()).tries;
    expect(attempt?.error).toMatch(/not a public internet address|never allowed/);
    expect(attempt?.error).not.toMatch(/10\.1\.2\.3|127\.0\.0\.1|fe80/);
    expect(target.received).toEqual([]);
  });
});

describe('processes', () => {
  test('that send at the same time send nothing twice', async () => {
    const many = [openDesk(), openDesk(), openDesk()];
    for (let alert = 0; alert < 4; alert += 1) await makeChannel(many[0] as AlertDesk);
    for (let alert = 0; alert < 10; alert += 1) {
      await database.prisma.$transaction((tx) => (many[0] as AlertDesk).raiseWithin(tx, draft()));
    }
    await Promise.all(many.map(work));
    const ids = target.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
  });

  test('that die between taking a message and sending it are replaced after a minute, under the same id', async () => {
    const desk = openDesk();
    await makeChannel(desk);
    await database.prisma.$transaction((tx) => desk.raiseWithin(tx, draft()));
    const dead = new DeliveryRepository(database.prisma, 'srv_dead');
    const [due] = await dead.findDue(clock.nowMs(), 2, { teamIds: [], channels: [] });
    const claimed = due && (await dead.claim(due, clock.nowMs()));
    expect(claimed).toMatchObject({ attempt: 1 });
    clock.advance(minute - 1);
    await work(desk);
    expect(target.received).toEqual([]);
    clock.advance(1);
    await work(desk);
    expect(target.received.map(({ headers }) => headers['webhook-id'])).toEqual([due?.id]);
    expect(await readDelivery()).toMatchObject({
      state: 'delivered',
      attempts: 2,
      tries: [
        { attempt: 1, error: expect.stringContaining('may have arrived') },
        { attempt: 2, error: null },
      ],
    });
    // The dead one comes back with its late answer: it changes nothing.
    const isOurs = claimed && (await dead.release(claimed, { state: 'failed' }, clock.nowMs()));
    expect(isOurs).toBe(false);
    expect(await readDelivery()).toMatchObject({ state: 'delivered' });
  });

  test('that stop give back what they were sending', async () => {
    const [leaving, staying] = [openDesk(), openDesk()];
    await makeChannel(leaving);
    target.answer = () => {};
    await leaving.raise(draft());
    await expect.poll(() => target.received.length).toBe(1);
    await leaving.stop(0);
    target.answer = undefined;
    await work(staying);
    expect(target.received).toHaveLength(2);
    expect(await readDelivery()).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  test('whose database goes away for a moment note the answer later instead of sending twice', async () => {
    let isAway = false;
    const prisma = new Proxy(database.prisma, {
      get: (whole, name) => {
        const value = Reflect.get(whole, name);
        if (!isAway || typeof name !== 'string' || !/^(\$transaction|\$queryRaw)$/.test(name)) return value;
        return () => Promise.reject(new Error('the database is away'));
      },
    }) as PrismaClient;
    const desk = openDesk({ prisma });
    await makeChannel(desk);
    target.answer = (response) => {
      isAway = true;
      response.end('ok');
    };
    await desk.raise(draft());
    await expect.poll(() => target.received.length).toBe(1);
    await clock.advanceAsync(5_000);
    await expect(desk.worker.pump()).rejects.toThrow('away');
    isAway = false;
    await expect
      .poll(async () => {
        await clock.advanceAsync(2_000);
        return (await readDelivery()).state;
      })
      .toBe('delivered');
    clock.advance(2 * minute);
    await work(desk);
    expect(target.received).toHaveLength(1);
  });
});

// The embedded database lives in the process and cannot go away.
test.runIf(inject('testDatabaseUrl') !== '')(
  'a database that goes away loses no alert, and needs no restart',
  async () => {
    const desk = openDesk();
    await makeChannel(desk);
    await database.prisma.$transaction((tx) => desk.raiseWithin(tx, draft()));
    await onServer?.outage.begin();
    await expect(desk.worker.pump()).rejects.toThrow();
    await expect(desk.raise(draft())).rejects.toThrow();
    await onServer?.outage.end();
    await expect
      .poll(() =>
        work(desk)
          .then(() => target.received.length)
          .catch(() => 0),
      )
      .toBe(1);
  },
);
