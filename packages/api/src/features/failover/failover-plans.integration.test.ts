import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeId } from '../../graphql/global-id.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { completeWith } from '../../testing/provider-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ isWithSimulatorControl: true, policy: { overallMs: 10_000 } });
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const planFields = `id name scope isEnabled primary chain when returnKind returnAfterAnswers version updatedByName yaml
  triggers { consecutiveFailures statusFrom windowMs } passedOver { id modelId reason measured threshold }
  versions { version change note yaml }`;

async function change(name: string, input: Record<string, unknown>, fields: string, key?: string): Promise<LooseJson> {
  const type = name[0]?.toUpperCase() + name.slice(1);
  const document = `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename
    ... on UserError { code message path } ${/^(delete|end|return)/.test(name) ? '' : '... on ValidationError { issues { path code } }'}
    ${name.includes('FailoverPlan') && !name.startsWith('delete') ? '... on InvalidConditionError { problem { start end code suggestion } }' : ''}
    ... on ${type}Success { ${fields} } } }`;
  return (await ask(server, document, { input }, key === undefined ? {} : { key }))[name];
}
const plan = `plan { ${planFields} }`;

async function answerOf(model: string, context?: object): Promise<LooseJson> {
  const document = `mutation($input: CompleteInput!) { complete(input: $input) { __typename ... on UserError { code message }
    ... on CompleteSuccess { modelId timeline { kind modelId reason message } } } }`;
  return (await ask(server, document, { input: { model, prompt: 'Say hello', ...(context && { context }) } })).complete;
}

const primary = 'openai/gpt-4o-mini';
const other = 'anthropic/claude-haiku-4-5';
const breakOpenAi = () =>
  server.simulator.control.addFault({ kind: 'error', status: 401, vendor: 'openai', path: 'chat' } as never);
const breakServer = () =>
  server.simulator.control.addFault({ kind: 'error', status: 503, vendor: 'openai', path: 'chat' } as never);

