import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Clock } from '@switchyard/core/kernel';
import { type RoutingInputs, readSnapshot, type StoredSnapshot, writeSnapshot } from '@switchyard/core/routing';
import type { PrismaClient } from '../../generated/prisma/client.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);
/** A part that is used on and on is marked so no more often than this. */
const markEveryMs = 3_600_000;
/** Parts that are remembered as written; one that is forgotten is written once more, which changes nothing. */
const mostRemembered = 2_000;

/** Under which names the two parts of a snapshot are kept. */
export interface SnapshotNames {
  readonly frameHash: string;
  readonly figuresHash: string;
}

interface Part {
  readonly teamId: string;
  readonly hash: string;
  readonly text: string;
}

/**
 * Keeps what decisions were made upon, so that they can be made again: every distinct part once per team, by the hash of its
 * text, compressed. Only ever called behind the answers.
 */
export class SnapshotArchive {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #names = new WeakMap<RoutingInputs, SnapshotNames>();
  /** When each was last written or marked, oldest first; epoch milliseconds. */
  readonly #written = new Map<string, number>();

  constructor(prisma: PrismaClient, clock: Clock) {
    this.#prisma = prisma;
    this.#clock = clock;
  }

  /** Makes sure that all these are kept and answers their names. Rejects when the database is away; call it again then. */
  async keep(snapshots: ReadonlySet<RoutingInputs>): Promise<ReadonlyMap<RoutingInputs, SnapshotNames>> {
    const names = new Map<RoutingInputs, SnapshotNames>();
    const missing = new Map<string, Part>();
    for (const inputs of snapshots) {
      const known = this.#names.get(inputs);
      if (known && this.#isMarked(inputs.teamId, known.frameHash) && this.#isMarked(inputs.teamId, known.figuresHash)) {
        names.set(inputs, known);
        continue;
      }
      const texts = writeSnapshot(inputs);
      const found = { frameHash: hashOf(texts.frame), figuresHash: hashOf(texts.figures) };
      this.#names.set(inputs, found);
      names.set(inputs, found);
      const { teamId } = inputs;
      for (const part of [
        { teamId, hash: found.frameHash, text: texts.frame },
        { teamId, hash: found.figuresHash, text: texts.figures },
      ])
        if (!this.#isMarked(teamId, part.hash)) missing.set(`${teamId} ${part.hash}`, part);
    }
    if (missing.size > 0) await this.#write([...missing.values()]);
    return names;
  }

  /** What a decision was made upon; undefined when it is not there (any more). Throws `RangeError` for another version's. */
  async read(teamId: string, { frameHash, figuresHash }: SnapshotNames): Promise<StoredSnapshot | undefined> {
    const rows = await this.#prisma.routingSnapshotPart.findMany({
      where: { teamId, hash: { in: [frameHash, figuresHash] } },
      select: { hash: true, content: true },
    });
    const textOf = async (hash: string) => {
      const row = rows.find((each) => each.hash === hash);
      return row && (await decompress(row.content)).toString('utf8');
    };
    const [frame, figures] = await Promise.all([textOf(frameHash), textOf(figuresHash)]);
    return frame === undefined || figures === undefined ? undefined : readSnapshot({ frame, figures });
  }

  /** Deletes what no decision since `before` was made upon. */
  async prune(before: Date): Promise<void> {
    const unused = new Date(before.getTime() - 2 * markEveryMs);
    await this.#prisma.routingSnapshotPart.deleteMany({ where: { usedAt: { lt: unused } } });
  }

  async #write(parts: readonly Part[]): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const usedAt = new Date(nowMs);
    const rows = await Promise.all(
      parts.map(async ({ teamId, hash, text }) => ({
        teamId,
        hash,
        content: new Uint8Array(await compress(text)),
        usedAt,
      })),
    );
    if ((await this.#insert(rows)) < rows.length) {
      const where = { OR: parts.map(({ teamId, hash }) => ({ teamId, hash })), usedAt: { lt: usedAt } };
      await this.#prisma.routingSnapshotPart.updateMany({ where, data: { usedAt } });
    }
    for (const { teamId, hash } of parts) {
      const key = `${teamId} ${hash}`;
      this.#written.delete(key);
      this.#written.set(key, nowMs);
    }
    for (const key of this.#written.keys()) {
      if (this.#written.size <= mostRemembered) break;
      this.#written.delete(key);
    }
  }

  /** Answers how many were new. A team that was deleted meanwhile must not hold up the others. */
  async #insert(
    rows: readonly {
      readonly teamId: string;
      readonly hash: string;
      readonly content: Uint8Array<ArrayBuffer>;
      readonly usedAt: Date;
    }[],
  ): Promise<number> {
    try {
      const { count } = await this.#prisma.routingSnapshotPart.createMany({ data: [...rows], skipDuplicates: true });
      return count;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'P2003') throw error;
      const teams = await this.#prisma.team.findMany({
        where: { id: { in: rows.map(({ teamId }) => teamId) } },
        select: { id: true },
      });
      const alive = rows.filter(({ teamId }) => teams.some(({ id }) => id === teamId));
      const { count } = await this.#prisma.routingSnapshotPart.createMany({ data: alive, skipDuplicates: true });
      return count;
    }
  }

  #isMarked(teamId: string, hash: string): boolean {
    const writtenAtMs = this.#written.get(`${teamId} ${hash}`);
    return writtenAtMs !== undefined && Math.abs(this.#clock.nowMs() - writtenAtMs) < markEveryMs;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 32);
}
