import { type GraphQLInputType, getNamedType, isInterfaceType, isNonNullType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutationPermissions } from '../auth/permission-table.ts';
import { createCanaryRows } from '../testing/canary-rows.ts';
import { change, readComparison, startComparison, waitUntilFinished } from '../testing/comparison-documents.ts';
import { readBySocket } from '../testing/event-subscribers.ts';
import { send } from '../testing/graph-client.ts';
import { sampleInput, typeOfId } from '../testing/mutation-input.ts';
import { createTeam, type OtherTeam } from '../testing/other-team.ts';
import { runSubscribers, startRun, untilRun } from '../testing/run-documents.ts';
import { plainFields, sampleValue, takesId } from '../testing/sample-input.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { decodeId, encodeId } from './global-id.ts';
import { schema } from './schema.ts';

/** A word that stands in everything that team one owns, and that team two may never see. */
const canary = 'canary-of-team-one';

let server: TestServer;
let stranger: OtherTeam;
/** Ids of team one's things by their type, and of things that do not exist. */
let foreign: Record<string, string>;
let missing: Record<string, string>;

beforeAll(async () => {
  server = await startTestServer();
  stranger = await createTeam(server.services, 'Strangers');
  const { prisma } = server.services;
  const owner = await prisma.member.findFirstOrThrow({ where: { teamId: { not: stranger.teamId } } });
  await prisma.team.update({ where: { id: owner.teamId }, data: { name: canary } });
  await prisma.user.update({ where: { id: owner.userId }, data: { name: canary } });
  const apiKey = await prisma.apiKey.findFirstOrThrow({ where: { teamId: owner.teamId } });
  await prisma.apiKey.update({ where: { id: apiKey.id }, data: { name: canary } });
  const { id, lanes } = await startComparison(server, ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'], {
    prompt: canary,
  });
  await waitUntilFinished(server, id);
  await change(server, 'annotateComparison', { comparisonId: id, notes: canary });
  const providerId = server.services.ids.next('prv');
  await server.services.providerRows.create(
    owner.teamId,
    {
      id: providerId,
      slug: canary,
      type: 'openai',
      displayName: canary,
      baseUrl: 'https://canary.example/v1',
      limits: {},
      retry: {},
      deadlines: {},
      models: [],
    },
    [],
  );
  await server.services.provisioner.reloadRows();
  const priceOverrideId = server.services.ids.next('prc');
  const price = { effectiveFrom: '2026-01-01', inputPerMillionUsd: '1', outputPerMillionUsd: '1', tiers: [] };
  await server.services.priceRows.set(
    owner.teamId,
    { ...price, id: priceOverrideId, model: 'openai/gpt-5', note: canary },
    [],
  );
  await server.services.prices.reloadRows();
  const { alerts, ids, clock } = server.services;
  const channel = { id: ids.next('ach'), teamId: owner.teamId };
  const sealed = alerts.channels.seal(channel, 'https://canary.example/hook', null);
  await alerts.channels.create({ ...channel, ...sealed, name: canary, type: 'slack', isEnabled: false });
  const raised = await alerts.raise({
    teamId: owner.teamId,
    kind: 'provider.down',
    severity: 'critical',
    status: 'firing',
    origin: 'live',
    title: canary,
    message: canary,
    link: '/health',
    facts: [],
    dedupeKey: canary,
    atMs: clock.nowMs(),
  });
  const alertId = raised.alert?.id ?? '';
  const now = new Date(clock.nowMs());
  const delivery = { alertId, teamId: owner.teamId, channelId: channel.id, channelName: canary, state: 'delivered' };
  await prisma.alertDelivery.create({ data: { ...delivery, id: 'msg_1', nextAttemptAt: now, createdAt: now } });
  const budgetDocument =
    'mutation($input: CreateBudgetInput!) { createBudget(input: $input) { ... on CreateBudgetSuccess { budget { id } } } }';
  const budgetInput = { name: canary, unit: 'COST', window: 'DAY', limit: '1000' };
  const { createBudget } = (await send(server, budgetDocument, { input: budgetInput })).data;
  const budgetId = decodeId(createBudget.budget.id, 'Budget') ?? '';
  const refusal = {
    budgetId,
    budgetName: canary,
    unit: 'cost',
    windowId: budgetId,
    spent: 1n,
    reserved: 0n,
    limit: 1n,
    resetsAtMs: undefined,
    reason: 'budget-exceeded',
    requested: 1n,
    onBreach: 'fail-fast',
    whenAllBreach: 'fail',
  } as const;
  const attributes = { teamId: owner.teamId, origin: 'live', providerId: 'openai', modelId: 'openai/gpt-4o' } as const;
  const { breaches, approvals } = server.services;
  breaches.noteRefusal({ refusal, attributes, decision: 'fail-fast', atMs: clock.nowMs() });
  await breaches.flush();
  const approval = await approvals.request(refusal, attributes, { source: canary, sourceId: canary });
  const breach = await prisma.budgetBreach.findFirstOrThrow({ where: { budgetId } });
  const decision = { id: 'dec_1', teamId: owner.teamId, decidedAt: now, requestedName: canary, source: 'complete' };
  const plan = {
    explanation: canary,
    candidates: [],
    rejected: [],
    matchedRules: [],
    failedRules: [],
    learningScopes: [],
  };
  const chosen = { strategy: 'balanced', chosenModelId: canary, propensity: 1, snapshotVersion: '1', seed: 1n };
  await prisma.routingDecision.create({ data: { ...decision, ...chosen, request: {}, plan } });
  const workflowDocument = `mutation($role: SetRoleInput!, $workflow: CreateWorkflowFromGalleryInput!) {
    setRole(input: $role) { __typename } createWorkflowFromGallery(input: $workflow) { ... on WorkflowSuccess { workflow { id draft { revision } } } } }`;
  const role = { name: canary, description: canary, models: [{ model: 'openai/gpt-4o-mini' }], revision: 0 };
  const workflow = { gallery: 'summarize-and-critique', name: canary };
  const made = (await send(server, workflowDocument, { role, workflow })).data.createWorkflowFromGallery.workflow;
  const publish =
    'mutation($input: PublishWorkflowInput!) { publishWorkflow(input: $input) { ... on WorkflowPublishedSuccess { version { id } } } }';
  const publishing = { workflowId: made.id, revision: made.draft.revision, note: canary };
  const { publishWorkflow } = (await send(server, publish, { input: publishing })).data;
  const started = await startRun(server, { workflow: canary, inputs: { document: canary }, tags: [canary] });
  await untilRun(server, started.run.id, 'COMPLETED', 'FAILED');
  const rows = await createCanaryRows(prisma, { teamId: owner.teamId, providerId, canary, now });
  foreign = {
    ...Object.fromEntries(Object.entries(rows).map(([type, rowId]) => [type, encodeId(type, rowId)])),
    Role: encodeId('Role', canary),
    Run: started.run.id,
    Workflow: made.id,
    WorkflowVersion: publishWorkflow.version.id,
    RouteDecision: encodeId('RouteDecision', decision.id),
    Budget: createBudget.budget.id,
    BudgetBreach: encodeId('BudgetBreach', breach.id),
    BudgetApproval: encodeId('BudgetApproval', approval?.id ?? ''),
    Alert: encodeId('Alert', alertId),
    AlertChannel: encodeId('AlertChannel', channel.id),
    AlertDelivery: encodeId('AlertDelivery', 'msg_1'),
    PriceOverride: encodeId('PriceOverride', priceOverrideId),
    Provider: encodeId('Provider', providerId),
    Comparison: id,
    ComparisonLane: lanes[0].id,
    ApiKey: encodeId('ApiKey', apiKey.id),
    Member: encodeId('Member', owner.id),
    Team: encodeId('Team', owner.teamId),
    User: encodeId('User', owner.userId),
  };
  missing = Object.fromEntries(Object.keys(foreign).map((type) => [type, encodeId(type, 'none_0123456789')]));
});
afterAll(() => server.stop());

