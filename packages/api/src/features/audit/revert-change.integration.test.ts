import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Identity } from '../../auth/identity.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { createTeam } from '../../testing/other-team.ts';
import { publishRules, setTeamRouting } from '../../testing/routing-documents.ts';
import { publish } from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { createChannel, updateChannel } from '../alerts/change-channel.ts';
import { createPlan, deletePlan, updatePlan } from '../failover/change-plan.ts';
import { updateRule } from '../health/rules/change-rule.ts';
import { createProvider } from '../providers/create-provider.ts';
import { setProviderEnabled } from '../providers/set-provider-enabled.ts';
import { updateProvider } from '../providers/update-provider.ts';
import { changeMemberRole } from '../teams/change-members.ts';
import { renameTeam } from '../teams/change-teams.ts';
import { publishWorkflow, saveWorkflowDraft } from '../workflows/change-workflow.ts';
import { cannotRevert, revertChange } from './revert-change.ts';

let server: TestServer;
let identity: Identity;
beforeAll(async () => {
  server = await startTestServer();
  identity = (await server.services.identities.resolve({ kind: 'api-key', key: server.key })) as Identity;
});
afterAll(() => server.stop());

const newest = (objectType: string) =>
  server.services.prisma.auditEntry.findFirstOrThrow({
    where: { teamId: identity.teamId, objectType },
    orderBy: { seq: 'desc' },
  });
const revertNewest = async (objectType: string) => {
  const entry = await newest(objectType);
  const { entryId } = await revertChange(server.services, identity, entry.id);
  const { prisma } = server.services;
  expect(await prisma.auditEntry.findUnique({ where: { id: entryId } })).toMatchObject({ revertsSeq: entry.seq });
};

test('alert rules and channels go back, but never what would need a secret', async () => {
  const { services } = server;
  const { prisma } = services;
  await updateRule(services, identity, 'standard:latency', { version: 0, threshold: 900 });
  await updateRule(services, identity, 'standard:latency', { version: 1, threshold: 100, isEnabled: false });
  await revertNewest('AlertRule');
  expect(await prisma.alertRule.findFirst()).toMatchObject({ threshold: 900, isEnabled: true });
  const wanted = { name: 'Hook', type: 'webhook', url: 'https://hooks.example.com/in' };
  const { channel } = await createChannel(services, identity, wanted);
  await updateChannel(services, identity, channel.id, { isEnabled: false });
  await revertNewest('AlertChannel');
  expect(await prisma.alertChannel.findFirst()).toMatchObject({ isEnabled: true });
  await updateChannel(services, identity, channel.id, { url: 'https://hooks.example.com/other' });
  expect(await cannotRevert(services, identity, await newest('AlertChannel'))).toMatch(/secret/);
});

test('a provider is switched and set back, and never its address', async () => {
  const { services } = server;
  const { prisma } = services;
  const id = await createProvider(services, identity, {
    ...{ slug: 'mine', type: 'custom', baseUrl: 'https://models.example.com/v1', apiKey: 'canary-key' },
  });
  await updateProvider(services, identity, id, { displayName: 'Mine', limits: { maxConcurrent: 3 } });
  await revertNewest('Provider');
  expect(await prisma.provider.findFirst({ where: { id } })).toMatchObject({ displayName: null, limits: {} });
  await setProviderEnabled(services, identity, id, false);
  await revertNewest('Provider');
  expect(await prisma.provider.findFirst({ where: { id } })).toMatchObject({ isEnabled: true });
  await updateProvider(services, identity, id, { baseUrl: 'https://other.example.com/v1' });
  expect(await cannotRevert(services, identity, await newest('Provider'))).toMatch(/secret|by hand/);
  const entries = await prisma.auditEntry.findMany({ where: { objectType: 'Provider' } });
  expect(JSON.stringify(entries)).not.toContain('canary-key');
});

