import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { verifyAudit } from '../features/audit/verify-audit.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { actAs } from '../observability/acting.ts';
import { inScope } from '../observability/request-scope.ts';
import { createTestDatabase } from '../testing/test-database.ts';
import { auditedTables, notAudited } from './audited-tables.ts';
import { type Database, openDatabase } from './database.ts';
import { writesAudited } from './with-actors.ts';

let database: Database;
let prisma: PrismaClient;
let drop: (() => Promise<void>) | undefined;
let teams = 0;
beforeAll(async () => {
  const serverUrl = inject('testDatabaseUrl');
  const made = serverUrl === '' ? undefined : await createTestDatabase(serverUrl);
  drop = made?.drop;
  database = await openDatabase(made ? { kind: 'server', url: made.url } : { kind: 'memory' });
  prisma = database.prisma;
  await prisma.user.create({ data: { id: 'ann', name: 'Ann', email: 'ann@switchyard.test' } });
});
afterAll(async () => {
  await database.close();
  await drop?.();
});

const ann = { kind: 'PERSON', userId: 'ann', action: 'renameTeam' } as const;
const entriesOf = (teamId: string) => prisma.auditEntry.findMany({ where: { teamId }, orderBy: { seq: 'asc' } });
const newTeam = async () => {
  teams += 1;
  const id = `team-${teams}`;
  await prisma.team.create({ data: { id, name: 'One', slug: id } });
  return id;
};
/** As somebody with the database in their hands would. */
const tamper = (sql: string) =>
  prisma.$transaction([
    prisma.$executeRawUnsafe(`SELECT set_config('switchyard.audit_write', 'on', true)`),
    prisma.$executeRawUnsafe(sql),
  ]);

