import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { change, startComparison, waitUntilFinished } from '../testing/comparison-documents.ts';
import { readBySocket } from '../testing/event-subscribers.ts';
import { ask, send } from '../testing/graph-client.ts';
import { createKey } from '../testing/other-team.ts';
import { openSocket } from '../testing/raw-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('scopes of API keys', () => {
  const owner = async () =>
    (await server.services.prisma.member.findFirstOrThrow()) as { teamId: string; userId: string };
  const start = { input: { prompt: 'x', models } };

  test('READ looks and does nothing', async () => {
    const { key } = await createKey(server.services, await owner(), ['READ']);
    expect(
      (await ask(server, '{ comparisons { totalCount } viewer { accessRole } }', {}, { key })).viewer.accessRole,
    ).toBe('VIEWER');
    const document = 'mutation($input: StartComparisonInput!) { startComparison(input: $input) { __typename } }';
    const answer = await send(server, document, start, { key });
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    for (const [name, input] of [
      ['stopLane', { laneId: 'x' }],
      ['complete', { model: models[0], prompt: 'x' }],
    ] as const) {
      await expect(change(server, name, input, { key })).rejects.toThrow('FORBIDDEN');
    }
    const made = await change(server, 'createApiKey', { name: 'x', scopes: ['READ'] }, { key });
    expect(made.__typename).toBe('ForbiddenError');
  });

  test('RUN runs and manages nothing', async () => {
    const { key, keyId } = await createKey(server.services, await owner(), ['READ', 'RUN']);
    const { id } = await startComparison(server, models, {}, { key });
    await waitUntilFinished(server, id);
    expect((await change(server, 'createApiKey', { name: 'x', scopes: ['READ'] }, { key })).__typename).toBe(
      'ForbiddenError',
    );
    const apiKeyId = Buffer.from(`ApiKey:${keyId}`).toString('base64');
    expect((await change(server, 'revokeApiKey', { apiKeyId }, { key })).__typename).toBe('ForbiddenError');
    const providerId = Buffer.from('Provider:openai').toString('base64');
    expect((await change(server, 'testProvider', { providerId }, { key })).__typename).toBe('ForbiddenError');
  });

  test('without READ nothing can be looked at, not even by its id', async () => {
    const { key } = await createKey(server.services, await owner(), ['RUN']);
    const { id } = await startComparison(server, models);
    for (const query of [
      '{ comparisons { totalCount } }',
      `{ node(id: "${id}") { id } }`,
      `{ nodes(ids: ["${id}"]) { id } }`,
    ]) {
      expect((await send(server, query, {}, { key })).errors?.[0]?.extensions.code, query).toBe('FORBIDDEN');
    }
  });

  test('a key is shown once, may do no more than its maker, and has an expiry in the future', async () => {
    const document = /* GraphQL */ `
      mutation ($input: CreateApiKeyInput!) {
        createApiKey(input: $input) {
          __typename
          ... on CreateApiKeySuccess { secret apiKey { id prefix lastFour scopes } }
          ... on ValidationError { issues { path } }
        }
      }
    `;
    const make = async (input: object) => (await ask(server, document, { input })).createApiKey;
    const { secret, apiKey } = await make({ name: 'ci', scopes: ['READ'] });
    expect(secret.startsWith(apiKey.prefix) && secret.endsWith(apiKey.lastFour)).toBe(true);
    expect((await ask(server, '{ viewer { scopes } }', {}, { key: secret })).viewer.scopes).toEqual(['READ']);
    const all = await send(server, '{ viewer { team { apiKeys { name prefix lastFour } } } }');
    expect(all.text).not.toContain(secret);
    expect(await make({ name: 'old', scopes: ['READ'], expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['input', 'expiresAt'] }],
    });
    expect((await make({ name: ' ', scopes: [] })).issues).toHaveLength(2);
  });

  test('a revoked and an expired key are refused', async () => {
    const expired = await createKey(server.services, await owner(), ['READ'], new Date(Date.now() - 1_000));
    expect((await send(server, '{ __typename }', {}, { key: expired.key })).status).toBe(401);
    const revoked = await createKey(server.services, await owner(), ['READ']);
    await ask(server, '{ __typename }', {}, { key: revoked.key });
    await change(server, 'revokeApiKey', { apiKeyId: Buffer.from(`ApiKey:${revoked.keyId}`).toString('base64') });
    expect((await send(server, '{ __typename }', {}, { key: revoked.key })).status).toBe(401);
    expect(await (await openSocket(server, revoked.key)).closed).toBe(4401);
  });
});

describe('the end of a credential ends what it opened', () => {
  test.each(['through the API', 'in the database, by another process'])('revoked %s', async (how) => {
    const { teamId, userId } = await server.services.prisma.member.findFirstOrThrow();
    const { key, keyId } = await createKey(server.services, { teamId, userId }, ['READ']);
    server.simulator.control.addFault({ kind: 'silent' });
    const { id } = await startComparison(server, models);
    const closed = new Promise<number>((resolve) => {
      const client = createClient({
        url: server.socketUrl,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${key}` },
        retryAttempts: 0,
        on: { closed: (event) => resolve((event as { code: number }).code) },
      });
      const query = `subscription { comparisonEvents(comparisonId: "${id}") { __typename } }`;
      client.subscribe({ query }, { next: () => {}, error: () => {}, complete: () => {} });
    });
    const sse = await fetch(server.graphUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: `subscription { comparisonEvents(comparisonId: "${id}") { __typename } }` }),
    });
    const sseEnded = sse.text().then(
      () => 'ended',
      () => 'cut',
    );
    await expect.poll(() => server.services.comparisonHub.subscriberCount).toBe(2);
    if (how === 'through the API') {
      await change(server, 'revokeApiKey', { apiKeyId: Buffer.from(`ApiKey:${keyId}`).toString('base64') });
    } else {
      await server.services.prisma.apiKey.update({ where: { id: keyId }, data: { revokedAt: new Date() } });
    }
    expect(await closed).toBe(4403);
    expect(await sseEnded).toBe('cut');
    await expect.poll(() => server.services.comparisonHub.subscriberCount).toBe(0);
    server.simulator.control.reset();
    await change(server, 'stopComparison', { comparisonId: id });
    expect((await readBySocket(server, id)).at(-1).__typename).toBe('ComparisonFinished');
  });
});