test('rules and workflows go back to the version before, settings and failover plans to what they were', async () => {
  const { services } = server;
  const { prisma } = services;
  const rule = (name: string) => [{ name, when: 'request.tags.size() > 3', actions: [{ deny: ['openai/gpt-4o'] }] }];
  await publishRules(server, rule('First'));
  expect(await cannotRevert(services, identity, await newest('RoutingRuleVersion'))).toMatch(/no earlier/);
  await publishRules(server, rule('Second'));
  const second = await newest('RoutingRuleVersion');
  await revertNewest('RoutingRuleVersion');
  const [latest] = await prisma.routingRuleVersion.findMany({ orderBy: { version: 'desc' }, take: 1 });
  expect(latest).toMatchObject({ version: 3, rolledBackTo: 1, rules: [{ name: 'First' }] });
  expect(await cannotRevert(services, identity, second)).toMatch(/already/);

  await setTeamRouting(server, { strategy: 'COST_FIRST' });
  await setTeamRouting(server, { strategy: 'LATENCY_FIRST', modelWeights: [{ modelId: 'openai/gpt-4o', weight: 2 }] });
  await revertNewest('RoutingSetting');
  expect((await prisma.routingSetting.findFirst())?.preferences).toEqual({ strategy: 'cost-first' });

  const plan = {
    name: 'Plan',
    scope: 'team',
    primary: 'openai/gpt-4o',
    chain: ['anthropic/claude-haiku-4-5'],
    isEnabled: true,
  };
  const { id, version } = await createPlan(services, identity, plan);
  await updatePlan(services, identity, id, { ...plan, name: 'Other', isEnabled: false, version });
  await revertNewest('FailoverPlan');
  expect(await prisma.failoverPlan.findFirst({ where: { id } })).toMatchObject({ name: 'Plan', isEnabled: true });
  await deletePlan(services, identity, id, {});
  await revertNewest('FailoverPlan');
  expect(await prisma.failoverPlan.findMany({ where: { liveKey: { not: null } } })).toMatchObject([
    { name: 'Plan', scope: 'team' },
  ]);

  const step = (prompt: string) => ({ id: 'a', type: 'prompt', models: [{ model: 'openai/gpt-4o-mini' }], prompt });
  const workflow = (prompt: string) => ({
    format: 1,
    name: 'said',
    steps: [step(prompt)],
    outputs: { text: 'steps.a.output' },
  });
  const workflowId = decodeId(await publish(server, workflow('One')), 'Workflow');
  const draft = await saveWorkflowDraft(services, identity, workflowId, {
    definition: workflow('Two'),
    revision: 1,
    basedOn: 1,
  }).catch(() =>
    saveWorkflowDraft(services, identity, workflowId, { definition: workflow('Two'), revision: 0, basedOn: 1 }),
  );
  expect(draft.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { revision } = await prisma.workflowDraft.findFirstOrThrow({ where: { workflowId: workflowId ?? '' } });
  await publishWorkflow(services, identity, workflowId, { revision });
  await revertNewest('WorkflowVersion');
  const versions = await prisma.workflowVersion.findMany({ orderBy: { version: 'desc' } });
  expect(versions[0]).toMatchObject({ version: 3, restoredFrom: 1 });
});

test('an access role and the name of the team go back', async () => {
  const { services } = server;
  const { prisma, ids } = services;
  const { teamId } = identity;
  const { userId } = await createTeam(services, 'Elsewhere');
  const member = await prisma.member.create({ data: { id: ids.next('mem'), teamId, userId, role: 'viewer' } });
  await changeMemberRole(services, identity, member.id, { accessRole: 'DEVELOPER' });
  await revertNewest('Member');
  expect(await prisma.member.findUnique({ where: { id: member.id } })).toMatchObject({ role: 'viewer' });
  const before = await prisma.team.findUniqueOrThrow({ where: { id: teamId } });
  await renameTeam(services, identity, { name: 'Another name' });
  await revertNewest('Team');
  expect(await prisma.team.findUniqueOrThrow({ where: { id: teamId } })).toMatchObject({ name: before.name });
});
