import type { LookupAddress } from 'node:dns';
import { setTimeout as delay } from 'node:timers/promises';
import { verifyWebhook } from '@switchyard/core/guardrails';
import { createSeededRandom } from '@switchyard/core/kernel';
import { systemIds } from '@switchyard/core/kernel/system';
import { FakeClock } from '@switchyard/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Database, openDatabase } from '../../persistence/database.ts';
import { RecordingLog } from '../../testing/recording-log.ts';
import { createTestDatabase } from '../../testing/test-database.ts';
import { startWebhookTarget, type WebhookTarget } from '../../testing/webhook-target.ts';
import { CredentialVault } from '../providers/credential-vault.ts';
import { AlertDesk, type AlertDeskParts } from './alert-desk.ts';
import { DeliveryRepository } from './delivery.repository.ts';
import type { AlertDraft } from './raise-alert.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const minute = 60_000;
const hour = 60 * minute;
const vault = new CredentialVault('a secret of the installation, for tests only');

let database: Database;
let target: WebhookTarget;
let clock: FakeClock;
let log: RecordingLog;
let teamId: string;
const desks: AlertDesk[] = [];

let onServer: Awaited<ReturnType<typeof createTestDatabase>> | undefined;
beforeAll(async () => {
  const serverUrl = inject('testDatabaseUrl');
  onServer = serverUrl === '' ? undefined : await createTestDatabase(serverUrl);
  database = await openDatabase(onServer ? { kind: 'server', url: onServer.url } : { kind: 'memory' });
});
afterAll(async () => {
  await database.close();
  await onServer?.drop();
});
beforeEach(async () => {
  target = await startWebhookTarget();
  clock = new FakeClock();
  log = new RecordingLog();
  teamId = await makeTeam();
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.stop(0);
  await target.stop();
  await database.prisma.team.deleteMany();
  await database.prisma.alertCondition.deleteMany();
});

async function makeTeam(): Promise<string> {
  const id = systemIds.next('team');
  await database.prisma.team.create({ data: { id, name: `Team ${id}`, slug: id } });
  return id;
}

/** What one server process has. */
function openDesk(parts: Partial<AlertDeskParts> = {}): AlertDesk {
  const desk = new AlertDesk({
    prisma: database.prisma,
    vault,
    clock,
    ids: systemIds,
    random: createSeededRandom(7),
    log,
    instanceId: systemIds.next('srv'),
    settings: { alertWebhooks: [], allowsPrivateNetworks: true, publicUrl: 'https://switchyard.example' },
    ...parts,
  });
  desks.push(desk);
  return desk;
}

async function makeChannel(
  desk: AlertDesk,
  values: { url?: string; type?: string; kinds?: string[]; teamId?: string } = {},
): Promise<string> {
  const row = { id: systemIds.next('ach'), teamId: values.teamId ?? teamId };
  const type = values.type ?? 'webhook';
  const sealed = desk.channels.seal(row, values.url ?? `${target.url}/hook`, type === 'webhook' ? secret : null);
  await desk.channels.create({ ...row, ...sealed, name: 'On call', type, kinds: values.kinds ?? [] });
  return row.id;
}

let count = 0;
const draft = (values: Partial<AlertDraft> = {}): AlertDraft => ({
  teamId,
  kind: 'budget.threshold',
  severity: 'warning',
  status: 'firing',
  origin: 'live',
  title: '80 % of the budget is used',
  message: 'Look at it.',
  link: '/guardrails',
  facts: [{ name: 'spentUsd', label: 'Spent', value: '8' }],
  dedupeKey: `key ${++count}`,
  atMs: clock.nowMs(),
  ...values,
});

/** Lets the process do all that is due now. */
async function work(desk: AlertDesk): Promise<void> {
  await desk.worker.pump();
  await desk.worker.settle();
}

const readDeliveries = () =>
  database.prisma.alertDelivery.findMany({
    orderBy: { id: 'asc' },
    include: { tries: { orderBy: { attempt: 'asc' } } },
  });
const readDelivery = async () => {
  const [delivery] = await readDeliveries();
  if (!delivery) throw new Error('Nothing was to be delivered.');
  return delivery;
};

