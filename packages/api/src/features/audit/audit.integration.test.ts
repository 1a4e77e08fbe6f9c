import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeId } from '../../graphql/global-id.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { verifyChain } from './verify-chain.ts';

let server: TestServer;
let other: OtherTeam;
beforeAll(async () => {
  server = await startTestServer();
  other = await createTeam(server.services, 'Others');
});
afterAll(() => server.stop());

const entryFields = `id seq at action operation summary objectType objectId objectName requestId ipAddress canRevert cannotRevertBecause
  hash previousHash actor { kind name user { id } apiKey { id } reason } changes { path before after isSecret }
  revertedBy { seq } reverts { seq }`;
const mutate = async (name: string, input: object, fields: string, key?: string) => {
  const typeName = name[0]?.toUpperCase() + name.slice(1);
  const document = `mutation($input: ${typeName}Input!) { ${name}(input: $input) { __typename ... on UserError { code message path } ... on ${typeName}Success { ${fields} } } }`;
  const answer = (await ask(server, document, { input }, key ? { key } : {}))[name];
  return answer;
};
const log = async (filter: object = {}, key?: string, first = 50): Promise<LooseJson[]> => {
  const document = `query($filter: AuditLogFilter, $first: Int) { auditLog(filter: $filter, first: $first) { totalCount edges { node { ${entryFields} } } } }`;
  const { auditLog } = await ask(server, document, { filter, first }, key ? { key } : {});
  return auditLog.edges.map(({ node }: LooseJson) => node);
};
const newest = async (objectType: string): Promise<LooseJson> => (await log({ objectType }))[0];
const revert = (auditEntryId: string, key?: string) =>
  mutate('revertChange', { auditEntryId }, `auditEntry { ${entryFields} }`, key);
const budgetFields = 'budget { id name limit version isEnabled mode }';
const newBudget = async (name: string) =>
  (await mutate('createBudget', { name, unit: 'COST', window: 'DAY', limit: '5' }, budgetFields)).budget;

test('a change is told with who, where from, before and after, and the check of the chain holds', async () => {
  const budget = await newBudget('Told');
  await mutate('updateBudget', { budgetId: budget.id, version: 1, limit: '7.5', name: 'Told again' }, budgetFields);
  const [changed, made] = await log({ objectId: budget.id });
  expect(made).toMatchObject({ action: 'createBudget', operation: 'INSERT', objectType: 'Budget', objectName: 'Told' });
  expect(changed).toMatchObject({
    ...{ action: 'updateBudget', operation: 'UPDATE', objectName: 'Told again', canRevert: true },
    actor: { kind: 'KEY', name: expect.any(String), apiKey: { id: expect.any(String) } },
    summary: 'Changed budget "Told again": name, limitAmount.',
    changes: [
      { path: 'name', before: 'Told', after: 'Told again', isSecret: false },
      { path: 'limitAmount', before: '5000000000', after: '7500000000', isSecret: false },
    ],
  });
  expect(changed.requestId).toMatch(/^req/);
  expect(changed.ipAddress).toMatch(/127\.0\.0\.1|::1/);
  expect(changed.previousHash).toBe(made.hash);
  const { auditVerification } = await ask(server, '{ auditVerification { isIntact lastHash lastSeq } }');
  expect(auditVerification).toMatchObject({ isIntact: true, lastHash: changed.hash, lastSeq: changed.seq });
});