const ask = (query: string, variables = {}) => send(server, query, variables, { key: stranger.key });
/** An answer without what differs for honest reasons: ids that were sent, request ids, cost, texts of models. */
const comparable = (text: string) =>
  [...Object.values(foreign), ...Object.values(missing)]
    .reduce((rest, id) => rest.replaceAll(id, 'ID'), text)
    .replace(/"extensions":\{"cost".*$/, '');

const scalarFields = (typeName: string) => {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type.`);
  const names = Object.values(type.getFields()).filter(
    (field) => !isObjectType(getNamedType(field.type)) && field.args.length === 0,
  );
  return names.map((field) => field.name).join(' ');
};

describe('another team’s things answer like things that do not exist', () => {
  const node = schema.getType('Node');
  const nodeTypes = isInterfaceType(node) ? schema.getPossibleTypes(node).map((type) => type.name) : [];
  const publicNodes = ['Model'];

  test('every node type that belongs to a team is part of this walk', () => {
    expect(nodeTypes.filter((name) => !publicNodes.includes(name)).sort()).toEqual(Object.keys(foreign).sort());
  });

  test.each(nodeTypes.filter((name) => !publicNodes.includes(name)))('node and nodes: %s', async (type) => {
    const query = `query($id: ID!) { node(id: $id) { id ... on ${type} { ${scalarFields(type)} } } nodes(ids: [$id]) { id } }`;
    const [theirs, none] = [await ask(query, { id: foreign[type] }), await ask(query, { id: missing[type] })];
    expect(theirs.data).toEqual({ node: null, nodes: [null] });
    expect(comparable(theirs.text)).toBe(comparable(none.text));
    const own = await send(server, query, { id: foreign[type] });
    expect(own.data.node).not.toBeNull();
  });

  test('ids that are none at all are no server’s fault', async () => {
    const ids = [
      'garbage',
      '',
      '💥',
      encodeId('Nothing', '1'),
      encodeId('User', 'a\0b'),
      encodeId('Model', 'x'),
      encodeId('User', ''),
    ];
    for (const id of ids) {
      for (const query of [
        'query($id: ID!) { node(id: $id) { id } }',
        'query($id: ID!) { comparison(id: $id) { id } }',
      ]) {
        const answer = await ask(query, { id });
        for (const error of answer.errors ?? [])
          expect(error.extensions.code, `${id} ${error.message}`).toBe('BAD_USER_INPUT');
      }
    }
    expect(server.log.text).not.toContain('an unexpected error');
  });

  test('every query with an id, and every list', async () => {
    const theirs = await ask('query($id: ID!) { comparison(id: $id) { id prompt } }', { id: foreign.Comparison });
    expect(theirs.data).toEqual({ comparison: null });
    const lists = await ask(
      `{ comparisons(filter: { search: "${canary}" }) { totalCount edges { node { id prompt } } }
         all: comparisons { totalCount } providers { slug displayName } models(first: 1) { edges { node { modelId } } } notifications { totalCount edges { node { title } } } alertDeliveries { totalCount edges { node { channelName } } } alertChannels { name } budgets { totalCount edges { node { name } } } budgetBreaches { totalCount edges { node { budgetName } } } budgetApprovals { totalCount edges { node { budgetName } } } workflows { totalCount edges { node { name } } } incidents { totalCount edges { node { providerName } } } health { provider { slug } } maintenanceWindows { note } alertRules { name } failoverPlans { name } failoverOutages { totalCount edges { node { modelId } } } failureRehearsals { totalCount edges { node { model } } } runs { totalCount edges { node { workflowName } } } callRecords(from: "2020-01-01T00:00:00Z", to: "2029-01-01T00:00:00Z", origin: LIVE) { totalCount edges { node { model } } } weeklyReports(origin: LIVE) { edges { node { weekStart } } } weeklyReport(origin: LIVE) { weekStart } roles { name description } unreadNotificationCount viewer { user { name } team { name apiKeys { name } } } }`,
    );
    expect(lists.data.comparisons).toEqual({ totalCount: 0, edges: [] });
    expect(lists.data.all.totalCount).toBe(0);
    expect(lists.data.notifications).toEqual({ totalCount: 0, edges: [] });
    expect(lists.data.alertDeliveries).toEqual({ totalCount: 0, edges: [] });
    expect(lists.data).toMatchObject({ alertChannels: [], unreadNotificationCount: 0 });
    expect(lists.data.maintenanceWindows).toEqual([]);
    expect(lists.data.weeklyReports).toEqual({ edges: [] });
    expect(lists.data.weeklyReport).toBeNull();
    for (const name of [
      'incidents',
      'failoverOutages',
      'failureRehearsals',
      'budgets',
      'budgetBreaches',
      'budgetApprovals',
      'workflows',
      'runs',
      'callRecords',
    ])
      expect(lists.data[name], name).toEqual({ totalCount: 0, edges: [] });
    expect(lists.text.replace(canary, '')).not.toContain('canary');
    const cursors = await send(server, '{ comparisons { edges { cursor } } }');
    const page = await ask('query($after: String!) { comparisons(after: $after) { edges { node { prompt } } } }', {
      after: cursors.data.comparisons.edges[0].cursor,
    });
    expect(page.text).not.toContain(canary);
  });

  const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
  const withIds = queries.filter(({ name, args }) => !/^nodes?$/.test(name) && args.some(({ type }) => takesId(type)));
  test.each(withIds.map((field) => [field.name, field] as const))(
    'query %s, by ids of any kind',
    async (name, field) => {
      const given = field.args.filter(({ type }) => isNonNullType(type) || takesId(type));
      const declared = given.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
      const passed = given.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
      const isLeaf = !isObjectType(getNamedType(field.type));
      const query = `query(${declared}) { ${name}(${passed}) ${isLeaf ? '' : `{ __typename ${plainFields(field.type)} }`} }`;
      const run = (id: string | undefined) =>
        ask(
          query,
          Object.fromEntries(given.map(({ name: argument, type }) => [argument, sampleValue(type, id ?? '')])),
        );
      for (const type of Object.keys(foreign)) {
        const [theirs, none] = [await run(foreign[type]), await run(missing[type])];
        expect(comparable(theirs.text), type).toBe(comparable(none.text));
        expect(theirs.text, type).not.toContain(canary);
      }
    },
  );

  test('measurements of models are each team’s own', async () => {
    await server.services.callRecords.flush();
    const query = '{ models(first: 100) { edges { node { modelId measured { calls } } } } }';
    expect((await send(server, query)).text).toContain('"calls":1');
    expect((await ask(query)).text).not.toContain('"calls":');
  });

  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  test.each(mutations.map((field) => [field.name, field] as const))('mutation %s', async (name, field) => {
    const [argument] = field.args;
    const inputType = argument?.type as GraphQLInputType;
    const before = await readComparison(server, foreign.Comparison ?? '');
    const result = '{ __typename ... on UserError { code message path } }';
    const run = (ids: Record<string, string>) =>
      argument
        ? ask(`mutation($input: ${inputType}) { ${name}(input: $input) ${result} }`, {
            input: sampleInput(inputType, ids),
          })
        : ask(`mutation { ${name} ${result} }`);
    const takesIds = argument && Object.keys(sampleInput(inputType, foreign)).some((key) => typeOfId(key));
    const [theirs, none] = [await run(foreign), await run(missing)];
    // No key gets as far as an id where a person is wanted; that walk is another test's.
    const isForPeople = /^(PERSON|OWNER)$/.test(mutationPermissions.get(name) ?? '');
    if (takesIds && !isForPeople)
      expect(theirs.data[name]).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    expect(comparable(theirs.text)).toBe(comparable(none.text));
    expect(theirs.text).not.toContain(canary);
    expect(await readComparison(server, foreign.Comparison ?? '')).toEqual(before);
  });

  test('every subscription', async () => {
    // Those of alerts, budgets, health and tests have tests of their own beside the features.
    expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort()).toEqual([
      'alerts',
      'budgetEvents',
      'comparisonEvents',
      'experimentProgress',
      'healthEvents',
      'runEvents',
    ]);
    const asStranger = { ...server, key: stranger.key };
    const reasonOf = (reading: Promise<unknown> | undefined) =>
      reading?.then(
        () => 'delivered',
        (error: Error) => error.message,
      );
    const ofComparison = await reasonOf(readBySocket(asStranger, foreign.Comparison ?? ''));
    expect(ofComparison).toContain('no such comparison');
    expect(await reasonOf(readBySocket(asStranger, missing.Comparison ?? ''))).toBe(ofComparison);
    const ofRun = await reasonOf(runSubscribers['graphql-ws']?.(asStranger, foreign.Run ?? ''));
    expect(ofRun).toContain('no such run');
    expect(await reasonOf(runSubscribers['graphql-ws']?.(asStranger, missing.Run ?? ''))).toBe(ofRun);
  });

  test('an idempotency key of another team is not found either', async () => {
    const input = { prompt: canary, models: ['openai/gpt-4o-mini', 'openai/gpt-4o'], idempotencyKey: 'shared' };
    const document =
      'mutation($input: StartComparisonInput!) { startComparison(input: $input) { ... on StartComparisonSuccess { comparison { id } } } }';
    const mine = await send(server, document, { input });
    const theirs = await ask(document, { input });
    expect(theirs.data.startComparison.comparison.id).not.toBe(mine.data.startComparison.comparison.id);
  });
});

test('no key was logged or stored, whatever was asked', async () => {
  expect(server.log.text).not.toContain(server.key);
  expect(server.log.text).not.toContain(stranger.key);
  const { prisma } = server.services;
  const tables = await prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`;
  for (const { name } of tables) {
    const rows = await prisma.$queryRawUnsafe<{ text: string }[]>(`SELECT t::text AS text FROM "${name}" t`);
    expect(
      rows.some((row) => row.text.includes(server.key)),
      name,
    ).toBe(false);
  }
});
