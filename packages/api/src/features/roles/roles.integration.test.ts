import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { fetchOpenAi } from '../../testing/openai-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { RoleRepository } from './role.repository.ts';
import { RoleKeeper } from './role-keeper.ts';

const one = 'openai/gpt-4o-mini';
const other = 'anthropic/claude-haiku-4-5';

let server: TestServer;
let teamId: string;
beforeAll(async () => {
  server = await startTestServer({ isWithSimulatorControl: true });
  teamId = (await server.services.prisma.team.findFirstOrThrow()).id;
});
afterAll(() => server.stop());

const setRole = async (input: object, key = server.key): Promise<LooseJson> => {
  const document = `mutation($input: SetRoleInput!) { setRole(input: $input) { __typename
    ... on SetRoleSuccess { role { id name revision source asks { model isOfDefault parameters { temperature maxOutputTokens } } } }
    ... on ValidationError { issues { path code } } ... on UserError { code } } }`;
  return (await ask(server, document, { input: { revision: 0, ...input } }, { key })).setRole;
};
const chat = (model: string, more: object = {}) =>
  fetchOpenAi(server, 'chat/completions', { model, messages: [{ role: 'user', content: 'Say hello.' }], ...more });
const answered = async (model: string) => {
  const response = await chat(model);
  expect(response.status, await response.clone().text()).toBe(200);
  return response.headers.get('x-switchyard-model');
};
/** What the vendors were sent last. */
const lastSent = () => server.simulator.control.requests().at(-1)?.body as LooseJson;

test('built-in roles are there from the start and let the router choose until models are assigned', async () => {
  const { roles } = await ask(server, '{ roles { name source revision asks { model isOfDefault } } }');
  expect(roles.slice(0, 4).map(({ name }: LooseJson) => name)).toEqual(['clarifier', 'planner', 'coder', 'reviewer']);
  expect(roles[0]).toMatchObject({ source: 'BUILT_IN', revision: 0, asks: [{ model: 'auto', isOfDefault: true }] });
  const response = await chat('role:planner');
  expect(response.status).toBe(200);
  const decision = response.headers.get('x-switchyard-decision') ?? '';
  await server.services.routing.decisions.flush();
  const row = await server.services.prisma.routingDecision.findUniqueOrThrow({ where: { id: decision } });
  expect(row).toMatchObject({ requestedName: 'role:planner', request: { role: 'planner' } });
});

test('a change of the assignment holds at the very next call, in /v1, complete and lanes alike', async () => {
  expect(await setRole({ name: 'coder', models: [{ model: one }], parameters: { temperature: 0.1 } })).toMatchObject({
    role: { revision: 1, source: 'TEAM', asks: [{ model: one, isOfDefault: false, parameters: { temperature: 0.1 } }] },
  });
  expect(await answered('role:coder')).toBe(one);
  expect(await setRole({ name: 'coder', models: [{ model: other }], revision: 1 })).toMatchObject({
    role: { revision: 2 },
  });
  expect(await answered('role:coder')).toBe(other);
  const { complete, startComparison } = await ask(
    server,
    `mutation { complete(input: { model: "role:coder", prompt: "Hi." }) { ... on CompleteSuccess { modelId callId } }
       startComparison(input: { prompt: "Hi.", models: ["role:coder", "${one}"] }) {
         ... on StartComparisonSuccess { comparison { id lanes { id modelId } } } } }`,
  );
  expect(complete.modelId).toBe(other);
  expect(startComparison.comparison.lanes[0].modelId).toBe('role:coder');
  const lane = () =>
    ask(server, 'query($id: ID!) { comparison(id: $id) { lanes { state answeredModelId } } }', {
      id: startComparison.comparison.id,
    }).then(({ comparison }) => comparison.lanes[0]);
  await expect.poll(lane, { timeout: 10_000 }).toEqual({ state: 'COMPLETED', answeredModelId: other });
  await server.services.callRecords.flush();
  const records = await server.services.prisma.callRecord.findMany({ where: { teamId, role: 'coder' } });
  expect(records.map(({ source }) => source).sort()).toEqual([
    'comparison-lane',
    'complete',
    'openai-compatible',
    'openai-compatible',
  ]);
});

test('parameters of the role hold under those of the caller, each model with its own', async () => {
  const models = [{ model: one, parameters: { maxOutputTokens: 77 } }];
  await setRole({ name: 'writer', models, parameters: { temperature: 0.3, topP: 0.5 } });
  await chat('role:writer');
  expect(lastSent()).toMatchObject({ temperature: 0.3, top_p: 0.5 });
  expect(JSON.stringify(lastSent())).toContain('77');
  await chat('role:writer', { temperature: 0.9 });
  expect(lastSent()).toMatchObject({ temperature: 0.9, top_p: 0.5 });
});

