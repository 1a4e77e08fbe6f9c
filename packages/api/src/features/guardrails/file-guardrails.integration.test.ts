import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { windowOf } from '@switchyard/core/guardrails';
import { silentLog } from '@switchyard/core/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';
import { startWebhookTarget, type WebhookTarget } from '../../testing/webhook-target.ts';
import { FileBudgets } from './file-budgets.ts';
import { ForecastWatch } from './forecast-watch.ts';

const hourMs = 3_600_000;

let folder: string;
let path: string;
let server: TestServer;
let target: WebhookTarget;

const start = `version: 1
cost_controls: { daily_budget: 100.0, per_request_limit: 1.0, alert_threshold: 80.0 }
budgets:
  - { name: Research, id: research, window: month, limit: 50, scope: { provider: openai } }
alert_channels:
  - { name: ops, type: webhook, url: "\${OPS_HOOK}", events: [budget.forecast] }
  - { name: quiet, type: webhook, url: "\${OPS_HOOK}", enabled: false }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-guardrails-'));
  path = join(folder, 'switchyard.yaml');
  target = await startWebhookTarget();
  await writeFile(path, start);
  server = await startTestServer({ environment: { SWITCHYARD_CONFIG: path, OPS_HOOK: `${target.url}/secret-path` } });
});
afterAll(async () => {
  await server.stop();
  await target.stop();
  await rm(folder, { recursive: true });
});

const write = async (text: string) => {
  await writeFile(path, text);
  return server.services.provisioner.reloadFile();
};
const rowsOf = async (teamId: string) => {
  const rows = await server.services.prisma.budget.findMany({ where: { teamId }, orderBy: { name: 'asc' } });
  return rows.map(({ id, name, limitAmount, isEnabled, fileKey, source, version }) => {
    return { id, name, limitAmount, isEnabled, fileKey, source, version };
  });
};
const ownTeam = async () =>
  (await server.services.prisma.team.findFirstOrThrow({ where: { slug: { not: '' } }, orderBy: { createdAt: 'asc' } }))
    .id;
const rowOf = async (teamId: string, name: string) => (await rowsOf(teamId)).find((row) => row.name === name);

describe('budgets of the configuration file', () => {
  test('are there for the team from the start, in force, and marked', async () => {
    const teamId = await ownTeam();
    expect(await rowsOf(teamId)).toMatchObject([
      { name: 'Daily budget', limitAmount: 100_000_000_000n, source: 'file', isEnabled: true },
      { name: 'Research', limitAmount: 50_000_000_000n, source: 'file', fileKey: 'research' },
    ]);
    expect(server.services.budgets.book.read(teamId)).toHaveLength(2);
  });

  test('change with the file, keep their books, and are switched off when they leave it', async () => {
    const teamId = await ownTeam();
    const first = await rowOf(teamId, 'Research');
    await write(start.replace('name: Research', 'name: Science').replace('limit: 50', 'limit: 60'));
    const renamed = await rowOf(teamId, 'Science');
    expect(renamed).toMatchObject({ id: first?.id, limitAmount: 60_000_000_000n, version: 2 });

    await write(start.replace('window: month', 'window: week'));
    const weekly = await rowOf(teamId, 'Research');
    expect(weekly?.id).not.toBe(first?.id);
    expect(weekly).toMatchObject({ isEnabled: true, fileKey: 'research', version: 1 });
    expect(await rowOf(teamId, 'Science')).toMatchObject({ id: first?.id, isEnabled: false, fileKey: null });

    await write('version: 1\n');
    expect((await rowsOf(teamId)).map(({ isEnabled }) => isEnabled)).toEqual([false, false, false]);
    expect(server.services.budgets.book.read(teamId)).toEqual([]);

    await write(start);
    expect(await rowOf(teamId, 'Research')).toMatchObject({ isEnabled: expect.any(Boolean) });
    const enabled = (await rowsOf(teamId)).filter(({ isEnabled }) => isEnabled);
    expect(enabled.map(({ id }) => id)).toContain(first?.id);
    expect(enabled).toHaveLength(2);
  });

  test('stay as they are when the file is bad, and keep the raises that people gave', async () => {
    const teamId = await ownTeam();
    const { prisma } = server.services;
    const row = (await rowsOf(teamId)).find(({ fileKey, isEnabled }) => fileKey === 'research' && isEnabled);
    const raise = {
      id: 'rse_1',
      amount: '5',
      fromMs: 1,
      untilMs: 2,
      reason: 'Launch',
      raisedById: null,
      raisedAtMs: 1,
    };
    await prisma.budget.update({ where: { id: row?.id ?? '' }, data: { raises: [raise] } });
    expect(await write(start.replace('limit: 50', 'limit: -1'))).toMatchObject({ isApplied: false });
    expect(await rowOf(teamId, 'Research')).toMatchObject({ limitAmount: 50_000_000_000n, isEnabled: true });
    await write(start.replace('limit: 50', 'limit: 70, raises: [{ amount: 9, from: 2026-01-01, until: 2026-02-01 }]'));
    const { raises } = await prisma.budget.findUniqueOrThrow({ where: { id: row?.id ?? '' } });
    expect((raises as LooseJson).map(({ id }: LooseJson) => id)).toEqual(['file-1', 'rse_1']);
    await write(start);
  });

  test('are the same rows however many processes store them at once, also for a team that is made later', async () => {
    const { prisma, clock, provisioner, budgets } = server.services;
    const team = await createTeam(server.services, 'Late');
    const wanted = provisioner.file.status.configuration.budgets;
    const processes = Array.from(
      { length: 5 },
      () => new FileBudgets({ prisma, book: budgets.book, clock, log: silentLog }),
    );
    await Promise.all(processes.map((each) => each.apply(wanted)));
    expect(await rowsOf(team.teamId)).toMatchObject([{ name: 'Daily budget' }, { name: 'Research' }]);
    const raised = wanted.map((budget) => ({ ...budget, limit: budget.limit + 1n }));
    await Promise.all(processes.map((each) => each.apply(raised)));
    expect((await rowsOf(team.teamId)).map(({ version, limitAmount }) => [version, limitAmount])).toEqual([
      [2, 100_000_000_001n],
      [2, 50_000_000_001n],
    ]);
    const later = await createTeam(server.services, 'Later');
    await server.services.fileBudgets.tick();
    expect(await rowsOf(later.teamId)).toHaveLength(2);
    await Promise.all(processes.map((each) => each.apply(wanted)));
  });
});

describe('alert channels of the configuration file', () => {
  const list = async (key: string) =>
    (await ask(server, '{ alertChannels { name type targetOrigin isEnabled isReadOnly isSigned kinds } }', {}, { key }))
      .alertChannels;

  test('are shown to every team, read-only and without their address, and follow the file', async () => {
    const team = await createTeam(server.services, 'Readers');
    const channels = await list(team.key);
    expect(channels).toMatchObject([
      { name: 'ops (switchyard.yaml)', type: 'WEBHOOK', isEnabled: true, isReadOnly: true, kinds: ['BUDGET_FORECAST'] },
      { name: 'quiet (switchyard.yaml)', isEnabled: false, isReadOnly: true },
    ]);
    expect(JSON.stringify(channels)).not.toContain('secret-path');
    await write(start.replace(/ {2}- \{ name: quiet.*\n/, ''));
    expect(await list(team.key)).toHaveLength(1);
    await write(start);
  });
});

describe('the watch over forecasts', () => {
  let team: OtherTeam;
  const spend = async (usd: bigint) => {
    const { ids, budgets } = server.services;
    const callId = ids.next('call');
    const attributes = {
      teamId: team.teamId,
      origin: 'simulated' as const,
      providerId: 'openai',
      modelId: 'openai/gpt-4o',
    };
    const costNanoUsd = usd * 1_000_000_000n;
    await budgets.ledger.reserve({
      reservationId: callId,
      callId,
      attributes,
      upperBound: { costNanoUsd, tokens: 1n },
    });
    budgets.ledger.settle(callId, { costNanoUsd, tokens: 1n });
  };

  test('tells once what will go over its limit, through the channels that want to hear it, and when it is over', async () => {
    const { prisma, alerts, spend: reader, budgets } = server.services;
    const { startMs } = windowOf({ window: 'month', timeZone: 'UTC' }, server.services.clock.nowMs());
    // On the tenth day of the present month, whatever the day of the test is.
    const clock = { ...server.services.clock, nowMs: () => startMs + 10 * 24 * hourMs };
    team = await createTeam(server.services, 'Watched');
    await server.services.fileBudgets.tick();
    await budgets.book.reload();
    const nowMs = clock.nowMs();
    // A dollar in every hour for weeks: the month's 50 dollars do not last.
    await prisma.callRecord.createMany({
      data: Array.from({ length: 60 * 24 }, (_, index) => ({
        id: `call_watch_${index}`,
        teamId: team.teamId,
        source: 'complete',
        attempt: 1,
        providerId: 'openai',
        modelId: 'openai/gpt-4o',
        origin: 'SIMULATED' as const,
        outcome: 'succeeded',
        costNanoUsd: 1_000_000_000n,
        startedAt: new Date(nowMs - index * hourMs - 1_000),
        latencyMs: 1,
        tags: [],
      })),
    });
    await spend(20n);
    await expect
      .poll(async () => (await prisma.budgetAccount.findFirst({ where: { teamId: team.teamId } }))?.spent)
      .toBe(20_000_000_000n);
    const watch = () =>
      new ForecastWatch({ prisma, spend: reader, alerts, clock, log: silentLog, isOnDuty: async () => true });
    const [one, two] = [watch(), watch()];
    await Promise.all([one.tick(), two.tick()]);
    await one.tick();
    const told = async () =>
      (await prisma.alert.findMany({ where: { teamId: team.teamId }, orderBy: { seq: 'asc' } })).filter(({ title }) =>
        title.includes('Research'),
      );
    const forecasts = (await told()).filter(({ dedupeKey }) => dedupeKey.endsWith(':forecast'));
    expect(forecasts).toHaveLength(1);
    expect(forecasts[0]).toMatchObject({ kind: 'budget.forecast', severity: 'warning', origin: 'SIMULATED' });
    await expect.poll(() => target.received.filter(({ body }) => body.includes('Research')).length).toBeGreaterThan(0);
    const sent = target.received.filter(({ body }) => body.includes('used up early') && body.includes('Research'));
    expect(sent).toHaveLength(1);

    // The operator raises the limit: it is taken back, once.
    await write(start.replace('limit: 50', 'limit: 100000'));
    await Promise.all([one.tick(), two.tick()]);
    await one.tick();
    const resolved = (await told()).filter(
      ({ status, dedupeKey }) => status === 'resolved' && dedupeKey.endsWith(':forecast'),
    );
    expect(resolved).toHaveLength(1);
    await write(start);
  });
});
