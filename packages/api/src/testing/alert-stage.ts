import { createSeededRandom } from '@switchyard/core/kernel';
import { systemIds } from '@switchyard/core/kernel/system';
import { FakeClock } from '@switchyard/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { AlertDesk, type AlertDeskParts } from '../features/alerts/alert-desk.ts';
import type { AlertDraft } from '../features/alerts/raise-alert.ts';
import { CredentialVault } from '../features/providers/credential-vault.ts';
import { type Database, openDatabase } from '../persistence/database.ts';
import { RecordingLog } from './recording-log.ts';
import { createTestDatabase } from './test-database.ts';
import { startWebhookTarget, type WebhookTarget } from './webhook-target.ts';

/** Signs what the stage's channels send. */
export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const minute = 60_000;
export const hour = 60 * minute;
const vault = new CredentialVault('a secret of the installation, for tests only');

// Live bindings: they are set anew for every test.
export let database: Database;
export let target: WebhookTarget;
export let clock: FakeClock;
export let log: RecordingLog;
export let teamId: string;
const desks: AlertDesk[] = [];

export let onServer: Awaited<ReturnType<typeof createTestDatabase>> | undefined;
/** Gives every test of a file a target, a clock and a team of its own, on one migrated database. */
export function setAlertStage(): void {
  beforeAll(async () => {
    const serverUrl = inject('testDatabaseUrl');
    onServer = serverUrl === '' ? undefined : await createTestDatabase(serverUrl);
    database = await openDatabase(onServer ? { kind: 'server', url: onServer.url } : { kind: 'memory' });
  });
  afterAll(async () => {
    await database.close();
    await onServer?.drop();
  });
  beforeEach(async () => {
    target = await startWebhookTarget();
    clock = new FakeClock();
    log = new RecordingLog();
    teamId = await makeTeam();
  });
  afterEach(async () => {
    for (const desk of desks.splice(0)) await desk.stop(0);
    await target.stop();
    await database.prisma.team.deleteMany();
    await database.prisma.alertCondition.deleteMany();
  });
}

export async function makeTeam(): Promise<string> {
  const id = systemIds.next('team');
  await database.prisma.team.create({ data: { id, name: `Team ${id}`, slug: id } });
  return id;
}

/** What one server process has. */
export function openDesk(parts: Partial<AlertDeskParts> = {}): AlertDesk {
  const desk = new AlertDesk({
    prisma: database.prisma,
    vault,
    clock,
    ids: systemIds,
    random: createSeededRandom(7),
    log,
    instanceId: systemIds.next('srv'),
    settings: { alertWebhooks: [], allowsPrivateNetworks: true, publicUrl: 'https://switchyard.example' },
    ...parts,
  });
  desks.push(desk);
  return desk;
}

export async function makeChannel(
  desk: AlertDesk,
  values: { url?: string; type?: string; kinds?: string[]; teamId?: string } = {},
): Promise<string> {
  const row = { id: systemIds.next('ach'), teamId: values.teamId ?? teamId };
  const type = values.type ?? 'webhook';
  const sealed = desk.channels.seal(row, values.url ?? `${target.url}/hook`, type === 'webhook' ? secret : null);
  await desk.channels.create({ ...row, ...sealed, name: 'On call', type, kinds: values.kinds ?? [] });
  return row.id;
}

let count = 0;
export const draft = (values: Partial<AlertDraft> = {}): AlertDraft => ({
  teamId,
  kind: 'budget.threshold',
  severity: 'warning',
  status: 'firing',
  origin: 'live',
  title: '80 % of the budget is used',
  message: 'Look at it.',
  link: '/guardrails',
  facts: [{ name: 'spentUsd', label: 'Spent', value: '8' }],
  dedupeKey: `key ${++count}`,
  atMs: clock.nowMs(),
  ...values,
});

/** Lets the process do all that is due now. */
export async function work(desk: AlertDesk): Promise<void> {
  await desk.worker.pump();
  await desk.worker.settle();
}

export const readDeliveries = () =>
  database.prisma.alertDelivery.findMany({
    orderBy: { id: 'asc' },
    include: { tries: { orderBy: { attempt: 'asc' } } },
  });
export const readDelivery = async () => {
  const [delivery] = await readDeliveries();
  if (!delivery) throw new Error('Nothing was to be delivered.');
  return delivery;
};
