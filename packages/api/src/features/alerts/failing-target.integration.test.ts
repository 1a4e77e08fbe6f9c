import { setTimeout as delay } from 'node:timers/promises';
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
  minute,
  openDesk,
  readDeliveries,
  readDelivery,
  secret,
  setAlertStage,
  target,
  teamId,
  work,
} from '../../testing/alert-stage.ts';
import { startWebhookTarget, type WebhookTarget } from '../../testing/webhook-target.ts';

setAlertStage();

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
