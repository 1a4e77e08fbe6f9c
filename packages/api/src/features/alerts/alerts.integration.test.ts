import { verifyWebhook } from '@switchyard/core/guardrails';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { startWebhookTarget, type WebhookTarget } from '../../testing/webhook-target.ts';
import type { AlertDraft } from './raise-alert.ts';

/** What may be found nowhere once it is stored. */
const canaryPath = '/services/canary-path-0042-of-a-webhook';
const canarySecret = 'whsec_Y2FuYXJ5IHNpZ25pbmcgc2VjcmV0IG51bWJlciA0Mg==';

let server: TestServer;
let target: WebhookTarget;
let operator: WebhookTarget;
let stranger: OtherTeam;
let teamId: string;
/** Everything that the API answered. */
let answered = '';

beforeAll(async () => {
  target = await startWebhookTarget();
  operator = await startWebhookTarget();
  server = await startTestServer({
    environment: {
      SWITCHYARD_ALLOW_PRIVATE_NETWORKS: 'true',
      GUARDRAIL_ALERT_WEBHOOK: `slack+${operator.url}${canaryPath}`,
    },
  });
  stranger = await createTeam(server.services, 'Strangers');
  teamId = (await server.services.prisma.team.findFirstOrThrow({ where: { id: { not: stranger.teamId } } })).id;
});
beforeEach(() => {
  target.received.length = 0;
  target.answer = undefined;
});
afterAll(async () => {
  await server.stop();
  await target.stop();
  await operator.stop();
});

const channelFields = 'id name type targetOrigin kinds isEnabled disabledReason failingSince isSigned isReadOnly';
const results: Readonly<Record<string, string>> = {
  createAlertChannel: `... on CreateAlertChannelSuccess { signingSecret channel { ${channelFields} } }`,
  updateAlertChannel: `... on UpdateAlertChannelSuccess { signingSecret channel { ${channelFields} } }`,
  deleteAlertChannel: '... on DeleteAlertChannelSuccess { channelId }',
  testAlertChannel: '... on TestAlertChannelSuccess { isOk message httpStatus latencyMs responseExcerpt }',
  markNotificationsRead: '... on MarkNotificationsReadSuccess { unreadNotificationCount }',
  muteAlert: '... on MuteAlertSuccess { alert { id } }',
};