describe('an alert', () => {
  test('reaches every channel that wants its kind, in the form that each understands', async () => {
    const desk = openDesk();
    await makeChannel(desk, { url: `${target.url}/plain` });
    await makeChannel(desk, { url: `${target.url}/slack`, type: 'slack', kinds: ['budget.threshold'] });
    await makeChannel(desk, { url: `${target.url}/teams`, type: 'teams' });
    await makeChannel(desk, { url: `${target.url}/other`, kinds: ['provider.down'] });
    await makeChannel(desk, { url: `${target.url}/stranger`, teamId: await makeTeam() });
    await desk.raise(draft());
    await work(desk);
    const bodies = Object.fromEntries(target.received.map(({ path, body }) => [path, JSON.parse(body)]));
    expect(Object.keys(bodies).sort()).toEqual(['/plain', '/slack', '/teams']);
    expect(bodies['/plain']).toMatchObject({
      type: 'budget.threshold',
      data: { teamId, url: 'https://switchyard.example/guardrails', facts: { spentUsd: '8' } },
    });
    expect(bodies['/slack'].blocks[0].text.text).toBe('Warning: 80 % of the budget is used');
    expect(bodies['/teams'].attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
    for (const delivery of await readDeliveries()) {
      expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, tries: [{ httpStatus: 200, error: null }] });
    }
  });

  test('is signed for plain webhooks so that the receiver can tell it from others', async () => {
    const desk = openDesk();
    await makeChannel(desk);
    await desk.raise(draft());
    await work(desk);
    const [{ headers, body } = { headers: {}, body: '' }] = target.received;
    const given = headers as Record<string, string>;
    expect(verifyWebhook(secret, given, body, clock.nowMs())).toBe(true);
    expect(verifyWebhook(secret, given, body.replace('80 %', '10 %'), clock.nowMs())).toBe(false);
    expect(given['webhook-id']).toBe((await readDelivery()).id);
  });

  test('is told once, however many processes raise it at the same time', async () => {
    const [one, two] = [openDesk(), openDesk()];
    await makeChannel(one);
    const same = draft();
    const raised = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).raise(same)));
    expect(raised.filter(({ alert }) => alert)).toHaveLength(1);
    await Promise.all([work(one), work(two)]);
    expect(target.received).toHaveLength(1);
    clock.advance(24 * hour);
    expect((await one.raise(same)).reason).toBe('again');
  });

  test('that is raised in a transaction that fails was never raised', async () => {
    const desk = openDesk();
    await makeChannel(desk);
    const same = draft();
    const failing = database.prisma.$transaction(async (tx) => {
      await desk.raiseWithin(tx, same);
      throw new Error('what brought it about could not be stored');
    });
    await expect(failing).rejects.toThrow('could not be stored');
    expect(await readDeliveries()).toEqual([]);
    expect((await desk.raise(same)).reason).toBe('opened');
  });

  test('is not told while it is muted', async () => {
    const desk = openDesk();
    const same = draft();
    await desk.raise(same);
    expect(await desk.mute(teamId, same.dedupeKey, clock.nowMs() + 48 * hour)).toBe(true);
    clock.advance(30 * hour);
    expect((await desk.raise(same)).reason).toBe('muted');
    clock.advance(20 * hour);
    expect((await desk.raise(same)).reason).toBe('again');
    expect(await desk.mute(await makeTeam(), same.dedupeKey, clock.nowMs() + hour)).toBe(false);
  });

  test('goes to the operator’s channels too, with the name of its team', async () => {
    const settings = {
      alertWebhooks: [{ type: 'webhook' as const, url: `${target.url}/operator` }],
      alertWebhookSecret: secret,
      allowsPrivateNetworks: false,
    };
    const desk = openDesk({ settings });
    await desk.raise(draft());
    await work(desk);
    expect(JSON.parse(target.received[0]?.body ?? '').data).toMatchObject({
      url: null,
      facts: { team: `Team ${teamId}`, spentUsd: '8' },
    });
    expect(await desk.channels.list(teamId)).toMatchObject([{ isReadOnly: true, isSigned: true, origin: target.url }]);
  });
});

