import type { WorkflowDefinition } from '@switchyard/core/workflows';
import { foldFormat, RunFold } from './run-fold.ts';
import { toRunEvent } from './run-journal.ts';
import type { RunParts } from './run-parts.ts';
import { endedRunStates, type RunRecord } from './run-record.ts';

const eventsPerPage = 2_000;
/** A fold is stored when so many events were read for it: less is read again as quickly. */
const worthStoring = 1_000;

/**
 * What readers see of a run: from the fold that is stored and the events behind it. Whoever has to read many events
 * stores what came of them for the next one.
 */
export async function readRunFold(
  { prisma, log }: Pick<RunParts, 'prisma' | 'log'>,
  run: Pick<RunRecord, 'id' | 'state'>,
  definition: WorkflowDefinition,
): Promise<RunFold> {
  const { id: runId } = run;
  const stored = await prisma.runFold.findUnique({ where: { runId } });
  const fold = new RunFold(definition, stored?.format === foldFormat ? stored.fold : undefined);
  // What was streamed stands in the answers once everything is over.
  const isOver = endedRunStates.includes(run.state);
  const kinds = isOver ? { type: { notIn: ['output-delta', 'reasoning-delta'] } } : {};
  let count = 0;
  for (;;) {
    const rows = await prisma.runEvent.findMany({
      where: { runId, seq: { gt: fold.lastSeq }, ...kinds },
      orderBy: { seq: 'asc' },
      take: eventsPerPage,
      select: { seq: true, fact: true, at: true },
    });
    for (const row of rows) fold.take(toRunEvent(row));
    count += rows.length;
    if (rows.length < eventsPerPage) break;
  }
  if (count >= worthStoring) {
    await storeFold(prisma, runId, fold).catch((error: unknown) =>
      log.warn({ runId, error: String(error) }, 'what was folded of a run could not be stored; it is read again'),
    );
  }
  return fold;
}

/** Never in place of a later one. */
async function storeFold(prisma: RunParts['prisma'], runId: string, fold: RunFold): Promise<void> {
  await prisma.$executeRaw`
    INSERT INTO "run_fold" ("runId", "seq", "format", "fold") VALUES (${runId}, ${fold.lastSeq}, ${foldFormat}, ${fold.store()})
    ON CONFLICT ("runId") DO UPDATE SET "seq" = EXCLUDED."seq", "format" = EXCLUDED."format", "fold" = EXCLUDED."fold"
    WHERE "run_fold"."seq" < EXCLUDED."seq" OR "run_fold"."format" <> EXCLUDED."format"`;
}
