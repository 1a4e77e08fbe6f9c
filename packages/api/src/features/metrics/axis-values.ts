import { type AxisValue, type CallOrigin, type MetricAxis, maxAxisValues, otherValues } from '@switchyard/core/metrics';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';

interface ValueRow extends AxisValue {
  readonly id: number;
  readonly scopeId: number;
  readonly axis: number;
}

/** A value that needs a number. */
export interface WantedValue extends AxisValue {
  readonly scopeId: number;
  readonly axis: MetricAxis;
}

/** Beyond this the cache begins anew. */
const maxCached = 50_000;
const valuesPerStatement = 2_000;

/** The numbers that rollups use for scopes (team and origin) and for values. Numbers are made once and never change. */
export class AxisValues {
  readonly #prisma: PrismaClient;
  readonly #scopes = new Map<string, number>();
  readonly #numbers = new Map<string, number>();

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** The number of a team's live or simulated calls; undefined when it has none yet and `isMade` is false. */
  async scopeOf(teamId: string, origin: CallOrigin, isMade: boolean): Promise<number | undefined> {
    const stored = origin === 'live' ? 'LIVE' : 'SIMULATED';
    const key = `${stored} ${teamId}`;
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const where = { teamId, origin: stored } as const;
    let row = await this.#prisma.metricScope.findFirst({ where });
    if (!row && isMade) {
      await this.#prisma.$executeRaw`
        INSERT INTO metric_scope ("teamId", origin) VALUES (${teamId}, ${stored}::"DataOrigin") ON CONFLICT DO NOTHING`;
      row = await this.#prisma.metricScope.findFirst({ where });
    }
    if (!row) return undefined;
    if (this.#scopes.size >= maxCached) this.#scopes.clear();
    this.#scopes.set(key, row.id);
    return row.id;
  }

  /**
   * Makes sure that every value has a number and returns how to look it up. An axis that is full gives every new value the
   * number of `(other)`, so that a client which sends an id as a tag cannot grow the rollups without end.
   */
  async number(wanted: readonly WantedValue[]): Promise<(value: WantedValue) => number> {
    if (this.#numbers.size > maxCached) this.#numbers.clear();
    const missing = new Map(
      wanted.flatMap((value) => (this.#numbers.has(valueKeyOf(value)) ? [] : [[valueKeyOf(value), value] as const])),
    );
    const values = [...missing.values()];
    for (let from = 0; from < values.length; from += valuesPerStatement)
      await this.#make(values.slice(from, from + valuesPerStatement));
    const others = new Map<string, number>();
    for (const [key, value] of missing) {
      if (!this.#numbers.has(key)) others.set(key, await this.#otherOf(value));
    }
    return (value) => {
      const key = valueKeyOf(value);
      const number = this.#numbers.get(key) ?? others.get(key);
      if (number === undefined) throw new Error('A value was counted before it had a number.');
      return number;
    };
  }

  async #make(values: readonly WantedValue[]): Promise<void> {
    const json = JSON.stringify(values);
    const given = Prisma.sql`jsonb_to_recordset(${json}::jsonb) AS w("scopeId" int, axis smallint, first text, second text)`;
    const room = await this.#prisma.$queryRaw<{ scopeId: number; axis: number; used: number }[]>`
      SELECT v."scopeId", v.axis, count(*)::int AS used FROM metric_value v
      WHERE (v."scopeId", v.axis) IN (SELECT w."scopeId", w.axis FROM ${given}) GROUP BY 1, 2`;
    const used = new Map(room.map((row) => [`${row.scopeId} ${row.axis}`, row.used]));
    const known = await this.#read(given);
    const fresh = values.filter((value) => {
      if (known.has(valueKeyOf(value))) return false;
      const axis = `${value.scopeId} ${value.axis}`;
      const count = used.get(axis) ?? 0;
      if (count >= maxAxisValues) return false;
      used.set(axis, count + 1);
      return true;
    });
    if (fresh.length === 0) return;
    await this.#prisma.$executeRaw`
      INSERT INTO metric_value ("scopeId", axis, first, second)
      SELECT w."scopeId", w.axis, w.first, w.second
      FROM jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) AS w("scopeId" int, axis smallint, first text, second text)
      ON CONFLICT DO NOTHING`;
    await this.#read(given);
  }

  /** Reads the numbers of values that have one into the cache. */
  async #read(given: Prisma.Sql): Promise<ReadonlySet<string>> {
    const rows = await this.#prisma.$queryRaw<ValueRow[]>`
      SELECT v.id, v."scopeId", v.axis::int AS axis, v.first, v.second FROM ${given}
      JOIN metric_value v USING ("scopeId", axis, first, second)`;
    for (const row of rows) this.#numbers.set(valueKeyOf(row), row.id);
    return new Set(rows.map(valueKeyOf));
  }

  async #otherOf({ scopeId, axis }: WantedValue): Promise<number> {
    const other: WantedValue = { scopeId, axis, ...otherValues };
    const known = this.#numbers.get(valueKeyOf(other));
    if (known !== undefined) return known;
    await this.#prisma.$executeRaw`
      INSERT INTO metric_value ("scopeId", axis, first, second)
      VALUES (${scopeId}, ${axis}::smallint, ${other.first}, ${other.second}) ON CONFLICT DO NOTHING`;
    await this.#read(
      Prisma.sql`jsonb_to_recordset(${JSON.stringify([other])}::jsonb) AS w("scopeId" int, axis smallint, first text, second text)`,
    );
    return this.#numbers.get(valueKeyOf(other))!;
  }
}

/** The same for the same value only. */
export function valueKeyOf({ scopeId, axis, first, second }: WantedValue): string {
  return `${scopeId} ${axis} ${first.length} ${first} ${second}`;
}
