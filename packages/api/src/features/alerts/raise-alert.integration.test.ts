import { verifyWebhook } from '@switchyard/core/guardrails';
import { describe, expect, test } from 'vitest';
import {
  clock,
  database,
  draft,
  hour,
  log,
  makeChannel,
  makeTeam,
  openDesk,
  readDeliveries,
  readDelivery,
  secret,
  setAlertStage,
  target,
  teamId,
  work,
} from '../../testing/alert-stage.ts';

setAlertStage();

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
    const later = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).raise(same)));
    expect(later.filter(({ reason }) => reason === 'again')).toHaveLength(1);
    expect(later.filter(({ reason }) => reason === 'known')).toHaveLength(19);
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

describe('what is reported on the way', () => {
  test('costs one write in ten seconds, however often it is reported, and its end and next beginning are told', async () => {
    let writes = 0;
    const prisma = new Proxy(database.prisma, {
      get: (whole, name) => {
        if (name === '$transaction') writes += 1;
        return Reflect.get(whole, name);
      },
    });
    const desk = openDesk({ prisma });
    const same = draft();
    for (let call = 0; call < 500; call += 1) desk.report(same);
    await desk.tick();
    for (let call = 0; call < 500; call += 1) desk.report(same);
    await desk.tick();
    expect(writes).toBe(1);
    desk.report({ ...same, status: 'resolved' });
    await desk.tick();
    desk.report(same);
    await desk.tick();
    const told = await database.prisma.alert.findMany({ where: { teamId }, orderBy: { seq: 'asc' } });
    expect(told.map(({ status }) => status)).toEqual(['firing', 'resolved', 'firing']);
    const writesBefore = writes;
    clock.advance(10_000);
    desk.report(same);
    await desk.tick();
    expect(writes).toBe(writesBefore + 1);
  });

  test('for a team that is gone, or with a time that is none, holds up nothing', async () => {
    const desk = openDesk();
    desk.report(draft({ teamId: 'team_gone' }));
    desk.report(draft({ atMs: Number.NaN }));
    desk.report(draft({ title: 'sound' }));
    await desk.tick();
    const told = await database.prisma.alert.findMany({ where: { teamId } });
    expect(told.map(({ title }) => title)).toEqual(['sound']);
    expect(log.text).toContain('an alert was dropped');
  });

  test('is kept while the database is away', async () => {
    let isAway = true;
    const prisma = new Proxy(database.prisma, {
      get: (whole, name) =>
        isAway && name === '$transaction' ? () => Promise.reject(new Error('away')) : Reflect.get(whole, name),
    });
    const desk = openDesk({ prisma });
    const [first, second] = [draft(), draft()];
    desk.report(first);
    desk.report(second);
    await expect(desk.tick()).rejects.toThrow('away');
    isAway = false;
    await desk.tick();
    const told = await database.prisma.alert.findMany({ where: { teamId }, orderBy: { seq: 'asc' } });
    expect(told.map(({ dedupeKey }) => dedupeKey)).toEqual([first.dedupeKey, second.dedupeKey]);
  });
});

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
