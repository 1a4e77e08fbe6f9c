import { accountOf, matchBudgets, type SpendEntry, type WindowAccount, windowOf } from '@switchyard/core/guardrails';
import type { CallRecord, Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import { type StoredBudget, toBudget } from './budget.mapping.ts';

/** Clocks of processes and database may differ by this much. */
const clockSlackMs = 60_000;
const recordsPerPage = 2_000;

/** What recovery has to book, and the accounts that it goes to. */
export interface RecordedEntries {
  readonly accounts: readonly WindowAccount[];
  readonly entries: readonly SpendEntry[];
}

const columns = {
  ...{
    id: true,
    teamId: true,
    origin: true,
    providerId: true,
    modelId: true,
    userId: true,
    apiKeyId: true,
    role: true,
  },
  ...{ workflowId: true, runId: true, stepId: true, tags: true, startedAt: true },
  ...{ costNanoUsd: true, inputTokens: true, outputTokens: true },
} as const satisfies Prisma.CallRecordSelect;

/** What the books must know of a call record. */
export type BookedRecord = Pick<CallRecord, keyof typeof columns>;

/** What one record should add to `budgets`; nothing where nobody knows what the call used. */
export function entriesOfRecord(
  record: BookedRecord,
  budgets: readonly StoredBudget[],
): readonly { readonly entry: SpendEntry; readonly account: WindowAccount; readonly budget: StoredBudget }[] {
  const { id, teamId, providerId, modelId, costNanoUsd, inputTokens, outputTokens } = record;
  const origin = record.origin === 'LIVE' ? 'live' : 'simulated';
  const attributes = {
    teamId,
    origin,
    providerId,
    modelId,
    memberId: record.userId ?? undefined,
    apiKeyId: record.apiKeyId ?? undefined,
    role: record.role ?? undefined,
    workflowId: record.workflowId ?? undefined,
    runId: record.runId ?? undefined,
    stepId: record.stepId ?? undefined,
    tags: record.tags,
  } as const;
  const atMs = record.startedAt.getTime();
  return matchBudgets(attributes, budgets).flatMap((match) => {
    const { unit, unpriced } = match.budget;
    const account = accountOf(match, origin, windowOf(match.budget, atMs));
    const { windowId } = account;
    const tokens = BigInt(inputTokens ?? 0) + BigInt(outputTokens ?? 0);
    const flat = unpriced.kind === 'flat-reserve' ? unpriced.amountNanoUsd : 0n;
    const amount = { requests: 1n, tokens, cost: costNanoUsd ?? flat }[unit];
    const isEstimated = unit === 'cost' ? costNanoUsd === null : unit === 'tokens' && tokens === 0n;
    // Nobody knows what it cost: a process that lives may still say so.
    if (isEstimated && amount === 0n) return [];
    const entry = { entryId: id, windowId, teamId, callId: id, amount, isEstimated, atMs };
    return [{ entry, account, budget: match.budget as StoredBudget }];
  });
}

/** An account without its window: a call counts in it once, whichever window that was. */
const withoutWindow = (windowId: string) => windowId.replace(/^([^/]*\/[^/]*)\/[^/]*/, '$1');

/**
 * What the call records between two instants (epoch ms) say that budgets should hold, page by page. What is booked
 * already is left out, also when it was booked in the window before (a call is reserved a moment before it starts). A
 * call from before its budget was made does not count.
 */
export async function* readRecordedEntries(
  prisma: PrismaClient,
  fromMs: number,
  toMs: number,
): AsyncIterable<RecordedEntries> {
  const rows = await prisma.budget.findMany();
  if (rows.length === 0) return;
  const madeAtMs = new Map(rows.map(({ id, createdAt }) => [id, createdAt.getTime() - clockSlackMs]));
  const budgets = rows.map(toBudget);
  const where = {
    teamId: { in: [...new Set(budgets.map(({ teamId }) => teamId))] },
    startedAt: { gte: new Date(fromMs - clockSlackMs), lte: new Date(toMs) },
    origin: { in: ['LIVE', 'SIMULATED'] },
  } satisfies Prisma.CallRecordWhereInput;
  let last: string | undefined;
  do {
    const records: BookedRecord[] = await prisma.callRecord.findMany({
      where,
      select: columns,
      orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
      take: recordsPerPage,
      ...(last !== undefined && { cursor: { id: last }, skip: 1 }),
    });
    last = records.length === recordsPerPage ? records.at(-1)?.id : undefined;
    const booked = await prisma.budgetEntry.findMany({
      where: { callId: { in: records.map(({ id }) => id) }, teamId: where.teamId },
      select: { callId: true, windowId: true },
    });
    const known = new Set(booked.map(({ callId, windowId }) => `${callId} ${withoutWindow(windowId)}`));
    const accounts = new Map<string, WindowAccount>();
    const entries = records.flatMap((record) =>
      entriesOfRecord(record, budgets).flatMap(({ entry, account, budget }): SpendEntry[] => {
        if (entry.atMs < (madeAtMs.get(budget.id) ?? 0)) return [];
        if (known.has(`${record.id} ${withoutWindow(entry.windowId)}`)) return [];
        accounts.set(entry.windowId, account);
        return [entry];
      }),
    );
    yield { accounts: [...accounts.values()], entries };
  } while (last !== undefined);
}
