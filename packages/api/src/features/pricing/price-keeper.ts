import type { PriceOverride } from '@switchyard/core/catalog';
import type { Clock, Log } from '@switchyard/core/kernel';
import { watchFile } from '../provisioning/watch-file.ts';
import type { PriceOverrideRepository } from './price-override.repository.ts';
import { describeTableProblem, PriceTableFile, type PriceTableStatus } from './price-table-file.ts';
import { readStoredPrice } from './stored-price.ts';
import type { TeamPriceBooks } from './team-price-books.ts';

export interface PriceKeeperParts {
  /** Absolute; undefined when no table is set. */
  readonly tablePath: string | undefined;
  readonly rows: PriceOverrideRepository;
  readonly books: TeamPriceBooks;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps the price books at what the price table and the database say. Changes are taken one after the other. */
export class PriceKeeper {
  readonly #parts: PriceKeeperParts;
  readonly #table: PriceTableFile | undefined;
  #revision = -1n;
  #last: Promise<unknown> = Promise.resolve();
  #stopWatching: (() => void) | undefined;

  constructor(parts: PriceKeeperParts) {
    this.#parts = parts;
    this.#table = parts.tablePath === undefined ? undefined : new PriceTableFile(parts.tablePath);
  }

  /** How the price table stands; undefined when none is set. */
  get table(): PriceTableStatus | undefined {
    return this.#table?.status;
  }

  /** Reads everything for the first time and watches the table from then on. A bad table is logged, not thrown. */
  async start(): Promise<void> {
    const { tablePath, clock, log } = this.#parts;
    await this.reloadTable();
    await this.reloadRows();
    if (tablePath !== undefined) {
      this.#stopWatching = watchFile(tablePath, { clock, log }, () => void this.reloadTable());
    }
  }

  /** Ends the watch. */
  stop(): void {
    this.#stopWatching?.();
  }

  /** Reads the table. What is wrong with it is logged and reported; the last good prices stay in force. */
  reloadTable(): Promise<void> {
    return this.#inTurn(async () => {
      const { books, clock, log } = this.#parts;
      if (!this.#table) return;
      const before = this.#table.status.problems;
      const isChanged = await this.#table.load(clock.nowMs());
      const { fileName, problems, overrides, state } = this.#table.status;
      if (isChanged) {
        books.replaceTable(overrides);
        log.info({ file: fileName, prices: overrides.length }, 'the price table is in force');
      }
      if (problems.length === 0 || JSON.stringify(before) === JSON.stringify(problems)) return;
      const lines = problems.map((problem) => describeTableProblem(fileName, problem));
      const what =
        state === 'NONE_GOOD'
          ? 'the price table of MODEL_PRICING_TABLE_PATH cannot be used: prices of the price library are charged instead'
          : 'the price table of MODEL_PRICING_TABLE_PATH cannot be used: the last good prices stay in force';
      log.error({ problems: lines }, what);
    });
  }

  /** Reads the rows of the teams if one changed since the last look, in this process or another. */
  reloadRows(): Promise<void> {
    return this.#inTurn(async () => {
      const { rows, books, log } = this.#parts;
      if ((await rows.readRevision()) === this.#revision) return;
      const { rows: found, revision } = await rows.list();
      const ofTeams = new Map<string, PriceOverride[]>();
      for (const row of found) {
        const price = readStoredPrice(row);
        if (!price) {
          log.error({ id: row.id, model: row.model }, 'a price override cannot be read and is passed over');
          continue;
        }
        const prices = ofTeams.get(row.teamId) ?? [];
        prices.push(price);
        ofTeams.set(row.teamId, prices);
      }
      books.replaceTeams(ofTeams);
      this.#revision = revision;
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