test('the log is filtered, searched and paged, and another team sees nothing of it', async () => {
  const budget = await newBudget('Needle in the log');
  const found = await log({ search: 'needle' });
  expect(found.map(({ objectId }) => objectId)).toContain(budget.id);
  expect(await log({ action: 'createBudget', search: 'nothing like it' })).toEqual([]);
  expect(await log({ from: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
  expect(await log({ actorId: encodeId('User', 'usr_none') })).toEqual([]);
  expect(await log({ objectId: 'nonsense' })).toEqual([]);
  expect(await log({ objectId: budget.id }, other.key)).toEqual([]);
  expect((await log({ requestId: found[0].requestId })).length).toBeGreaterThan(0);
  const foreign = await revert(found[0].id, other.key);
  expect(foreign).toMatchObject({ __typename: 'NotFoundError' });
  const { node } = await ask(
    server,
    'query($id: ID!) { node(id: $id) { id } }',
    { id: found[0].id },
    { key: other.key },
  );
  expect(node).toBeNull();
  const document =
    'query($after: String) { auditLog(first: 1, after: $after) { pageInfo { endCursor } edges { node { seq } } } }';
  const first = (await ask(server, document)).auditLog;
  const second = (await ask(server, document, { after: first.pageInfo.endCursor })).auditLog;
  expect(second.edges[0].node.seq).toBe(first.edges[0].node.seq - 1);
});

test('a budget: a change, a deletion and its making are taken back; what changed since is not', async () => {
  const budget = await newBudget('Reverted');
  await mutate('updateBudget', { budgetId: budget.id, version: 1, limit: '9' }, budgetFields);
  const nine = await newest('Budget');
  await mutate('updateBudget', { budgetId: budget.id, version: 2, limit: '11' }, budgetFields);
  const eleven = await newest('Budget');
  expect((await log({ objectId: budget.id })).find(({ seq }) => seq === nine.seq)).toMatchObject({
    canRevert: false,
    cannotRevertBecause: expect.stringContaining(`entry ${eleven.seq}`),
  });
  expect(await revert(nine.id)).toMatchObject({ __typename: 'ConflictError', code: 'AUDIT.CANNOT_REVERT' });
  expect(await revert(eleven.id)).toMatchObject({
    auditEntry: {
      action: 'revertChange',
      reverts: { seq: eleven.seq },
      changes: [{ before: '11000000000', after: '9000000000' }],
    },
  });
  expect(await revert(eleven.id)).toMatchObject({ message: expect.stringContaining('already') });
  expect(await revert(nine.id)).toMatchObject({ __typename: 'RevertChangeSuccess' });
  await mutate('deleteBudget', { budgetId: budget.id }, 'budgetId');
  const deleted = await newest('Budget');
  expect(deleted.operation).toBe('DELETE');
  expect(await revert(deleted.id)).toMatchObject({ auditEntry: { operation: 'INSERT', objectName: 'Reverted' } });
  const again = await newest('Budget');
  expect(again.changes).toContainEqual({ path: 'limitAmount', before: null, after: '5000000000', isSecret: false });
  const stored = await server.services.prisma.budget.findMany({ where: { name: 'Reverted' } });
  expect(stored).toMatchObject([{ limitAmount: 5_000_000_000n, mode: 'hard', scope: [] }]);
  expect(await revert(again.id)).toMatchObject({ __typename: 'RevertChangeSuccess' });
  expect(await server.services.prisma.budget.count({ where: { name: 'Reverted' } })).toBe(0);
});

test('who may not manage is told so, and learns no addresses', async () => {
  const { prisma } = server.services;
  const { teamId } = await prisma.apiKey.findFirstOrThrow({ where: { teamId: { not: other.teamId } } });
  const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN']);
  await newBudget('Looked at');
  const [entry] = await log({ objectType: 'Budget' }, key);
  expect(entry).toMatchObject({
    ipAddress: null,
    canRevert: false,
    cannotRevertBecause: expect.stringContaining('owners'),
  });
  expect(
    (await ask(server, '{ auditLog { edges { node { userAgent } } } }', {}, { key })).auditLog.edges[0].node.userAgent,
  ).toBeNull();
});

test('roles, prices, rules, retention and settings are taken back through their own rules', async () => {
  const { prisma } = server.services;
  await mutate('setRole', { name: 'drafter', models: [{ model: 'openai/gpt-4o-mini' }], revision: 0 }, 'role { name }');
  await mutate('setRole', { name: 'drafter', models: [{ model: 'openai/gpt-4o' }], revision: 1 }, 'role { name }');
  expect(await revert((await newest('Role')).id)).toMatchObject({ __typename: 'RevertChangeSuccess' });
  expect(await prisma.role.findFirst({ where: { name: 'drafter' } })).toMatchObject({
    models: [{ model: 'openai/gpt-4o-mini' }],
  });

  const price = {
    model: 'openai/gpt-4o-mini',
    inputPerMillionUsd: '1',
    outputPerMillionUsd: '2',
    effectiveFrom: '2026-01-01',
  };
  const tiers = [{ aboveInputTokens: 1000, inputPerMillionUsd: '3' }];
  await mutate('setPriceOverride', { ...price, tiers }, 'priceOverride { id }');
  const { id } = (await mutate('setPriceOverride', { ...price, inputPerMillionUsd: '9' }, 'priceOverride { id }'))
    .priceOverride;
  expect(await revert((await newest('PriceOverride')).id)).toMatchObject({ __typename: 'RevertChangeSuccess' });
  expect(await prisma.priceOverride.findFirst()).toMatchObject({
    ...{ inputPerMillionUsd: '1', tiers: [{ aboveInputTokens: 1000, input: '3' }] },
  });
  await mutate('deletePriceOverride', { priceOverrideId: id }, '__typename');
  expect(await revert((await newest('PriceOverride')).id)).toMatchObject({ __typename: 'RevertChangeSuccess' });
  expect(await prisma.priceOverride.count()).toBe(1);

  await mutate('setRunRetention', { keepDays: 9 }, 'retention { days }');
  expect(await revert((await newest('RunSettings')).id)).toMatchObject({ __typename: 'RevertChangeSuccess' });
  expect((await ask(server, '{ runRetention { ownDays } }')).runRetention.ownDays).toBeNull();

  await mutate(
    'setTeamSettings',
    { timeZone: 'Europe/Berlin', auditDays: 90, features: [{ name: 'models.adaptiveRouting', isOn: false }] },
    'settings { timeZone }',
  );
  await mutate(
    'setTeamSettings',
    {
      timeZone: 'Asia/Tokyo',
      features: [{ name: 'models.adaptiveRouting', isOn: null }],
      currency: { code: 'EUR', perUsd: '0.92' },
    },
    'settings { timeZone }',
  );
  expect(await revert((await newest('TeamSettings')).id)).toMatchObject({ __typename: 'RevertChangeSuccess' });
  const { teamSettings } = await ask(
    server,
    '{ teamSettings { timeZone auditDays currency { code } features { name own } } }',
  );
  expect(teamSettings).toEqual({
    ...{ timeZone: 'Europe/Berlin', auditDays: 90, currency: null },
    features: [
      { name: 'workflow.multiModel', own: null },
      { name: 'models.adaptiveRouting', own: false },
    ],
  });
});

test('the log goes out as a file: JSON lines prove themselves, no cell of the CSV is a formula, others get nothing', async () => {
  const budget = await newBudget('=cmd|calc');
  const fetchFile = (query: string, key = server.key) =>
    fetch(`${server.url}/api/audit/export?${query}`, { headers: { authorization: `Bearer ${key}` } });
  const lines = (await (await fetchFile('format=jsonl')).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(await verifyChain(lines, undefined)).toMatchObject({ isIntact: true, checkedEntries: lines.length });
  lines[3].actorName = 'Eve';
  expect(await verifyChain(lines, undefined)).toMatchObject({ isIntact: false, brokenSeq: lines[3].seq });
  const answer = await fetchFile(`format=csv&objectId=${encodeURIComponent(budget.id)}`);
  expect(answer.headers.get('content-disposition')).toContain('audit.csv');
  const csv = await answer.text();
  expect(csv.split('\r\n')[1]).toContain(`"'=cmd|calc"`);
  expect(await log({ action: 'exportedAuditLog' })).toMatchObject([{ summary: 'Exported audit log.' }, {}]);
  expect(await (await fetchFile('format=jsonl', other.key)).text()).not.toContain('calc');
  const { teamId } = await server.services.prisma.apiKey.findFirstOrThrow({ where: { teamId: { not: other.teamId } } });
  const reader = await createKey(server.services, { teamId }, ['READ']);
  expect((await fetchFile('format=jsonl', reader.key)).status).toBe(403);
  expect((await fetch(`${server.url}/api/audit/export`)).status).toBe(401);
  expect((await fetchFile('format=jsonl&from=nonsense')).status).toBe(400);
});