test('every table is audited, or on the list of those that are not, with the reason', async () => {
  const rows = await prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name::text AS name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1`;
  const decided = [...Object.keys(auditedTables), ...Object.keys(notAudited)];
  expect(decided.toSorted()).toEqual(rows.map(({ name }) => name));
  expect(new Set(decided).size).toBe(decided.length);
  const triggers = await prisma.$queryRaw<{ name: string }[]>`
    SELECT c.relname::text AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'audit_row' ORDER BY 1`;
  expect(triggers.map(({ name }) => name)).toEqual(Object.keys(auditedTables).toSorted());
});

test('columns that hold secrets are on no list of what is told', async () => {
  const columns = await prisma.$queryRaw<{ table: string; column: string }[]>`
    SELECT table_name::text AS "table", column_name::text AS "column" FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name ~* '(sealed|secret|token|password|hash|backup)' ORDER BY 1, 2`;
  const told = columns.filter(({ table, column }) => {
    const rule = auditedTables[table];
    if (!rule || rule.secrets?.includes(column) || rule.quiet?.includes(column)) return false;
    return rule.columns ? rule.columns.includes(column) : true;
  });
  // Neither is a secret: a limit, and the hash of a plan that everybody may read.
  const harmless = ['api_key.tokensPerMinute', 'experiment.registrationHash'];
  expect(told.map(({ table, column }) => `${table}.${column}`).filter((each) => !harmless.includes(each))).toEqual([]);
});

test('a single write, a batch, a transaction and a raw statement are told as the doing of who asked', async () => {
  const teamId = await newTeam();
  await inScope({ requestId: 'req_1', client: { ipAddress: '192.0.2.7', userAgent: 'test' } }, () =>
    actAs(ann, () => prisma.team.update({ where: { id: teamId }, data: { name: 'Two' } })),
  );
  await actAs(ann, () =>
    prisma.$transaction([
      prisma.team.update({ where: { id: teamId }, data: { name: 'Three' } }),
      prisma.teamSettings.create({ data: { teamId, contentCapture: 'NONE' } }),
    ]),
  );
  await actAs(ann, () =>
    prisma.$transaction(async (tx) => {
      await tx.team.update({ where: { id: teamId }, data: { name: 'Four' } });
      await tx.$executeRaw`UPDATE "team" SET "slug" = ${`${teamId}-new`} WHERE "id" = ${teamId}`;
    }),
  );
  await actAs(ann, () => prisma.$executeRaw`UPDATE team SET name = 'Five' WHERE id = ${teamId}`);
  const [made, ...entries] = await entriesOf(teamId);
  expect(made).toMatchObject({ seq: 1, actorKind: 'SYSTEM', action: 'insertTeam', actorName: 'Switchyard' });
  expect(entries.map(({ seq, actorKind, actorName, action }) => [seq, actorKind, actorName, action])).toEqual(
    [2, 3, 4, 5, 6, 7].map((seq) => [seq, 'PERSON', 'Ann', 'renameTeam']),
  );
  expect(entries[0]).toMatchObject({ requestId: 'req_1', ipAddress: '192.0.2.7', userAgent: 'test' });
  expect(JSON.parse(entries[0]?.payload ?? '')).toEqual({ before: { name: 'One' }, after: { name: 'Two' } });
  expect(await verifyAudit({ prisma }, teamId)).toMatchObject({ isIntact: true, checkedEntries: 7, lastSeq: 7 });
});

test('a change that is rolled back leaves no entry, and what goes on behind an answer is nobody’s', async () => {
  const teamId = await newTeam();
  const failed = actAs(ann, () =>
    prisma.$transaction(async (tx) => {
      await tx.team.update({ where: { id: teamId }, data: { name: 'Two' } });
      throw new Error('no');
    }),
  );
  await expect(failed).rejects.toThrow('no');
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let later: Promise<unknown> = Promise.resolve();
  await actAs(ann, async () => {
    later = gate.then(() => prisma.team.update({ where: { id: teamId }, data: { name: 'Three' } }));
  });
  go();
  await later;
  const [, ...entries] = await entriesOf(teamId);
  expect(entries.map(({ actorKind, action }) => [actorKind, action])).toEqual([['SYSTEM', 'updateTeam']]);
});

test('of secrets an entry says only that they were changed, and what changes by itself makes none', async () => {
  const teamId = await newTeam();
  const data = { id: `key-${teamId}`, teamId, name: 'App', prefix: 'sk-', lastFour: 'abcd', hash: 'canary-hash-1' };
  await prisma.apiKey.create({ data });
  await prisma.apiKey.update({ where: { id: data.id }, data: { hash: 'canary-hash-2', lastUsedAt: new Date() } });
  await prisma.apiKey.update({ where: { id: data.id }, data: { lastUsedAt: new Date(0) } });
  const [, made, changed, ...others] = await entriesOf(teamId);
  expect(others).toEqual([]);
  expect(JSON.stringify([made, changed])).not.toContain('canary');
  expect(JSON.parse(changed?.payload ?? '')).toEqual({ secrets: ['hash'], before: {}, after: {} });
});

test('a sign-in is told to each team of the person, without the token', async () => {
  const teamIds = [await newTeam(), await newTeam()];
  for (const teamId of teamIds)
    await prisma.member.create({ data: { id: `m-${teamId}`, teamId, userId: 'ann', role: 'viewer' } });
  await actAs({ kind: 'PERSON', action: 'sign-in/email' }, () =>
    prisma.session.create({ data: { id: 'ses', userId: 'ann', token: 'canary-token', expiresAt: new Date() } }),
  );
  for (const teamId of teamIds) {
    const last = (await entriesOf(teamId)).at(-1);
    expect(last).toMatchObject({
      objectType: 'Session',
      actorUserId: 'ann',
      actorName: 'Ann',
      action: 'sign-in/email',
    });
    expect(JSON.stringify(last)).not.toContain('canary');
  }
});

test('entries cannot be changed, removed, added or emptied by any statement of the program', async () => {
  for (const sql of [
    `UPDATE audit_entry SET "actorName" = 'Nobody'`,
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
    'UPDATE audit_head SET "seq" = 0',
    'DELETE FROM audit_head',
    'INSERT INTO audit_entry SELECT * FROM audit_entry',
  ])
    await expect(prisma.$executeRawUnsafe(sql), sql).rejects.toThrow(/audit log cannot be changed/);
});

test.each<readonly [string, string, number, RegExp]>([
  [
    'a changed value',
    `UPDATE audit_entry SET "payload" = replace("payload", 'n3', 'x3') WHERE "teamId" = $T`,
    3,
    /changed/,
  ],
  ['a changed actor', `UPDATE audit_entry SET "actorName" = 'Eve' WHERE "teamId" = $T AND seq = 3`, 3, /changed/],
  [
    'a field moved into its neighbour',
    `UPDATE audit_entry SET "reason" = '-' WHERE "teamId" = $T AND seq = 2`,
    2,
    /changed/,
  ],
  ['a removed entry', `DELETE FROM audit_entry WHERE "teamId" = $T AND seq = 3`, 3, /missing/],
  [
    'two entries that changed places',
    `UPDATE audit_entry SET "payload" = (SELECT o."payload" FROM audit_entry o WHERE o."teamId" = $T AND o.seq = 7 - audit_entry.seq)
     WHERE "teamId" = $T AND seq IN (3, 4)`,
    3,
    /changed/,
  ],
  ['a cut end', `DELETE FROM audit_entry WHERE "teamId" = $T AND seq >= 5`, 5, /missing at the end/],
  ['a head that was set back', `UPDATE audit_head SET seq = 5, hash = 'x' WHERE "teamId" = $T`, 5, /head/],
  ['a lost head', `DELETE FROM audit_head WHERE "teamId" = $T`, 1, /head/],
])('the check of the chain finds %s', async (_what, sql, seq, problem) => {
  const teamId = await newTeam();
  for (const name of ['n2', 'n3', 'n4', 'n5', 'n6'])
    await prisma.team.update({ where: { id: teamId }, data: { name } });
  expect(await verifyAudit({ prisma }, teamId)).toMatchObject({ isIntact: true, checkedEntries: 6 });
  await tamper(sql.replaceAll('$T', `'${teamId}'`));
  const found = await verifyAudit({ prisma }, teamId);
  expect(found.isIntact).toBe(false);
  expect(found.problem).toMatch(problem);
  expect(found.brokenSeq).toBe(seq);
});

test('old entries can go, and the rest still proves itself', async () => {
  const teamId = await newTeam();
  for (const name of ['n2', 'n3', 'n4']) await prisma.team.update({ where: { id: teamId }, data: { name } });
  await prisma.$queryRaw`SELECT audit_prune(${teamId}, 2)`;
  expect((await entriesOf(teamId)).map(({ seq, action }) => [seq, action])).toEqual([
    [3, 'updateTeam'],
    [4, 'updateTeam'],
    [5, 'prunedAuditLog'],
  ]);
  expect(await verifyAudit({ prisma }, teamId)).toMatchObject({ isIntact: true, checkedEntries: 3, anchorSeq: 2 });
  await tamper(`DELETE FROM audit_entry WHERE "teamId" = '${teamId}' AND seq = 3`);
  expect(await verifyAudit({ prisma }, teamId)).toMatchObject({ isIntact: false, brokenSeq: 3 });
});

test('changes at the same time make one chain', async () => {
  const teamId = await newTeam();
  const other = await newTeam();
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      actAs(ann, () =>
        prisma.$transaction(async (tx) => {
          const first = index % 2 === 0 ? teamId : other;
          await tx.teamSettings.upsert({
            where: { teamId: first },
            create: { teamId: first, auditDays: 30 + index },
            update: { auditDays: 30 + index },
          });
        }),
      ),
    ),
  );
  for (const each of [teamId, other])
    expect(await verifyAudit({ prisma }, each)).toMatchObject({ isIntact: true, checkedEntries: 11 });
});

test('statements that write nothing audited are let through as they are', () => {
  expect(writesAudited('INSERT INTO "public"."budget" ("id") VALUES ($1)')).toBe(true);
  expect(writesAudited('WITH x AS (SELECT 1) UPDATE budget SET "name" = $1')).toBe(true);
  expect(writesAudited('DELETE FROM "member" WHERE true')).toBe(true);
  expect(writesAudited('INSERT INTO "public"."call_record" ("id") VALUES ($1)')).toBe(false);
  expect(writesAudited('SELECT "id" FROM "public"."budget" FOR UPDATE')).toBe(false);
  expect(writesAudited('UPDATE budget_account SET spent = 1')).toBe(false);
});
