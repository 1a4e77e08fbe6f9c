import { afterAll, beforeAll, expect, test } from 'vitest';
import { startComparison, waitUntilFinished } from '../../testing/comparison-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createTeam } from '../../testing/other-team.ts';
import { publish, readRun, retryRun, runToEnd, startRun } from '../../testing/run-documents.ts';
import { TestBrowser } from '../../testing/test-browser.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { testOwner } from '../../testing/test-settings.ts';
import { removeContent } from './remove-content.ts';

const canary = 'canary-of-a-prompt';
const password = 'plain words of a river';

let server: TestServer;
let owner: TestBrowser;
let teamId: string;
beforeAll(async () => {
  server = await startTestServer();
  owner = new TestBrowser(server);
  expect((await owner.signIn(testOwner.email, testOwner.password)).status).toBe(200);
  ({ id: teamId } = await server.services.prisma.team.findFirstOrThrow());
});
afterAll(() => server.stop());

const set = (input: object) =>
  owner.change('setTeamSettings', input, '... on SetTeamSettingsSuccess { settings { timeZone } }');
/** As if a minute had passed. */
const sweep = () => {
  const { services } = server;
  const clock = { ...services.clock, nowMs: () => services.clock.nowMs() + 120_000 };
  return removeContent({ ...services, clock });
};
const lines = async (
  path: string,
  by: TestBrowser = owner,
): Promise<{ status: number; text: string; rows: LooseJson[] }> => {
  const response = await by.fetch(`${server.url}${path}`, {});
  const text = await response.text();
  return {
    status: response.status,
    text,
    rows: response.ok
      ? text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [],
  };
};

test('settings are checked, stay where nothing is said, and null takes them back', async () => {
  expect(await set({ timeZone: 'Nowhere/Land' })).toMatchObject({ __typename: 'ValidationError' });
  expect(await set({ currency: { code: 'USD', perUsd: '1' } })).toMatchObject({ __typename: 'ValidationError' });
  expect(await set({ auditDays: 3 })).toMatchObject({ __typename: 'ValidationError' });
  await set({
    timeZone: 'Europe/Berlin',
    runDays: 12,
    recordDays: 34,
    contentDays: 56,
    currency: { code: 'EUR', perUsd: '0.92', rateDate: '2026-01-02' },
  });
  await set({ auditDays: 400 });
  const document =
    '{ teamSettings { timeZone runDays recordDays contentDays auditDays currency { code perUsd rateDate } } reportSettings { timeZone } }';
  const { data } = await owner.graph(document);
  expect(data).toEqual({
    teamSettings: {
      ...{ timeZone: 'Europe/Berlin', runDays: 12, recordDays: 34, contentDays: 56, auditDays: 400 },
      currency: { code: 'EUR', perUsd: '0.92', rateDate: '2026-01-02' },
    },
    reportSettings: { timeZone: 'Europe/Berlin' },
  });
  const budget = await owner.change(
    'createBudget',
    { name: 'b', unit: 'COST', window: 'DAY', limit: '9' },
    '... on CreateBudgetSuccess { budget { timeZone } }',
  );
  expect(budget.budget.timeZone).toBe('Europe/Berlin');
  await set({ timeZone: null, contentDays: null, currency: null });
  expect((await owner.graph(document)).data.teamSettings).toMatchObject({
    timeZone: 'UTC',
    contentDays: null,
    currency: null,
    auditDays: 400,
  });
});

test('a team that keeps no content keeps none of what begins from then on', async () => {
  const { prisma } = server.services;
  const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'];
  const kept = await startComparison(server, models, { prompt: 'kept before' });
  await waitUntilFinished(server, kept.id);
  await set({ contentCapture: 'NONE' });
  const made = await startComparison(server, models, { prompt: canary, systemPrompt: canary });
  await waitUntilFinished(server, made.id);
  const prompt = {
    id: 'draft',
    type: 'prompt',
    models: [{ model: 'openai/gpt-4o-mini' }],
    prompt: 'Say {{ inputs.topic }}',
  };
  const definition = {
    format: 1,
    name: 'said',
    inputs: { topic: { type: 'string' } },
    steps: [prompt],
    outputs: { text: 'steps.draft.output' },
  };
  await publish(server, definition);
  const run = await runToEnd(server, { workflow: 'said', inputs: { topic: canary }, session: canary });
  expect(run.state).toBe('COMPLETED');
  await sweep();
  const tables = ['comparison', 'comparison_lane', 'comparison_event_batch', 'run', 'run_event', 'run_fold'];
  for (const table of tables) {
    const rows = await prisma.$queryRawUnsafe<{ text: string }[]>(`SELECT to_jsonb(t)::text AS text FROM "${table}" t`);
    expect(
      rows.filter(({ text }) => text.includes(canary)),
      table,
    ).toEqual([]);
  }
  const document =
    'query($id: ID!) { comparison(id: $id) { prompt contentRemovedAt lanes { id output state costUsd } } }';
  const { comparison } = await ask(server, document, { id: made.id });
  expect(comparison).toMatchObject({ prompt: '', contentRemovedAt: expect.any(String) });
  expect(comparison.lanes).toMatchObject([
    { output: '', state: 'COMPLETED' },
    { output: '', state: 'COMPLETED' },
  ]);
  expect((await ask(server, document, { id: kept.id })).comparison).toMatchObject({
    prompt: 'kept before',
    contentRemovedAt: null,
  });
  const { steps, ...after } = await readRun(server, run.id);
  expect(after).toMatchObject({ state: 'COMPLETED', inputs: {}, outputs: {}, costUsd: run.costUsd });
  expect(steps[0]).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'SUCCEEDED' }] });
  expect(await retryRun(server, { runId: run.id, fromStepId: 'draft' })).toMatchObject({
    code: 'RUNS.CONTENT_REMOVED',
  });
  const retryLane = 'mutation($id: ID!) { retryLane(input: { laneId: $id }) { ... on UserError { code } } }';
  expect((await ask(server, retryLane, { id: comparison.lanes[0].id })).retryLane.code).toBe(
    'COMPARISONS.CONTENT_REMOVED',
  );
  await set({ contentCapture: 'FULL' });
});

