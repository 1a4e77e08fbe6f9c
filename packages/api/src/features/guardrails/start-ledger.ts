import { type LedgerSettings, SlicedLedger } from '@switchyard/core/guardrails';
import type { Clock, Ids, Log } from '@switchyard/core/kernel';
import type { Database } from '../../persistence/database.ts';
import { runPeriodically } from '../../workers/periodic.ts';
import { BudgetBook } from './budget-book.ts';
import { PostgresBudgetStore } from './postgres-budget-store.ts';

const reloadMs = 2_000;
const reclaimMs = 30_000;
const pruneMs = 3_600_000;
const deadAfterMs = 600_000;

/** The ledger of this process with everything that keeps it going. */
export interface RunningLedger {
  readonly ledger: SlicedLedger;
  readonly book: BudgetBook;
  /** Reports what was spent and gives everything back. */
  stop(): Promise<void>;
}

/**
 * Starts the ledger on an open database. On the embedded one no other process can be alive (the data folder is locked),
 * so what a killed predecessor held is taken back at once; on a server it is after ten minutes of silence.
 */
export async function startLedger(
  { prisma, kind }: Pick<Database, 'prisma' | 'kind'>,
  dependencies: {
    readonly clock: Clock;
    readonly ids: Ids;
    readonly log: Log;
    /** Stores the call records of what is about to be booked. */
    readonly storeRecords?: () => Promise<unknown>;
  },
  settings: Partial<LedgerSettings> = {},
): Promise<RunningLedger> {
  const { clock, log } = dependencies;
  const store = new PostgresBudgetStore(prisma, undefined, dependencies.storeRecords);
  const book = new BudgetBook(prisma);
  const ledger = new SlicedLedger({ store, budgets: book, ...dependencies, settings: { deadAfterMs, ...settings } });
  await book.reload();
  await ledger.start();
  if (kind === 'embedded') await store.reclaim(0, ledger.instanceId);
  const stops = [
    runPeriodically({ name: 'budget-reload', everyMs: reloadMs, clock, log }, () => book.reload()),
    runPeriodically({ name: 'budget-reclaim', everyMs: reclaimMs, clock, log }, async () => {
      const dead = await store.reclaim(settings.deadAfterMs ?? deadAfterMs, ledger.instanceId);
      if (dead > 0) log.info({ processes: dead }, 'took back the parts of budgets that dead processes held');
    }),
    runPeriodically({ name: 'budget-prune', everyMs: pruneMs, clock, log }, () => store.pruneEntries()),
  ];
  return {
    ledger,
    book,
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
      await ledger.stop();
    },
  };
}
