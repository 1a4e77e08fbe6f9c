import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from './audit.ts';
import { recordSurroundings } from './recorded-surroundings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-audit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As the documentation says, apart from the program: fields with their lengths, one after the other. */
function chain(count: number): Record<string, unknown>[] {
  let previousHash = '0'.repeat(64);
  return Array.from({ length: count }, (_, index) => {
    const values = [
      ...['team-1', String(index + 1), '2026-01-02T03:04:05.678Z', 'PERSON', 'usr_1', null, 'Änn', null],
      ...[
        null,
        null,
        'req_1',
        'renameTeam',
        'UPDATE',
        'Team',
        'team-1',
        'One',
        null,
        `{"after": {"name": "n${index}"}}`,
      ],
    ];
    const text = [previousHash, ...values].map((each) => (each === null ? '-' : `${Buffer.byteLength(each)}:${each}`));
    const hash = createHash('sha256').update(text.join('')).digest('hex');
    const [
      teamId,
      ,
      at,
      actorKind,
      actorUserId,
      ,
      actorName,
      ,
      ,
      ,
      requestId,
      action,
      operation,
      objectType,
      objectId,
      objectName,
      ,
      payload,
    ] = values;
    const entry = {
      ...{ teamId, seq: index + 1, at, actorKind, actorUserId, actorApiKeyId: null, actorName, reason: null },
      ...{ ipAddress: null, userAgent: null, requestId, action, operation, objectType, objectId, objectName },
      ...{ revertsSeq: null, payload, previousHash, hash },
    };
    previousHash = hash;
    return entry;
  });
}

async function verify(entries: readonly object[]): Promise<{ code: number; text: string }> {
  const file = join(folder, 'audit.jsonl');
  await writeFile(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const surroundings = recordSurroundings({}, folder);
  const code = await audit(['verify', file], surroundings);
  return { code, text: `${surroundings.text()}${surroundings.errorText()}` };
}

test('an exported log is checked without a server', async () => {
  const { code, text } = await verify(chain(5));
  expect(text).toContain('is intact: 5 entries, the last is 5');
  expect(code).toBe(0);
  // The rest of a log whose old entries were removed.
  expect((await verify(chain(5).slice(2))).code).toBe(0);
});

test('each kind of tampering is found, with the entry', async () => {
  const entries = chain(5);
  const changed = entries.map((entry, index) => (index === 2 ? { ...entry, actorName: 'Eve' } : entry));
  expect(await verify(changed)).toMatchObject({ code: 1, text: expect.stringContaining('Entry 3: It was changed') });
  expect(await verify(entries.toSpliced(1, 1))).toMatchObject({
    code: 1,
    text: expect.stringContaining('Entry 2: It is missing'),
  });
  const swapped = [entries[0], entries[2], entries[1], entries[3], entries[4]] as object[];
  expect(await verify(swapped)).toMatchObject({ code: 1, text: expect.stringContaining('Entry 2') });
});

test('wrong use is told with how to do it', async () => {
  for (const [args, told] of [
    [[], 'Say verify or export'],
    [['verify', '--team', 'all'], 'DATABASE_URL'],
    [['verify'], 'SWITCHYARD_API_KEY'],
    [['export', '--format', 'xml'], 'jsonl or csv'],
  ] as const) {
    const surroundings = recordSurroundings({}, folder);
    expect(await audit(args, surroundings)).toBe(2);
    expect(surroundings.errorText()).toContain(told);
  }
});