test('a team that switched workflows of several models off starts none, and those of one model as before', async () => {
  const step = (id: string, model: string) => ({ id, type: 'prompt', models: [{ model }], prompt: 'Say it.' });
  const steps = [step('a', 'openai/gpt-4o-mini'), step('b', 'openai/gpt-4o')];
  await publish(server, { format: 1, name: 'several', steps, outputs: { text: 'steps.a.output' } });
  await publish(server, { format: 1, name: 'single', steps: [steps[0]], outputs: { text: 'steps.a.output' } });
  await set({ features: [{ name: 'workflow.multiModel', isOn: false }] });
  expect(await startRun(server, { workflow: 'several', inputs: {} })).toMatchObject({ code: 'WORKFLOWS.SINGLE_MODEL' });
  expect(await startRun(server, { workflow: 'single', inputs: {} })).toMatchObject({ __typename: 'StartRunSuccess' });
  await set({ features: [{ name: 'workflow.multiModel', isOn: null }] });
  expect(await startRun(server, { workflow: 'several', inputs: {} })).toMatchObject({ __typename: 'StartRunSuccess' });
});

test('the owner gets everything of the team without a secret, others nothing; it is in the log', async () => {
  const other = await createTeam(server.services, 'canary-of-others');
  const { status, text, rows } = await lines('/api/teams/export');
  expect(status).toBe(200);
  const types = new Set(rows.map(({ type }) => type));
  for (const type of [
    'team',
    'member',
    'api_key',
    'budget',
    'comparison',
    'comparison_lane',
    'run',
    'run_event',
    'workflow_version',
    'audit_entry',
  ])
    expect(types, type).toContain(type);
  expect(text).not.toContain('canary-of-others');
  expect(rows.filter(({ row }) => row?.hash && row?.prefix)).toEqual([]);
  expect(
    (await fetch(`${server.url}/api/teams/export`, { headers: { authorization: `Bearer ${other.key}` } })).status,
  ).toBe(403);
  const { data } = await owner.graph(
    '{ auditLog(filter: { action: "exportedTeam" }) { totalCount edges { node { actor { kind name } } } } }',
  );
  expect(data.auditLog).toMatchObject({ totalCount: 1, edges: [{ node: { actor: { kind: 'PERSON' } } }] });
});

test('a member reads what is known of them; deleting it forgets the person and what they asked', async () => {
  const { prisma } = server.services;
  const made = await owner.change(
    'inviteMember',
    { email: 'dora@people.test', accessRole: 'DEVELOPER' },
    '... on InvitationSuccess { link }',
  );
  const token = new URL(made.link).searchParams.get('token') ?? '';
  const dora = new TestBrowser(server);
  await dora.auth('accept-invitation', { token, name: 'Dora', password });
  const input = { prompt: canary, models: ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'] };
  const { comparison } = await dora.change(
    'startComparison',
    input,
    '... on StartComparisonSuccess { comparison { id } }',
  );
  await waitUntilFinished(server, comparison.id);
  const { member } = (await dora.graph('{ viewer { member { id } } }')).data.viewer;
  const own = await lines('/api/members/export', dora);
  expect(new Set(own.rows.map(({ type }) => type))).toEqual(
    new Set(['user', 'member', 'session', 'comparison', 'audit_entry']),
  );
  expect(own.text).toContain(canary);
  expect(own.text).not.toContain('"token"');
  const { members } = (await owner.graph('{ viewer { team { members { id isYou } } } }')).data.viewer.team;
  const you = members.find(({ isYou }: LooseJson) => isYou).id;
  expect((await lines(`/api/members/export?memberId=${encodeURIComponent(you)}`, dora)).status).toBe(403);
  expect((await lines('/api/members/export?memberId=nonsense')).status).toBe(404);
  const fields = '... on DeleteMemberDataSuccess { isPersonForgotten deletedComparisons }';
  expect(await dora.change('deleteMemberData', { memberId: you }, fields)).toMatchObject({ code: 'TEAMS.FORBIDDEN' });
  expect(await owner.change('deleteMemberData', { memberId: member.id, deletesPrompts: true }, fields)).toMatchObject({
    ...{ isPersonForgotten: true, deletedComparisons: 1 },
  });
  expect(await prisma.user.count({ where: { OR: [{ name: 'Dora' }, { email: 'dora@people.test' }] } })).toBe(0);
  expect(await prisma.user.count({ where: { name: 'Former member' } })).toBe(1);
  expect(await prisma.comparison.count({ where: { teamId, prompt: canary } })).toBe(0);
  expect((await new TestBrowser(server).signIn('dora@people.test', password)).status).not.toBe(200);
  const { data } = await owner.graph(
    '{ auditVerification { isIntact } auditLog(filter: { action: "deletedMemberData" }) { totalCount } }',
  );
  expect(data).toMatchObject({ auditVerification: { isIntact: true }, auditLog: { totalCount: expect.any(Number) } });
});
