import { createPriceBooks, type PriceBook, type PriceOverride } from '@switchyard/core/catalog';
import type { ConfiguredPrice } from '@switchyard/core/provisioning';

/** The prices of every team as they are now, all in memory. Each change swaps in new books; a book itself never changes. */
export class TeamPriceBooks {
  #configured: readonly PriceOverride[] = [];
  #table: readonly PriceOverride[] = [];
  #ofTeams: ReadonlyMap<string, readonly PriceOverride[]> = new Map();
  #bookOf = createPriceBooks([]);
  #books = new Map<string, PriceBook>();

  /** What a team's calls cost now. A caller that needs several answers of one moment keeps the book. */
  of(teamId: string): PriceBook {
    const known = this.#books.get(teamId);
    if (known) return known;
    const overrides = this.#ofTeams.get(teamId) ?? [];
    const book = this.#bookOf(overrides);
    // Teams without a price of their own share one book, which needs no entry here.
    if (overrides.length > 0) this.#books.set(teamId, book);
    return book;
  }

  /** `prices` of the configuration file from now on. */
  replaceConfigured(prices: readonly ConfiguredPrice[], fileName: string): void {
    this.#configured = prices.map(({ model, price, effectiveFrom }) => ({
      model,
      origin: 'configuration',
      quote: { price, source: fileName, ...(effectiveFrom !== undefined && { effectiveFrom }) },
    }));
    this.#rebuild();
  }

  /** The table of `MODEL_PRICING_TABLE_PATH` from now on. */
  replaceTable(overrides: readonly PriceOverride[]): void {
    this.#table = overrides;
    this.#rebuild();
  }

  /** What the teams set in the dashboard from now on, by team. */
  replaceTeams(ofTeams: ReadonlyMap<string, readonly PriceOverride[]>): void {
    this.#ofTeams = ofTeams;
    this.#books = new Map();
  }

  #rebuild(): void {
    // The table comes last: of two prices from one day it wins, because nothing but prices is its purpose.
    this.#bookOf = createPriceBooks([...this.#configured, ...this.#table]);
    this.#books = new Map();
  }
}
