import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeId, encodeId } from '../../../graphql/global-id.ts';
import { change, startComparison } from '../../../testing/comparison-documents.ts';
import { ask, type LooseJson, send } from '../../../testing/graph-client.ts';
import { fetchOpenAi } from '../../../testing/openai-client.ts';
import { createKey } from '../../../testing/other-team.ts';
import { openSocket } from '../../../testing/raw-socket.ts';
import { startTestServer, type TestServer } from '../../../testing/test-server.ts';

const mini = 'openai/gpt-4o-mini';
const haiku = 'anthropic/claude-haiku-4-5';
const all = ['READ', 'RUN', 'MANAGE'];

let server: TestServer;
let teamId: string;
let userId: string;
beforeAll(async () => {
  server = await startTestServer();
  ({ teamId, userId } = await server.services.prisma.member.findFirstOrThrow());
});
afterAll(() => server.stop());

const fields = `id name state scopes expiresAt allowedModels allowedRoles defaultModel dataOrigin requestsPerMinute tokensPerMinute
  budget { id limit isEnabled } budgetUse { limit spent simulatedSpent window isEnabled } rotatedTo { id } rotatedFrom { id state expiresAt lastUsedAt }`;
const mutate = async (name: string, input: object, key = server.key): Promise<LooseJson> => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const hasSecret = name === 'createApiKey' || name === 'rotateApiKey';
  const success = `... on ${type.replace('Input', 'Success')} { apiKey { ${fields} } ${hasSecret ? 'secret' : ''} }`;
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { __typename ${success}
    ${name === 'revokeApiKey' ? '' : '... on ValidationError { issues { path message } }'} ... on UserError { code message } } }`;
  return (await ask(server, document, { input }, { key }))[name];
};
const make = (input: object = {}) => mutate('createApiKey', { name: 'app', scopes: ['READ', 'RUN'], ...input });
const completeDocument = `mutation($input: CompleteInput!) { complete(input: $input) { __typename
  ... on CompleteSuccess { modelId } ... on NoEligibleModelError { rejected { modelId reason } } ... on UserError { code message } } }`;
const complete = async (key: string, input: object = {}) =>
  (await ask(server, completeDocument, { input: { prompt: 'x', ...input } }, { key })).complete;
const chat = (key: string, model = mini, more: object = {}) =>
  fetchOpenAi({ ...server, key }, 'chat/completions', { model, messages: [{ role: 'user', content: 'x' }], ...more });

describe('the form of a key', () => {
  test('a mistyped key is told so, without a query, on every entrance', async () => {
    const { secret } = await make();
    const typed = secret.slice(0, 20) + (secret[20] === 'a' ? 'b' : 'a') + secret.slice(21);
    const asked = await send(server, '{ __typename }', {}, { key: typed });
    expect(asked.status).toBe(401);
    expect(asked.text).toContain('mistyped');
    const chatted = await chat(typed);
    expect([chatted.status, await chatted.text()]).toEqual([401, expect.stringContaining('mistyped')]);
    expect(await (await openSocket(server, typed)).closed).toBe(4401);
  });
});

describe('models and roles', () => {
  test('only what is allowed is called, by any name, and the refusal says what that is', async () => {
    const { secret, apiKey } = await make({ allowedModels: [mini] });
    expect(apiKey).toMatchObject({ allowedModels: [mini], allowedRoles: null, state: 'ACTIVE' });
    expect((await complete(secret, { model: mini })).__typename).toBe('CompleteSuccess');
    expect(await complete(secret, { model: haiku })).toMatchObject({
      __typename: 'NoEligibleModelError',
      rejected: [{ modelId: haiku, reason: expect.stringContaining(`may call models: ${mini}`) }],
    });
    // The router's choice, a role and fallbacks stay within it.
    for (let count = 0; count < 5; count += 1)
      expect(await complete(secret, { model: 'auto' })).toMatchObject({ modelId: mini });
    const own = (await ask(server, '{ roles { name } }')).roles[0].name as string;
    await change(server, 'setRole', { name: own, models: [{ model: haiku }, { model: mini }], revision: 0 });
    expect(await complete(secret, { model: `role:${own}` })).toMatchObject({ modelId: mini });
    server.simulator.control.addFault({ kind: 'error', status: 500 });
    const failed = await complete(secret, { model: mini, fallbacks: [haiku] });
    expect(failed.modelId ?? mini).toBe(mini);
    server.simulator.control.reset();
  });

  test('comparisons, /v1 and the list of models obey it too', async () => {
    const { secret } = await make({ allowedModels: ['anthropic/*'] });
    await expect(startComparison(server, [mini, haiku], {}, { key: secret })).rejects.toThrow('anthropic/*');
    const refused = await chat(secret);
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('anthropic/*')]);
    expect((await chat(secret, haiku)).status).toBe(200);
    const list = (await (await fetchOpenAi({ ...server, key: secret }, 'models')).json()) as LooseJson;
    const models = list.data.filter((each: LooseJson) => each.switchyard.kind === undefined);
    expect(models.length).toBeGreaterThan(0);
    expect(models.every(({ id }: LooseJson) => id.startsWith('anthropic/'))).toBe(true);
    const one = await fetchOpenAi({ ...server, key: secret }, `models/${encodeURIComponent(mini)}`);
    expect(one.status).toBe(403);
    const embedded = await fetchOpenAi({ ...server, key: secret }, 'embeddings', {
      model: 'openai/text-embedding-3-small',
      input: 'x',
    });
    expect(embedded.status).toBe(403);
  });

  test('a key for roles calls by these roles only', async () => {
    const [one, other] = (await ask(server, '{ roles { name } }')).roles as LooseJson[];
    const { secret } = await make({ allowedRoles: [one.name] });
    expect((await complete(secret, { model: `role:${one.name}` })).__typename).toBe('CompleteSuccess');
    for (const model of [`role:${other.name}`, mini, 'auto'])
      expect((await complete(secret, { model })).rejected?.[0].reason, model).toContain(`role:${one.name}`);
  });

  test('steps of runs are held to the key that started the run', async () => {
    const { secret } = await make({ allowedModels: [haiku] });
    const definition = { steps: [{ id: 'one', type: 'generate', models: [{ model: mini }], prompt: 'x' }] };
    const { services } = server;
    const rules = await services.keys.of(decodeId((await make()).apiKey.id, 'ApiKey') ?? '');
    expect(rules?.allowedModels).toBeUndefined();
    const { apiKeyId } = (await services.identities.resolve({ kind: 'api-key', key: secret })) ?? {};
    const { routeCall } = await import('../../routing/route-call.ts');
    const purpose = { teamId, source: 'workflow-step', apiKeyId: apiKeyId ?? '' } as const;
    const asked = { messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'x' }] }] };
    await expect(
      routeCall(services, { model: definition.steps[0]?.models[0]?.model ?? '' }, asked, purpose, []),
    ).rejects.toThrow(haiku);
    services.keys.forget(apiKeyId ?? '');
    const routed = await routeCall(services, { model: 'auto' }, asked, purpose, []);
    expect(routed.resolution.targets.map(({ modelId }) => modelId)).toEqual([haiku]);
  });

  test('auto, or no model, means the default model of the key', async () => {
    const { secret } = await make({ defaultModel: haiku });
    expect(await complete(secret)).toMatchObject({ modelId: haiku });
    expect(await complete(secret, { model: 'auto' })).toMatchObject({ modelId: haiku });
    expect(((await (await chat(secret, 'auto')).json()) as LooseJson).switchyard.model).toBe(haiku);
  });

  test('a key for live providers never calls a simulated one', async () => {
    const live = await make({ dataOrigin: 'LIVE' });
    for (const model of [mini, 'auto'])
      expect((await complete(live.secret, { model })).rejected[0].reason, model).toContain('live providers only');
    const simulated = await make({ dataOrigin: 'SIMULATED' });
    expect((await complete(simulated.secret, { model: mini })).__typename).toBe('CompleteSuccess');
    const asked = 'query($origin: DataOrigin) { weeklyReports(origin: $origin) { edges { node { origin } } } }';
    const read = async (key: string, origin: string | null) =>
      (await send(server, asked, origin ? { origin } : {}, { key })).errors?.[0]?.extensions.code;
    expect(await read(simulated.secret, 'LIVE')).toBe('FORBIDDEN');
    expect(await read(simulated.secret, 'SIMULATED')).toBeUndefined();
  });

  test('names that are none are refused, all at once', async () => {
    const refused = await make({
      allowedModels: [mini, 'nobody/x', 'fast', 'openai/none'],
      allowedRoles: ['nobody'],
      defaultModel: haiku,
      requestsPerMinute: 0,
    });
    expect(refused.issues.map(({ path }: LooseJson) => path.join('.'))).toEqual(['input.requestsPerMinute']);
    const named = await make({
      allowedModels: [mini, 'nobody/x', 'fast', 'openai/none'],
      allowedRoles: ['nobody'],
      defaultModel: haiku,
    });
    expect(named.issues.map(({ path }: LooseJson) => path.slice(1).join('.'))).toEqual([
      'allowedModels.1',
      'allowedModels.2',
      'allowedModels.3',
      'allowedRoles.0',
      'defaultModel',
    ]);
  });
});

describe('rates and budgets', () => {
  test('who asks too often gets 429 with the time to wait, over /v1 and in the graph', async () => {
    const { secret } = await make({ requestsPerMinute: 2 });
    const first = await chat(secret);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    await complete(secret, { model: mini });
    const refused = await chat(secret);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(((await refused.json()) as LooseJson).error.code).toBe('rate_limit_exceeded');
    const graph = await send(server, completeDocument, { input: { prompt: 'x', model: mini } }, { key: secret });
    expect(graph.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    expect(graph.headers.get('retry-after')).not.toBeNull();
    // Looking is not calling.
    expect((await send(server, '{ viewer { accessRole } }', {}, { key: secret })).status).toBe(200);
  });

  test('tokens are counted when the answer is there', async () => {
    const { secret } = await make({ tokensPerMinute: 1 });
    expect((await chat(secret)).status).toBe(200);
    expect((await chat(secret)).status).toBe(429);
  });

  test('the budget of a key refuses this key alone, shows what it spent and ends with it', async () => {
    const { secret, apiKey } = await make({ budget: { limit: '0.0000001', window: 'DAY' } });
    expect(apiKey.budgetUse).toMatchObject({ limit: '0.0000001', spent: '0', window: 'DAY', isEnabled: true });
    expect((await complete(secret, { model: mini })).__typename).toBe('BudgetExceeded');
    expect((await complete((await make()).secret, { model: mini })).__typename).toBe('CompleteSuccess');
    const raised = await mutate('updateApiKey', { apiKeyId: apiKey.id, budget: { limit: '5', window: 'DAY' } });
    expect(raised.apiKey.budget).toMatchObject({ id: apiKey.budget.id, limit: '5' });
    expect((await complete(secret, { model: mini })).__typename).toBe('CompleteSuccess');
    const used = await ask(server, `query($id: ID!) { node(id: $id) { ... on ApiKey { ${fields} } } }`, {
      id: apiKey.id,
    });
    expect(Number(used.node.budgetUse.simulatedSpent)).toBeGreaterThan(0);
    expect(used.node.budgetUse.spent).toBe('0');
    const weekly = await mutate('updateApiKey', { apiKeyId: apiKey.id, budget: { limit: '5', window: 'WEEK' } });
    expect(weekly.apiKey.budget.id).not.toBe(apiKey.budget.id);
    const ended = await mutate('revokeApiKey', { apiKeyId: apiKey.id });
    expect(ended.apiKey).toMatchObject({ state: 'REVOKED', budget: { isEnabled: false } });
  });
});

describe('rotating', () => {
  test('the new secret works now, the old one as the same key until the overlap is over', async () => {
    const { secret: old, apiKey } = await make({ budget: { limit: '5', window: 'MONTH' } });
    const rotated = await mutate('rotateApiKey', { apiKeyId: apiKey.id, overlapMinutes: 5 });
    expect(rotated.apiKey).toMatchObject({ id: apiKey.id, state: 'ACTIVE', budget: { id: apiKey.budget.id } });
    expect(rotated.apiKey.rotatedFrom).toMatchObject([{ state: 'OVERLAPPING' }]);
    const asked = '{ viewer { apiKey { id } scopes team { apiKeys { id } } } }';
    for (const key of [old, rotated.secret]) {
      const { viewer } = await ask(server, asked, {}, { key });
      expect(viewer).toMatchObject({ apiKey: { id: apiKey.id }, scopes: ['READ', 'RUN'] });
      expect(viewer.team.apiKeys.some(({ id }: LooseJson) => id === rotated.apiKey.rotatedFrom[0].id)).toBe(false);
    }
    await server.services.identities.writeLastUse();
    const oldId = decodeId(rotated.apiKey.rotatedFrom[0].id, 'ApiKey') ?? '';
    expect((await server.services.prisma.apiKey.findUniqueOrThrow({ where: { id: oldId } })).lastUsedAt).not.toBeNull();
    await server.services.prisma.apiKey.update({ where: { id: oldId }, data: { expiresAt: new Date(Date.now() - 1) } });
    await expect.poll(async () => (await send(server, asked, {}, { key: old })).status).toBe(401);
    expect((await send(server, asked, {}, { key: rotated.secret })).status).toBe(200);
    // No overlap: refused at once; and the end of the key is the end of all its secrets.
    const again = await mutate('rotateApiKey', { apiKeyId: apiKey.id });
    expect((await send(server, asked, {}, { key: rotated.secret })).status).toBe(401);
    expect(again.apiKey.rotatedFrom).toHaveLength(2);
    const third = await mutate('rotateApiKey', { apiKeyId: apiKey.id, overlapMinutes: 60 });
    await mutate('revokeApiKey', { apiKeyId: apiKey.id });
    for (const key of [again.secret, third.secret]) expect((await send(server, asked, {}, { key })).status).toBe(401);
  });

  test('of several rotations at once one is made', async () => {
    const { apiKey } = await make();
    const rotations = Array.from({ length: 4 }, () =>
      mutate('rotateApiKey', { apiKeyId: apiKey.id, overlapMinutes: 1 }),
    );
    const results = await Promise.all(rotations);
    const made = results.filter(({ secret }) => secret !== undefined);
    // Those that come one after the other may all succeed; what counts is that each secret has one place in the chain.
    const { node } = await ask(server, `query($id: ID!) { node(id: $id) { ... on ApiKey { ${fields} } } }`, {
      id: apiKey.id,
    });
    expect(node.rotatedFrom).toHaveLength(made.length);
    const good = await Promise.all(made.map(({ secret }) => send(server, '{ __typename }', {}, { key: secret })));
    expect(good.every(({ status }) => status === 200)).toBe(true);
    expect(results.filter(({ code }) => code === 'API_KEYS.CHANGED_MEANWHILE').length + made.length).toBe(4);
  });

  test('an old secret, an ended key and another team’s key are not rotated', async () => {
    const { apiKey } = await make();
    const rotated = await mutate('rotateApiKey', { apiKeyId: apiKey.id, overlapMinutes: 1 });
    const old = await mutate('rotateApiKey', { apiKeyId: rotated.apiKey.rotatedFrom[0].id });
    expect(old.code).toBe('API_KEYS.OLD_SECRET');
    await mutate('revokeApiKey', { apiKeyId: apiKey.id });
    expect((await mutate('rotateApiKey', { apiKeyId: apiKey.id })).code).toBe('API_KEYS.ENDED');
    expect((await mutate('updateApiKey', { apiKeyId: apiKey.id, name: 'x' })).code).toBe('API_KEYS.ENDED');
    expect((await mutate('rotateApiKey', { apiKeyId: encodeId('ApiKey', 'none') })).__typename).toBe('NotFoundError');
  });
});

describe('nobody gives more than they have', () => {
  test('neither by making, changing nor rotating a key', async () => {
    const { key } = await createKey(server.services, { teamId, userId }, [
      ...(['READ_TEAM', 'RUN_TEAM', 'MANAGE_TEAM', 'READ_GUARDRAILS'] as const),
    ]);
    const { apiKey } = await make({ scopes: all });
    expect((await mutate('createApiKey', { name: 'x', scopes: ['RUN'] }, key)).__typename).toBe('ForbiddenError');
    expect((await mutate('updateApiKey', { apiKeyId: apiKey.id, scopes: ['RUN_WORK'] }, key)).__typename).toBe(
      'ForbiddenError',
    );
    expect((await mutate('rotateApiKey', { apiKeyId: apiKey.id }, key)).__typename).toBe('ForbiddenError');
    expect((await mutate('updateApiKey', { apiKeyId: apiKey.id, scopes: ['READ_TEAM'] }, key)).apiKey.scopes).toEqual([
      'READ_TEAM',
    ]);
  });

  test('a key with limits makes none without', async () => {
    const { secret } = await make({ scopes: all, allowedModels: [mini] });
    expect((await mutate('createApiKey', { name: 'x', scopes: ['READ'] }, secret)).message).toContain(
      'limits of its own',
    );
  });
});

const openCalls = () => server.simulator.control.requests().filter(({ outcome }) => outcome === 'open').length;

describe('what a key began ends with it', () => {
  test('a scope that is taken away ends the stream and refuses the next call', async () => {
    const { secret, apiKey } = await make();
    server.simulator.control.addFault({ kind: 'silent' });
    const asked = chat(secret);
    const streamed = chat(secret, mini, { stream: true }).then((response) => response.text());
    await expect.poll(openCalls).toBe(2);
    const socket = await openSocket(server, secret);
    const startedAt = performance.now();
    await mutate('updateApiKey', { apiKeyId: apiKey.id, scopes: ['READ_WORK'] });
    expect(await socket.closed).toBe(4403);
    expect((await asked).status).toBe(401);
    expect(await streamed).toContain('invalid_api_key');
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    server.simulator.control.reset();
    expect((await chat(secret)).status).toBe(403);
  });

  test('a revoked key takes the calls that wait along', async () => {
    const { secret, apiKey } = await make();
    server.simulator.control.addFault({ kind: 'silent' });
    const asked = complete(secret, { model: mini });
    await expect.poll(openCalls).toBe(1);
    await mutate('revokeApiKey', { apiKeyId: apiKey.id });
    expect(await asked).toMatchObject({ __typename: 'ModelCallError', code: 'PROVIDERS.CANCELLED' });
    await expect.poll(openCalls).toBe(0);
    server.simulator.control.reset();
  });
});