describe('failover plans', () => {
  test('one for a scope stands in, passes over what fails until somebody gives it back, and its history is kept', async () => {
    const input = {
      name: 'Keep answering',
      scope: 'role:clerk',
      primary,
      chain: [other],
      triggers: { consecutiveFailures: 2 },
      when: 'request.inputTokens < 5000',
      returning: { kind: 'BY_HAND' },
      note: 'First try.',
    };
    const made = (await change('createFailoverPlan', input, plan)).plan;
    expect(made).toMatchObject({
      version: 1,
      scope: 'role:clerk',
      returnKind: 'BY_HAND',
      versions: [{ change: 'created' }],
    });
    expect((await change('createFailoverPlan', input, plan)).code).toBe('FAILOVER.PLAN_EXISTS');

    const clerk = { role: 'clerk' };
    expect((await answerOf(primary, clerk)).modelId).toBe(primary);
    breakOpenAi();
    // Calls of another scope are left alone.
    expect((await answerOf(primary)).__typename).toBe('ModelCallError');
    for (let call = 0; call < 2; call += 1) expect((await answerOf(primary, clerk)).modelId).toBe(other);
    server.simulator.control.reset();
    breakServer();
    for (let call = 0; call < 2; call += 1) expect((await answerOf(primary, clerk)).modelId).toBe(other);
    server.simulator.control.reset();
    server.services.dispatcher.chain.circuits.enterAnyway(primary).settle('success');

    const passed = await answerOf(primary, clerk);
    expect(passed.modelId).toBe(other);
    expect(passed.timeline[0]).toMatchObject({ kind: 'CANDIDATE_SKIPPED', modelId: primary });
    expect(passed.timeline[0].message).toContain('calls in a row failed');
    await server.services.failover.tick();
    const plans = await ask(
      server,
      `{ failoverPlans { ${planFields} } failoverOutages { totalCount edges { node { returnedAt } } } }`,
    );
    expect(plans.failoverPlans[0].passedOver).toMatchObject([
      { modelId: primary, reason: 'TRIGGER_CONSECUTIVE_FAILURES' },
    ]);
    expect(plans.failoverOutages).toMatchObject({ totalCount: 1, edges: [{ node: { returnedAt: null } }] });

    const outageId = plans.failoverPlans[0].passedOver[0].id;
    const back = await change('returnToPrimary', { outageId }, 'outage { returnReason returnedAt }');
    expect(back.outage).toMatchObject({ returnReason: 'by-hand', returnedAt: expect.any(String) });
    expect((await change('returnToPrimary', { outageId }, 'outage { id }')).code).toBe('FAILOVER.OVER');
    expect((await answerOf(primary, clerk)).modelId).toBe(primary);

    const range = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 60_000), origin: 'SIMULATED' };
    const { failoverActivity: activity } = await ask(
      server,
      `query($range: FailoverRangeInput!) { failoverActivity(range: $range) { rescued lost extraUsd wastedUsd outages outageSeconds
        maxFailoverMs flows { fromModelId toModelId reason requests } days { rescued lost } } }`,
      { range },
    );
    expect(activity).toMatchObject({ rescued: 5, lost: 1, outages: 1 });
    expect(Number(activity.extraUsd)).toBeGreaterThan(0);
    expect(activity.flows).toContainEqual(
      expect.objectContaining({
        fromModelId: primary,
        toModelId: other,
        reason: 'trigger-consecutive-failures',
        requests: 2,
      }),
    );
    expect(activity.flows).toContainEqual(expect.objectContaining({ toModelId: null, reason: 'auth' }));

    const { idempotencyKey: _none, ...content } = { ...input, idempotencyKey: '' };
    const planId = made.id;
    const updated = await change('updateFailoverPlan', { planId, ...content, chain: [], version: 1, note: null }, plan);
    expect(updated.plan).toMatchObject({ version: 2, chain: [] });
    const stale = await change('updateFailoverPlan', { planId, ...content, version: 1 }, plan);
    expect(stale.code).toBe('FAILOVER.PLAN_CHANGED');
    const restored = await change('restoreFailoverPlan', { planId, version: 1 }, plan);
    expect(restored.plan).toMatchObject({ version: 3, chain: [other] });
    expect(restored.plan.versions.map((each: LooseJson) => each.change)).toEqual(['restored', 'changed', 'created']);
    expect(restored.plan.yaml).toContain('return: by-hand');
    expect((await change('deleteFailoverPlan', { planId }, 'planId')).planId).toBe(planId);
    expect((await ask(server, '{ failoverPlans { id } }')).failoverPlans).toEqual([]);
    expect((await change('createFailoverPlan', input, plan)).plan.version).toBe(1);
  }, 60_000);

  test('what cannot hold is refused with its place', async () => {
    const input = { name: 'x', scope: 'team', chain: [other] };
    expect(await change('createFailoverPlan', { ...input, when: 'request.rolle == "x"' }, plan)).toMatchObject({
      __typename: 'InvalidConditionError',
      path: ['input', 'when'],
      problem: { start: expect.any(Number), suggestion: 'Did you mean role?' },
    });
    const wrong = await change(
      'createFailoverPlan',
      { ...input, primary: other, chain: ['openai/nothing', other, other] },
      plan,
    );
    const places = wrong.issues.map(({ path, code }: LooseJson) => `${path.join('.')} ${code}`);
    expect(places).toEqual(['input.chain.0 unknown_model', 'input.chain.1 duplicate', 'input.chain.2 duplicate']);
    expect((await change('createFailoverPlan', { ...input, scope: 'somewhere' }, plan)).code).toBe('INPUT.INVALID');
    expect((await change('createFailoverPlan', { ...input, chain: [] }, plan)).issues[0].code).toBe('nothing_to_do');
    const { teamId } = await server.services.prisma.apiKey.findFirstOrThrow();
    const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN']);
    expect((await change('createFailoverPlan', input, plan, key)).code).toBe('TEAMS.FORBIDDEN');
  });
});