describe('a target that fails', () => {
  test('is tried again under the same id, later each time and not before it asks for it', async () => {
    const desk = openDesk();
    await makeChannel(desk);
    const answers: [number, Record<string, string>][] = [
      [500, {}],
      [429, { 'retry-after': '3600' }],
      [200, {}],
    ];
    target.answer = (response) => {
      const [status, headers] = answers.shift() ?? [200, {}];
      response.writeHead(status, headers).end(`answer ${status}`);
    };
    await desk.raise(draft());
    await work(desk);
    expect(await readDelivery()).toMatchObject({ state: 'pending', attempts: 1 });
    clock.advance(11_000);
    await work(desk);
    expect(target.received).toHaveLength(1);
    clock.advance(8_000);
    await work(desk);
    expect(target.received).toHaveLength(2);
    clock.advance(hour - 1);
    await work(desk);
    expect(target.received).toHaveLength(2);
    clock.advance(1);
    await work(desk);
    const delivery = await readDelivery();
    expect(delivery).toMatchObject({
      state: 'delivered',
      attempts: 3,
      tries: [
        {
          attempt: 1,
          httpStatus: 500,
          error: 'The target answered 500 instead of 2xx.',
          responseExcerpt: 'answer 500',
        },
        { attempt: 2, httpStatus: 429 },
        { attempt: 3, httpStatus: 200, error: null },
      ],
    });
    expect(new Set(target.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const times = target.received.map(({ headers }) => headers['webhook-timestamp']);
    expect(new Set(times).size).toBe(3);
    for (const { headers, body } of target.received) {
      const atMs = Number(headers['webhook-timestamp']) * 1000;
      expect(verifyWebhook(secret, headers as Record<string, string>, body, atMs)).toBe(true);
    }
  });

  test('is given up after eight tries, and after three days without success switched off, of which the team is told', async () => {
    const desk = openDesk();
    const channelId = await makeChannel(desk);
    target.answer = (response) => response.writeHead(503).end();
    await desk.raise(draft());
    for (let tries = 0; tries < 40; tries += 1) {
      await work(desk);
      clock.advance(hour);
    }
    expect(await readDelivery()).toMatchObject({ state: 'failed', attempts: 8 });
    expect(target.received).toHaveLength(8);
    expect(await desk.channels.find(teamId, channelId)).toMatchObject({ isEnabled: true });
    clock.advance(33 * hour);
    await desk.raise(draft());
    await work(desk);
    expect(await desk.channels.find(teamId, channelId)).toMatchObject({
      isEnabled: false,
      disabledReason: 'Nothing was taken for three days. The target answered 503 instead of 2xx.',
    });
    const notices = await database.prisma.alert.findMany({ where: { teamId, kind: 'channel.disabled' } });
    expect(notices).toMatchObject([{ title: 'The alert channel "On call" was switched off' }]);
    clock.advance(hour);
    await work(desk);
    const states = (await readDeliveries()).map(({ state }) => state);
    expect(states).toEqual(['failed', 'cancelled']);
    expect(target.received).toHaveLength(9);
  });

  test('is forgiven by one success', async () => {
    const desk = openDesk();
    const channelId = await makeChannel(desk);
    target.answer = (response) => response.writeHead(500).end();
    await desk.raise(draft());
    await work(desk);
    expect(await desk.channels.find(teamId, channelId)).toMatchObject({ failingSinceMs: clock.nowMs() });
    target.answer = undefined;
    clock.advance(minute);
    await work(desk);
    expect(await desk.channels.find(teamId, channelId)).toMatchObject({ failingSinceMs: undefined });
  });

  test('for good (410) is switched off at once', async () => {
    const desk = openDesk();
    const channelId = await makeChannel(desk);
    target.answer = (response) => response.writeHead(410).end();
    await desk.raise(draft());
    await work(desk);
    expect(await desk.channels.find(teamId, channelId)).toMatchObject({ isEnabled: false });
    expect(await readDelivery()).toMatchObject({ state: 'failed', attempts: 1 });
  });

  test('by a redirect is not followed', async () => {
    const inner = await startWebhookTarget();
    const desk = openDesk();
    await makeChannel(desk);
    target.answer = (response) => response.writeHead(307, { location: `${inner.url}/inner` }).end();
    await desk.raise(draft());
    await work(desk);
    await inner.stop();
    expect(inner.received).toEqual([]);
    expect((await readDelivery()).tries[0]?.error).toContain('redirect (307), which is not followed');
  });

  test.each([
    ['says nothing', () => {}],
    [
      'never ends its answer',
      (response: Parameters<NonNullable<WebhookTarget['answer']>>[0]) => response.writeHead(200).write('o'),
    ],
  ] as const)('because it %s is left after ten seconds, and holds up nobody meanwhile', async (_what, answer) => {
    const desk = openDesk();
    const other = await startWebhookTarget();
    const otherTeam = await makeTeam();
    for (let channel = 0; channel < 6; channel += 1) await makeChannel(desk);
    await makeChannel(desk, { teamId: otherTeam, url: other.url });
    target.answer = answer as WebhookTarget['answer'];
    for (let alert = 0; alert < 3; alert += 1) await desk.raise(draft());
    await expect.poll(() => target.received.length).toBe(8);
    expect(desk.worker.activeCount).toBe(8);
    for (let alert = 0; alert < 5; alert += 1) await desk.raise(draft({ teamId: otherTeam }));
    await expect.poll(() => other.received.length).toBe(5);
    await delay(20);
    expect(target.received).toHaveLength(8);
    target.answer = undefined;
    clock.advance(10_000);
    await desk.worker.settle();
    await other.stop();
    expect(target.received).toHaveLength(18);
    const late = (await readDeliveries()).filter(({ tries }) => tries[0]?.error);
    expect(late).toHaveLength(8);
    expect(late[0]?.tries[0]).toMatchObject({ error: 'There was no whole answer within 10 s.', latencyMs: 10_000 });
  });

  test('and echoes what it got gives no secret away, and no more than 500 characters', async () => {
    const desk = openDesk();
    await makeChannel(desk, { url: `${target.url}/services/T0CANARY/B0CANARY9/tok3nCanary?sig=canaryquery77` });
    target.answer = (response, { path }) =>
      response.writeHead(400).end(`no such hook ${path} ${secret} ${secret.slice(6)} ${'x y '.repeat(5_000)}`);
    await desk.raise(draft());
    await work(desk);
    const excerpt = (await readDelivery()).tries[0]?.responseExcerpt ?? '';
    expect(excerpt).toContain('no such hook');
    expect(excerpt).not.toMatch(/canary|MfKQ9r8G/i);
    expect(excerpt.length).toBeLessThanOrEqual(500);
    expect(log.text).not.toMatch(/canary|MfKQ9r8G/i);
  });
});

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

describe('the feed', () => {
  test('gives each team its own alerts, also those of other processes, each once', async () => {
    const [here, there] = [openDesk(), openDesk()];
    const stranger = await makeTeam();
    const mine = await here.feed.subscribe(teamId);
    const theirs = await here.feed.subscribe(stranger);
    await here.raise(draft({ title: 'one' }));
    await database.prisma.$transaction((tx) => there.raiseWithin(tx, draft({ title: 'two' })));
    await there.raise(draft({ teamId: stranger, title: 'foreign' }));
    await clock.advanceAsync(1_000);
    const titles = async (feed: typeof mine, times: number) => {
      const found: string[] = [];
      while (found.length < times) found.push((await feed.next()).value?.title);
      return found;
    };
    expect(await titles(mine, 2)).toEqual(['one', 'two']);
    expect(await titles(theirs, 1)).toEqual(['foreign']);
    const waiting = mine.next();
    await mine.return?.();
    expect(await waiting).toMatchObject({ done: true });
    await theirs.return?.();
    expect(here.feed.subscriberCount).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

test('what is older than 30 days is forgotten, with its deliveries', async () => {
  const desk = openDesk();
  await makeChannel(desk);
  await desk.raise(draft());
  await work(desk);
  clock.advance(29 * 24 * hour);
  await desk.prune();
  expect(await readDeliveries()).toHaveLength(1);
  clock.advance(2 * 24 * hour);
  await desk.prune();
  expect(await readDeliveries()).toEqual([]);
});