test('the next model of a role answers when the first cannot, then the default role, unless the role is strict', async () => {
  const models = [{ model: 'openai/gpt-4o' }];
  await setRole({ name: 'everyday', models: [{ model: other }] });
  await ask(server, 'mutation { setDefaultRole(input: { name: "everyday" }) { __typename } }');
  expect(await answered('role:reviewer')).toBe(other);
  const loose = await setRole({ name: 'loose', models });
  expect(loose.role.asks).toMatchObject([{ model: 'openai/gpt-4o' }, { model: other, isOfDefault: true }]);
  const strict = await setRole({ name: 'strict', models, isStrict: true });
  expect(strict.role.asks).toHaveLength(1);
  const { deleteRole } = await ask(
    server,
    'mutation { deleteRole(input: { name: "everyday" }) { __typename ... on UserError { code } } }',
  );
  expect(deleteRole.code).toBe('ROLES.IS_DEFAULT');
  await ask(server, 'mutation { setDefaultRole(input: {}) { __typename } }');
});

test('everything that is wrong with a role is told at once, and nothing of it is kept', async () => {
  const refused = await setRole({
    name: 'wrong',
    models: [{ model: 'openai/none' }, { model: 'role:coder' }, { model: one }, { model: one }, { model: 'auto' }],
  });
  expect(refused.issues.map(({ path, code }: LooseJson) => `${path.join('.')} ${code}`)).toEqual([
    'input.models.0.model unknown_model',
    'input.models.1.model nested_role',
    'input.models.3.model duplicate_model',
    'input.models.4.model auto_not_alone',
  ]);
  expect((await ask(server, '{ role(name: "wrong") { name } }')).role).toBeNull();
  const unknown = await chat('role:wrong');
  expect(unknown.status).toBe(404);
  expect((await unknown.json()).error.message).toContain('There is no role "wrong"');
});

test('only admins assign; of two who change one role at once one is told; a repeated call changes nothing', async () => {
  const viewer = await createKey(server.services, { teamId }, ['READ', 'RUN']);
  expect((await setRole({ name: 'mine', models: [] }, viewer.key)).code).toBe('TEAMS.FORBIDDEN');
  const both = await Promise.all([
    setRole({ name: 'raced', models: [{ model: one }] }),
    setRole({ name: 'raced', models: [{ model: other }] }),
  ]);
  expect(both.map(({ __typename }) => __typename).sort()).toEqual(['ConflictError', 'SetRoleSuccess']);
  const again = { name: 'again', models: [{ model: one }], idempotencyKey: 'again' };
  expect(await setRole(again)).toEqual(await setRole(again));
});

test('another process sees a change at its next look', async () => {
  const { prisma, providers } = server.services;
  const elsewhere = new RoleKeeper(new RoleRepository(prisma), providers);
  await elsewhere.reload();
  await setRole({ name: 'shared', models: [{ model: one }] });
  expect(elsewhere.of(teamId).resolved.has('shared')).toBe(false);
  await elsewhere.reload();
  expect(elsewhere.of(teamId).resolved.get('shared')?.models[0]?.model).toBe(one);
});

test('roles are listed among the models of /v1 with what they lead to', async () => {
  const { data } = (await (await fetchOpenAi(server, 'models')).json()) as LooseJson;
  expect(data.find(({ id }: LooseJson) => id === 'role:coder')).toMatchObject({
    switchyard: { kind: 'role', models: [other], origin: 'simulated' },
  });
  expect((await fetchOpenAi(server, 'models/role:coder')).status).toBe(200);
  expect((await fetchOpenAi(server, 'models/role:none')).status).toBe(404);
});

test('what a role leads to is worked out once and kept until something changes', () => {
  const { roles } = server.services;
  roles.of(teamId);
  const before = roles.of(teamId);
  expect(roles.of(teamId)).toBe(before);
  expect(before.resolved.get('coder')?.models).toEqual([{ model: other, parameters: {}, source: 'role' }]);
});

test('every change of a role is in the log with who made it, what it was and what it became', async () => {
  expect(await setRole({ name: 'logged', models: [{ model: one }] })).toMatchObject({ role: { revision: 1 } });
  expect(await setRole({ name: 'logged', models: [{ model: other }, { model: one }], revision: 1 })).toMatchObject({
    role: { revision: 2 },
  });
  // A change that is refused leaves no trace.
  expect(await setRole({ name: 'logged', models: [], revision: 1 })).toMatchObject({ code: 'ROLES.CHANGED' });
  await ask(server, 'mutation { deleteRole(input: { name: "logged" }) { __typename } }');
  const { routingAudit } = await ask(
    server,
    '{ routingAudit(scope: "role:logged") { totalCount edges { node { action summary by before after } } } }',
  );
  expect(routingAudit.totalCount).toBe(3);
  const [gone, changed, made] = routingAudit.edges.map(({ node }: LooseJson) => node);
  expect(gone).toMatchObject({ action: 'deleted-role', summary: 'The role "logged" is gone.', after: null });
  expect(changed).toMatchObject({
    action: 'set-role',
    summary: `The role "logged" asks ${other}, ${one}.`,
    before: { name: 'logged', models: [{ model: one }] },
    after: { name: 'logged', models: [{ model: other }, { model: one }] },
  });
  expect(made).toMatchObject({ before: null, by: expect.any(String) });
});