describe('alert rules', () => {
  const ruleFields = 'rule { id version isEnabled threshold windowMs summary firing { title } mutedUntil }';
  const standard = (kind: string) => encodeId('AlertRule', `standard:${kind}`);

  test('one with a threshold tells once with its evidence, across restarts, and tells its end', async () => {
    const { prisma, health, alerts, callRecords } = server.services;
    const made = await change(
      'createAlertRule',
      {
        kind: 'ERROR_RATE',
        name: 'Half fails',
        threshold: 0.3,
        minCalls: 4,
        providerId: encodeId('Provider', 'google'),
      },
      ruleFields,
    );
    expect(made.rule.summary).toContain('more than 30 % of the calls of Google');
    server.simulator.control.addFault({ kind: 'error', status: 401, vendor: 'google', path: 'chat' } as never);
    for (let call = 0; call < 5; call += 1) await completeWith(server, 'google/gemini-2.5-flash');
    await callRecords.flush();
    const look = async () => {
      await prisma.alertRule.updateMany({ data: { nextAtMs: 0n } });
      await health.ruleWatch.tick();
      await alerts.tick();
    };
    await look();
    await look();
    const told = () =>
      prisma.alert.findMany({ where: { dedupeKey: { startsWith: 'rule:' } }, orderBy: { seq: 'asc' } });
    expect(await told()).toMatchObject([{ kind: 'provider.errorRate', status: 'firing', origin: 'SIMULATED' }]);
    const [first] = await told();
    expect(first?.message).toContain('5 of 5 calls failed');
    expect(first?.link).toMatch(/^\/health\?provider=google&rule=/);
    const facts = new Map(
      ((first?.facts ?? []) as { name: string; value: unknown }[]).map(({ name, value }) => [name, value]),
    );
    expect(Object.fromEntries(facts)).toMatchObject({
      measured: '100 %',
      threshold: '30 %',
      calls: 5,
      window: '5 min',
    });
    const listed = (await ask(server, '{ alertRules { name isStandard firing { title } } }')).alertRules;
    expect(listed.filter(({ isStandard }: LooseJson) => isStandard)).toHaveLength(7);
    expect(listed.at(-1)).toMatchObject({
      name: 'Half fails',
      firing: [{ title: expect.stringContaining('fails too often') }],
    });

    // Another provider's rule, or none: the end is told because the rule was changed.
    await change('updateAlertRule', { ruleId: made.rule.id, version: 1, threshold: 1 }, ruleFields);
    await look();
    expect((await told()).map(({ status }) => status)).toEqual(['firing', 'resolved']);
    const stale = await change('updateAlertRule', { ruleId: made.rule.id, version: 1, threshold: 0.5 }, ruleFields);
    expect(stale.code).toBe('ALERTS.RULE_CHANGED');
    expect((await change('deleteAlertRule', { ruleId: made.rule.id }, 'ruleId')).ruleId).toBe(made.rule.id);
  }, 60_000);

  test('a standard one can be switched off, muted and reset; what makes no sense is refused', async () => {
    const off = await change('updateAlertRule', { ruleId: standard('down'), version: 0, isEnabled: false }, ruleFields);
    expect(off.rule).toMatchObject({ id: standard('down'), isEnabled: false, version: 1 });
    const { health } = server.services;
    const { teamId } = await server.services.prisma.apiKey.findFirstOrThrow();
    expect(health.rules.choose(teamId, 'down', 'openai')?.isEnabled).toBe(false);
    expect((await change('deleteAlertRule', { ruleId: standard('down') }, 'ruleId')).ruleId).toBe(standard('down'));
    expect(health.rules.choose(teamId, 'down', 'openai')?.isEnabled).toBe(true);
    const wrong = await change(
      'updateAlertRule',
      { ruleId: standard('recovery'), version: 0, threshold: 2 },
      ruleFields,
    );
    expect(wrong.issues).toMatchObject([{ path: ['input', 'threshold'] }]);
    const burn = { kind: 'BURN_RATE', name: 'Burn', windowMs: 600_000, shortWindowMs: 900_000 };
    expect((await change('createAlertRule', burn, ruleFields)).issues[0].path).toEqual(['input', 'shortWindowMs']);
  });
});