/** Carries out one mutation and returns its result, typed errors included. */
async function change(name: string, input: object, key = server.key): Promise<LooseJson> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { __typename ${results[name]}
    ... on UserError { code message path } } }`;
  const answer = await send(server, document, { input }, { key });
  answered += answer.text;
  if (answer.errors) throw new Error(answer.text);
  return answer.data[name];
}

async function query(text: string, variables = {}, key = server.key): Promise<LooseJson> {
  const data = await ask(server, text, variables, { key });
  answered += JSON.stringify(data);
  return data;
}

const make = async (input: object = {}): Promise<LooseJson> => {
  const result = await change('createAlertChannel', {
    name: 'On call',
    type: 'WEBHOOK',
    url: target.url + canaryPath,
    ...input,
  });
  expect(result.__typename).toBe('CreateAlertChannelSuccess');
  return result;
};
const remove = (channelId: string) => change('deleteAlertChannel', { channelId });

let count = 0;
const raise = (values: Partial<AlertDraft> = {}) =>
  server.services.alerts.raise({
    teamId,
    kind: 'budget.breached',
    severity: 'critical',
    status: 'firing',
    origin: 'live',
    title: 'The budget is used up',
    message: 'Calls are refused until midnight.',
    link: '/guardrails',
    facts: [{ name: 'spentUsd', label: 'Spent', value: '10' }],
    dedupeKey: `graph ${++count}`,
    atMs: server.services.clock.nowMs(),
    ...values,
  });

describe('a channel', () => {
  test('is made, tried, changed and deleted', async () => {
    const { channel, signingSecret } = await make({ kinds: ['BUDGET_BREACHED', 'PROVIDER_DOWN'] });
    expect(channel).toMatchObject({
      type: 'WEBHOOK',
      targetOrigin: target.url,
      kinds: ['BUDGET_BREACHED', 'PROVIDER_DOWN'],
      isEnabled: true,
      isSigned: true,
      isReadOnly: false,
    });
    target.answer = (response) => response.writeHead(202).end('taken');
    const report = await change('testAlertChannel', { channelId: channel.id });
    expect(report).toMatchObject({ isOk: true, httpStatus: 202, responseExcerpt: 'taken' });
    const [message] = target.received;
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ type: 'channel.test', data: { title: 'Test message' } });
    const headers = message?.headers as Record<string, string>;
    expect(verifyWebhook(signingSecret, headers, message?.body ?? '', server.services.clock.nowMs())).toBe(true);

    const changed = await change('updateAlertChannel', { channelId: channel.id, name: 'Night', isEnabled: false });
    expect(changed).toMatchObject({
      signingSecret: null,
      channel: { name: 'Night', isEnabled: false, isSigned: true },
    });
    const renewed = await change('updateAlertChannel', { channelId: channel.id, replaceSigningSecret: true });
    expect(renewed.signingSecret).toMatch(/^whsec_/);
    expect(renewed.signingSecret).not.toBe(signingSecret);
    await change('testAlertChannel', { channelId: channel.id });
    const second = target.received[1];
    const given = second?.headers as Record<string, string>;
    const nowMs = server.services.clock.nowMs();
    expect(verifyWebhook(renewed.signingSecret, given, second?.body ?? '', nowMs)).toBe(true);
    expect(verifyWebhook(signingSecret, given, second?.body ?? '', nowMs)).toBe(false);

    expect(await remove(channel.id)).toMatchObject({ channelId: channel.id });
    expect(await remove(channel.id)).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('whose target refuses the test tells why, in the target’s words', async () => {
    const { channel } = await make({ type: 'SLACK' });
    target.answer = (response) => response.writeHead(403).end('invalid_token');
    expect(await change('testAlertChannel', { channelId: channel.id })).toMatchObject({
      isOk: false,
      httpStatus: 403,
      responseExcerpt: 'invalid_token',
      message: 'The target answered 403 instead of 2xx.',
    });
    await remove(channel.id);
  });

  test('that is moved to another host gets a new secret, and only then', async () => {
    const { channel, signingSecret } = await make({ signingSecret: canarySecret });
    expect(signingSecret).toBe(canarySecret);
    answered = answered.replaceAll(canarySecret, '');
    const near = await change('updateAlertChannel', { channelId: channel.id, url: `${target.url}/other-path` });
    expect(near.signingSecret).toBeNull();
    const far = await change('updateAlertChannel', { channelId: channel.id, url: `${operator.url}/far` });
    expect(far).toMatchObject({
      signingSecret: expect.stringMatching(/^whsec_/),
      channel: { targetOrigin: operator.url },
    });
    expect(far.signingSecret).not.toBe(canarySecret);
    await remove(channel.id);
  });

  test.each([
    ['an address of the machine’s metadata', { url: 'http://169.254.169.254/latest/meta-data' }, 'url'],
    ['something that is no URL', { url: 'javascript:alert(1)' }, 'url'],
    ['a URL with a password', { url: 'https://user:secret@hooks.example/x' }, 'url'],
    ['no name', { name: ' ' }, 'name'],
    ['a short secret', { signingSecret: 'whsec_c2hvcnQ=' }, 'signingSecret'],
    ['a secret that Slack would never check', { type: 'SLACK', signingSecret: canarySecret }, 'signingSecret'],
  ])('is not made with %s', async (_what, input, field) => {
    const full = { name: 'x', type: 'WEBHOOK', url: `${target.url}/x`, ...input };
    const result = await change('createAlertChannel', full);
    expect(result).toMatchObject({ __typename: 'ValidationError', path: ['input', field] });
    expect(JSON.stringify(result)).not.toContain('user:secret');
  });

  test('is made once for one idempotency key, and its secret is shown once', async () => {
    const input = { name: 'Once', idempotencyKey: 'the same' };
    const made = await Promise.all(Array.from({ length: 5 }, () => make(input)));
    expect(new Set(made.map(({ channel }) => channel.id)).size).toBe(1);
    expect(made.filter(({ signingSecret }) => signingSecret !== null)).toHaveLength(1);
    const other = { ...input, type: 'WEBHOOK', url: `${target.url}/another` };
    expect(await change('createAlertChannel', other)).toMatchObject({ code: 'IDEMPOTENCY.CONFLICT' });
    await remove(made[0].channel.id);
  });

  test('of the operator is there for every team, and nobody can change it', async () => {
    for (const key of [server.key, stranger.key]) {
      const { alertChannels } = await query(`{ alertChannels { ${channelFields} } }`, {}, key);
      const [channel] = alertChannels;
      expect(channel).toMatchObject({ type: 'SLACK', isReadOnly: true, targetOrigin: operator.url });
      const refused = await change('deleteAlertChannel', { channelId: channel.id }, key);
      expect(refused).toMatchObject({ __typename: 'ConflictError', code: 'ALERTS.CHANNEL_READ_ONLY' });
    }
  });

  test('is for admins to change', async () => {
    const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN']);
    const { channel } = await make();
    const attempts = [
      await change('createAlertChannel', { name: 'x', type: 'SLACK', url: target.url }, key),
      await change('updateAlertChannel', { channelId: channel.id, isEnabled: false }, key),
      await change('testAlertChannel', { channelId: channel.id }, key),
      await change('deleteAlertChannel', { channelId: channel.id }, key),
    ];
    for (const result of attempts) expect(result.__typename).toBe('ForbiddenError');
    await remove(channel.id);
  });
});

describe('an alert', () => {
  test('is sent, logged and shown to the team, and to nobody else', async () => {
    const { channel } = await make();
    await raise();
    await expect.poll(() => target.received.length).toBe(1);
    await expect.poll(() => operator.received.length).toBeGreaterThan(0);
    const log = `query($channelId: ID) { alertDeliveries(filter: { channelId: $channelId }) { totalCount edges { node {
      messageId channelName state attempts nextAttemptAt alert { title } tries { attempt httpStatus responseExcerpt error } } } } }`;
    const readLog = async (key?: string) => (await query(log, { channelId: channel.id }, key)).alertDeliveries;
    await expect.poll(async () => (await readLog()).edges[0]?.node.state).toBe('DELIVERED');
    expect(await readLog()).toMatchObject({
      totalCount: 1,
      edges: [
        {
          node: {
            messageId: target.received[0]?.headers['webhook-id'],
            channelName: 'On call',
            alert: { title: 'The budget is used up' },
            tries: [{ attempt: 1, httpStatus: 200, responseExcerpt: 'ok', error: null }],
          },
        },
      ],
    });
    expect(await readLog(stranger.key)).toEqual({ totalCount: 0, edges: [] });
    await remove(channel.id);
    expect((await readLog()).totalCount).toBe(1);
  });

  test('is read by each member for themselves', async () => {
    const { prisma, ids } = server.services;
    await raise();
    const { alert } = await raise({ kind: 'provider.down' });
    const user = await prisma.user.create({ data: { id: ids.next('usr'), name: 'B', email: 'b@switchyard.test' } });
    const { key: colleague } = await createKey(server.services, { teamId, userId: user.id }, ['READ']);
    const { key: machine } = await createKey(server.services, { teamId }, ['READ']);
    const read = async (key?: string) =>
      query(
        '{ unreadNotificationCount notifications(first: 1) { edges { node { id kind isRead facts { name value } } } } }',
        {},
        key,
      );
    const before = await read();
    expect(before.notifications.edges[0].node).toMatchObject({
      id: btoa(`Alert:${alert?.id}`),
      kind: 'PROVIDER_DOWN',
      isRead: false,
      facts: [{ name: 'spentUsd', value: '10' }],
    });
    const alertIds = [before.notifications.edges[0].node.id, btoa('Alert:none')];
    const foreign = await change('markNotificationsRead', { alertIds }, stranger.key);
    expect(foreign).toMatchObject({ unreadNotificationCount: 0 });
    const marked = await change('markNotificationsRead', { alertIds });
    expect(marked.unreadNotificationCount).toBe(before.unreadNotificationCount - 1);
    expect((await read()).notifications.edges[0].node.isRead).toBe(true);
    expect((await read(colleague)).notifications.edges[0].node.isRead).toBe(false);
    expect(await change('markNotificationsRead', { until: '2999-01-01T00:00:00Z' }, colleague)).toMatchObject({
      unreadNotificationCount: 0,
    });
    expect((await read()).unreadNotificationCount).toBe(before.unreadNotificationCount - 1);
    expect((await read(machine)).unreadNotificationCount).toBe(0);
    const refused = await change('markNotificationsRead', { alertIds }, machine);
    expect(refused).toMatchObject({ __typename: 'ForbiddenError' });
    expect(await change('markNotificationsRead', {})).toMatchObject({ __typename: 'ValidationError' });
  });

  test('can be muted by admins, and is told of again when the mute ends', async () => {
    const { alert } = await raise({ dedupeKey: 'noisy' });
    const alertId = btoa(`Alert:${alert?.id}`);
    expect(await change('muteAlert', { alertId, until: '2999-01-01T00:00:00Z' }, stranger.key)).toMatchObject({
      __typename: 'NotFoundError',
    });
    expect(await change('muteAlert', { alertId, until: '2999-01-01T00:00:00Z' })).toMatchObject({
      alert: { id: alertId },
    });
    await raise({ dedupeKey: 'noisy', status: 'resolved' });
    expect((await raise({ dedupeKey: 'noisy' })).reason).toBe('muted');
    await change('muteAlert', { alertId });
    expect((await raise({ dedupeKey: 'noisy' })).reason).toBe('opened');
  });

  test('reaches the subscribers of its team, and nobody else’s, until their key is revoked', async () => {
    const own = await createKey(server.services, { teamId }, ['READ']);
    const seen: Record<string, string[]> = { own: [], stranger: [] };
    const clients = [
      ['own', own.key],
      ['stranger', stranger.key],
    ].map(([name = '', key]) => {
      const client = createClient({
        url: server.socketUrl,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${key}` },
        retryAttempts: 0,
      });
      const ended = (async () => {
        for await (const { data } of client.iterate<LooseJson>({ query: 'subscription { alerts { title isRead } }' })) {
          seen[name]?.push(data.alerts.title);
        }
      })().catch(() => {});
      return { client, ended };
    });
    await expect.poll(() => server.services.alerts.feed.subscriberCount).toBe(2);
    // Stored like by another process: nobody tells this one.
    await server.services.prisma.$transaction(async (tx) => {
      await server.services.alerts.raiseWithin(tx, { ...(await draftOf('from elsewhere')) });
    });
    await raise({ title: 'mine' });
    await raise({ title: 'theirs', teamId: stranger.teamId });
    await expect.poll(() => [seen.own?.length, seen.stranger?.length], { timeout: 5_000 }).toEqual([2, 1]);
    expect([...(seen.own ?? [])].sort()).toEqual(['from elsewhere', 'mine']);
    expect(seen.stranger).toEqual(['theirs']);
    await server.services.prisma.apiKey.update({ where: { id: own.keyId }, data: { revokedAt: new Date(0) } });
    await clients[0]?.ended;
    await clients[1]?.client.dispose();
    await expect.poll(() => server.services.alerts.feed.subscriberCount).toBe(0);
  });
});

