import type { PrismaClient } from '../../generated/prisma/client.ts';

export type ItemChangeKind = 'added' | 'removed' | 'changed';
export const itemChangeKinds = ['added', 'removed', 'changed'] as const;

/** Items of two versions of a dataset, compared by key. */
export interface ItemChangeCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly unchanged: number;
}

export interface ItemSide {
  readonly input: string;
  readonly expected: string | null;
  readonly cluster: string | null;
  readonly split: string | null;
  /** JSON as text. */
  readonly fields: string;
}

export interface ItemChange {
  readonly key: string;
  readonly kind: ItemChangeKind;
  readonly before: ItemSide | null;
  readonly after: ItemSide | null;
}

/** Which parts of an item differ. */
export function changedParts({ before, after }: ItemChange): readonly string[] {
  if (!before || !after) return [];
  return (['input', 'expected', 'cluster', 'split', 'fields'] as const).filter((part) => before[part] !== after[part]);
}

/** How many items were added, removed or changed from one version to another one of the same team. */
export async function countItemChanges(
  prisma: PrismaClient,
  teamId: string,
  fromId: string,
  toId: string,
): Promise<ItemChangeCounts> {
  const [row] = await prisma.$queryRaw<ItemChangeCounts[]>`
    SELECT count(*) FILTER (WHERE a.key IS NULL)::int AS added, count(*) FILTER (WHERE b.key IS NULL)::int AS removed,
      count(*) FILTER (WHERE a.key IS NOT NULL AND b.key IS NOT NULL AND a.facts IS DISTINCT FROM b.facts)::int AS changed,
      count(*) FILTER (WHERE a.key IS NOT NULL AND b.key IS NOT NULL AND a.facts IS NOT DISTINCT FROM b.facts)::int AS unchanged
    FROM (SELECT key, (input, expected, cluster, split, fields) AS facts FROM dataset_item
      WHERE "versionId" = ${fromId} AND "teamId" = ${teamId}) a
    FULL JOIN (SELECT key, (input, expected, cluster, split, fields) AS facts FROM dataset_item
      WHERE "versionId" = ${toId} AND "teamId" = ${teamId}) b ON a.key = b.key`;
  return row ?? { added: 0, removed: 0, changed: 0, unchanged: 0 };
}

interface ChangeRow {
  readonly key: string;
  readonly inBefore: boolean;
  readonly inAfter: boolean;
  readonly [column: string]: unknown;
}

/** Changes of one kind in the order of their keys, so many behind `afterKey`. */
export async function readItemChanges(
  prisma: PrismaClient,
  teamId: string,
  versions: { readonly fromId: string; readonly toId: string },
  page: { readonly kind: ItemChangeKind; readonly afterKey: string; readonly most: number },
): Promise<readonly ItemChange[]> {
  const { fromId, toId } = versions;
  const { kind, afterKey, most } = page;
  const rows = await prisma.$queryRaw<ChangeRow[]>`
    SELECT coalesce(a.key, b.key) AS key, a.key IS NOT NULL AS "inBefore", b.key IS NOT NULL AS "inAfter",
      a.input AS "aInput", a.expected AS "aExpected", a.cluster AS "aCluster", a.split AS "aSplit", a.fields AS "aFields",
      b.input AS "bInput", b.expected AS "bExpected", b.cluster AS "bCluster", b.split AS "bSplit", b.fields AS "bFields"
    FROM (SELECT * FROM dataset_item WHERE "versionId" = ${fromId} AND "teamId" = ${teamId}) a
    FULL JOIN (SELECT * FROM dataset_item WHERE "versionId" = ${toId} AND "teamId" = ${teamId}) b ON a.key = b.key
    WHERE coalesce(a.key, b.key) > ${afterKey} AND CASE ${kind}
      WHEN 'added' THEN a.key IS NULL
      WHEN 'removed' THEN b.key IS NULL
      ELSE a.key IS NOT NULL AND b.key IS NOT NULL AND (a.input, a.expected, a.cluster, a.split, a.fields)
        IS DISTINCT FROM (b.input, b.expected, b.cluster, b.split, b.fields) END
    ORDER BY 1 LIMIT ${most}`;
  return rows.map((row) => ({
    key: row.key,
    kind,
    before: row.inBefore ? sideOf(row, 'a') : null,
    after: row.inAfter ? sideOf(row, 'b') : null,
  }));
}

function sideOf(row: ChangeRow, side: 'a' | 'b'): ItemSide {
  const text = (name: string) => row[`${side}${name}`] as string | null;
  return {
    ...{ input: text('Input') ?? '', expected: text('Expected'), cluster: text('Cluster') },
    ...{ split: text('Split'), fields: text('Fields') ?? '{}' },
  };
}