describe('paid probes and maintenance', () => {
  test('a probe is a paid check within its daily cap, and off unless somebody switched it on', async () => {
    const { prisma, paidProbes } = server.services;
    await paidProbes.tick();
    expect(await prisma.healthCheck.count({ where: { kind: 'paid' } })).toBe(0);
    const providerId = encodeId('Provider', 'openai');
    const fields =
      'health { paidProbe { isEnabled maxPerDay usedCalls usedUsd } checks(first: 1) { kind modelId isOk } }';
    const noModel = await change('setPaidProbe', { providerId, isEnabled: true }, fields);
    expect(noModel).toMatchObject({ code: 'INPUT.INVALID', path: ['input', 'modelId'] });
    const input = { providerId, isEnabled: true, modelId: 'openai/gpt-5-mini', maxPerDay: 1 };
    expect((await change('setPaidProbe', input, fields)).health.paidProbe).toMatchObject({
      isEnabled: true,
      usedCalls: 0,
    });
    for (let turn = 0; turn < 3; turn += 1) {
      await prisma.healthProbe.updateMany({ data: { nextAtMs: 0n } });
      await Promise.all([paidProbes.tick(), paidProbes.tick()]);
    }
    const { health } = await ask(server, `query($ids: [ID!]) { health(providers: $ids) { ${fields.slice(9, -2)} } }`, {
      ids: [providerId],
    });
    expect(health[0]).toMatchObject({
      paidProbe: { usedCalls: 1 },
      checks: [{ kind: 'PAID', modelId: 'openai/gpt-5-mini', isOk: true }],
    });
    expect(Number(health[0].paidProbe.usedUsd)).toBeGreaterThan(0);
    expect(await prisma.healthCheck.count({ where: { kind: 'paid' } })).toBe(1);
    await server.services.callRecords.flush();
    const [record] = await prisma.callRecord.findMany({ where: { tags: { has: 'health-probe' } } });
    expect(record?.finishReason).not.toBe('length');
  });

  test('maintenance that begins or ends while an incident goes on is a step of it', async () => {
    const { prisma, health, clock, ids } = server.services;
    const now = new Date(clock.nowMs());
    const incidentId = ids.next('inc');
    const provider = {
      subjectId: 'cohere',
      slug: 'cohere',
      displayName: 'Cohere',
      origin: 'SIMULATED',
      openKey: incidentId,
    } as const;
    const trouble = {
      severity: 'down',
      status: 'down',
      cause: 'no-answer',
      models: [],
      detectedAt: now,
      updatedAt: now,
    };
    await prisma.healthIncident.create({
      data: { id: incidentId, ...provider, ...trouble, startedAt: new Date(+now - 60_000) },
    });
    const input = {
      providerId: encodeId('Provider', 'cohere'),
      endsAt: new Date(+now + 3_600_000),
      note: 'New disks.',
    };
    const { window } = await change('createMaintenanceWindow', input, 'window { id }');
    const steps = async () =>
      (await prisma.healthIncidentEntry.findMany({ where: { incidentId }, orderBy: { at: 'asc' } })).map(
        ({ text }) => text,
      );
    const { tellMaintenance } = await import('../health/tell-maintenance.ts');
    await Promise.all([tellMaintenance(server.services), tellMaintenance(server.services)]);
    expect(await steps()).toEqual(['Maintenance began: New disks.']);
    await change('endMaintenanceWindow', { maintenanceId: window.id }, 'window { id }');
    await tellMaintenance(server.services);
    expect(await steps()).toEqual(['Maintenance began: New disks.', 'Maintenance ended: New disks.']);
    await expect.poll(() => health.find('cohere'), { timeout: 10_000 }).toBeDefined();
  });
});
