import { createHash } from 'node:crypto';
import type { Clock } from '@switchyard/core/kernel';
import { Prisma, type PrismaClient } from './generated/prisma/client.ts';
import { IdempotencyFailure } from './user-errors.ts';

/** A finished first call can be asked for again this long. */
const keepForMs = 24 * 60 * 60 * 1000;
/** A first call that has not finished after this time died with its process. */
const inProgressForMs = 15 * 60 * 1000;
const pollMs = 50;

export interface IdempotentCall {
  readonly teamId: string;
  readonly operation: string;
  /** Undefined: the caller did not ask for idempotency. */
  readonly key: string | undefined;
  /** Everything that makes the call what it is; compared by hash. */
  readonly input: unknown;
}

/**
 * The statements that store `result`: put them into the transaction that does the work, so that both happen or none.
 * An interactive transaction gives itself along and awaits them.
 */
export type StoreResult<Result> = (result: Result, tx?: Prisma.TransactionClient) => Prisma.PrismaPromise<unknown>[];

/**
 * Runs `work` once for equal keys: the first call does it, equal calls that arrive meanwhile wait for it, later ones
 * get its stored result (`Result` must be plain JSON). The same key with another input is an {@link IdempotencyFailure}. A failed call
 * leaves nothing behind, so that it can be tried again.
 */
export async function runIdempotently<Result>(
  prisma: PrismaClient,
  clock: Clock,
  call: IdempotentCall,
  work: (store: StoreResult<Result>) => Promise<Result>,
): Promise<Result> {
  const { teamId, operation, key } = call;
  if (key === undefined) return work(() => []);
  const inputHash = createHash('sha256').update(JSON.stringify(call.input)).digest('hex');
  const where = { teamId_operation_key: { teamId, operation, key } };
  for (const giveUpAtMs = clock.monotonicMs() + inProgressForMs; ; ) {
    const expired = new Date(clock.nowMs() - keepForMs);
    const dead = new Date(clock.nowMs() - inProgressForMs);
    await prisma.idempotencyRecord.deleteMany({
      where: {
        teamId,
        operation,
        key,
        OR: [{ createdAt: { lt: expired } }, { createdAt: { lt: dead }, result: { equals: Prisma.DbNull } }],
      },
    });
    const { count } = await prisma.idempotencyRecord.createMany({
      data: [{ teamId, operation, key, inputHash, createdAt: new Date(clock.nowMs()) }],
      skipDuplicates: true,
    });
    if (count === 1) break;
    const record = await prisma.idempotencyRecord.findUnique({ where });
    if (record && record.inputHash !== inputHash) {
      throw new IdempotencyFailure(
        'IDEMPOTENCY.CONFLICT',
        'This idempotency key was used with another input. Use a new key for a new request.',
        ['input', 'idempotencyKey'],
      );
    }
    if (record && record.result !== null) return record.result as unknown as Result;
    if (clock.monotonicMs() > giveUpAtMs) {
      throw new IdempotencyFailure(
        'IDEMPOTENCY.IN_PROGRESS',
        'The first call with this key is still at work. Ask again later.',
        ['input', 'idempotencyKey'],
      );
    }
    await new Promise<void>((resolve) => clock.startTimer(pollMs, resolve));
  }
  try {
    let isStored = false;
    const store: StoreResult<Result> = (result, tx = prisma) => {
      isStored = true;
      return [tx.idempotencyRecord.update({ where, data: { result: result as Prisma.InputJsonValue } })];
    };
    const result = await work(store);
    if (!isStored) await Promise.all(store(result));
    return result;
  } catch (error) {
    await prisma.idempotencyRecord.deleteMany({ where: { teamId, operation, key } });
    throw error;
  }
}
