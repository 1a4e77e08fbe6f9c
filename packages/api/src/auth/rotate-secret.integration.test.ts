import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CredentialVault, type SealPlace } from '../features/providers/credential-vault.ts';
import { type Database, openDatabase } from '../persistence/database.ts';
import { testSettings } from '../testing/test-settings.ts';
import { openSecrets } from './open-secrets.ts';
import { RotationRefused, rotateSecret } from './rotate-secret.ts';
import { loadOrCreateSecret } from './secret.ts';

const rows = 60;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'switchyard-rotation-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const open = () => openDatabase({ kind: 'embedded', dataDir });
const placeOf = (index: number): SealPlace => ({
  teamId: 'team_1',
  rowId: `prv_${index}`,
  origin: 'https://api.example.com',
  purpose: 'api-key',
});
const channelPlace = { teamId: 'team_1', rowId: 'chn_1', origin: 'https://hooks.example.com' } as const;

async function fill({ prisma }: Database, secret: string): Promise<void> {
  const vault = new CredentialVault(secret);
  await prisma.team.create({ data: { id: 'team_1', name: 'One', slug: 'one' } });
  await prisma.user.create({ data: { id: 'usr_1', name: 'P', email: 'p@switchyard.test' } });
  for (let index = 0; index < rows; index += 1) {
    await prisma.provider.create({
      data: {
        ...{ id: `prv_${index}`, teamId: 'team_1', slug: `own-${index}`, type: 'custom', displayName: 'Own' },
        ...{
          baseUrl: 'https://api.example.com/v1',
          credentialOrigin: 'https://api.example.com',
          limits: {},
          retry: {},
          deadlines: {},
          models: [],
        },
        sealedKey: vault.seal(`key-of-${index}`, placeOf(index)),
      } as never,
    });
  }
  await prisma.alertChannel.create({
    data: {
      ...{ id: 'chn_1', teamId: 'team_1', name: 'Hook', type: 'webhook', origin: channelPlace.origin, kinds: [] },
      sealedUrl: vault.seal('https://hooks.example.com/secret', { ...channelPlace, purpose: 'webhook-url' }),
      sealedSecret: vault.seal('whsec_x', { ...channelPlace, purpose: 'webhook-secret' }),
    } as never,
  });
  const encrypt = (data: string) => symmetricEncrypt({ key: secret, data });
  await prisma.twoFactor.create({
    data: { id: 'tfa_1', userId: 'usr_1', secret: await encrypt('totp'), backupCodes: await encrypt('["a","b"]') },
  });
  await prisma.session.create({
    data: { id: 'ses_1', token: 't', userId: 'usr_1', expiresAt: new Date(Date.now() + 60_000) } as never,
  });
}

/** How many rows are sealed with `secret`; every one must open with one of the two. */
async function countSealedWith({ prisma }: Database, secret: string, other: string): Promise<number> {
  const vault = new CredentialVault(secret, [other]);
  const providers = await prisma.provider.findMany();
  for (const { id, sealedKey } of providers) {
    const index = Number(id.slice(4));
    expect(vault.unseal(sealedKey ?? '', placeOf(index))).toBe(`key-of-${index}`);
  }
  return providers.filter(({ sealedKey }) => vault.isCurrent(sealedKey ?? '')).length;
}

describe('a rotation of the secret', () => {
  test('that is killed in the middle is taken up, loses nothing, and ends all sessions', async () => {
    const first = await loadOrCreateSecret(dataDir);
    const database = await open();
    await fill(database, first);
    await database.close();

    const child: ChildProcess = fork(join(import.meta.dirname, '../testing/rotate-secret-child.ts'), [dataDir, '20'], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: 'ignore',
    });
    // It says so at its twentieth row and goes on; SIGKILL may come at any moment after that.
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const next = (await readFile(join(dataDir, 'secret.next'), 'utf8')).trim();
    expect(await loadOrCreateSecret(dataDir)).toBe(first);
    const half = await open();
    const done = await countSealedWith(half, next, first);
    expect(done).toBeGreaterThanOrEqual(20);
    expect(done).toBeLessThan(rows);
    expect(await half.prisma.session.count()).toBe(1);
    await half.close();

    const report = await rotateSecret(testSettings(dataDir));
    expect(report.unreadable).toEqual([]);
    expect(report.resealed).toBe(rows - done + 2);
    expect(await loadOrCreateSecret(dataDir)).toBe(next);
    const whole = await open();
    expect(await countSealedWith(whole, next, 'x'.repeat(32))).toBe(rows);
    const channel = await whole.prisma.alertChannel.findFirstOrThrow();
    const vault = new CredentialVault(next);
    expect(vault.unseal(channel.sealedUrl, { ...channelPlace, purpose: 'webhook-url' })).toContain('hooks.example.com');
    const factor = await whole.prisma.twoFactor.findFirstOrThrow();
    expect(await symmetricDecrypt({ key: next, data: factor.secret })).toBe('totp');
    expect(await symmetricDecrypt({ key: next, data: factor.backupCodes })).toBe('["a","b"]');
    expect(await whole.prisma.session.count()).toBe(0);

    // By the environment: the next start does it, and does it once.
    const given = 'a secret that the operator chose, and long enough';
    const settings = testSettings(dataDir, { SWITCHYARD_SECRET: given, SWITCHYARD_SECRET_PREVIOUS: next });
    expect(await openSecrets(settings, whole.prisma, silent)).toEqual({ secret: given, others: [next] });
    expect(await countSealedWith(whole, given, 'x'.repeat(32))).toBe(rows);
    await whole.close();
    await expect(rotateSecret(testSettings(dataDir, { SWITCHYARD_SECRET: given }))).rejects.toThrow(RotationRefused);
  }, 60_000);
});