async function draftOf(title: string): Promise<AlertDraft> {
  return {
    teamId,
    kind: 'provider.recovered',
    severity: 'info',
    status: 'firing',
    origin: 'simulated',
    title,
    message: title,
    link: '/health',
    facts: [],
    dedupeKey: title,
    atMs: server.services.clock.nowMs(),
  };
}

test('no address and no secret was answered, logged or stored in the open', async () => {
  const { channel } = await make({ signingSecret: canarySecret, idempotencyKey: 'canary' });
  answered = answered.replaceAll(canarySecret, '');
  await query(`query($id: ID!) { alertChannels { ${channelFields} } node(id: $id) { ... on AlertChannel { name } } }`, {
    id: channel.id,
  });
  target.answer = (response, { path }) => response.writeHead(400).end(`refused: ${path} ${canarySecret}`);
  await change('testAlertChannel', { channelId: channel.id });
  await raise();
  await expect.poll(() => server.services.prisma.alertAttempt.count({ where: { httpStatus: 400 } })).toBe(1);
  const tables = await server.services.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`;
  let stored = '';
  for (const { name } of tables) {
    const rows = await server.services.prisma.$queryRawUnsafe<{ text: string }[]>(
      `SELECT t::text AS text FROM "${name}" t`,
    );
    stored += rows.map(({ text }) => text).join('\n');
  }
  for (const text of [answered, server.log.text, stored]) {
    expect(text).not.toContain('canary-path');
    expect(text).not.toContain(canarySecret.slice(6, 30));
  }
});
