import { lookUpPrice, nextListPriceChangeMs } from './list-price.ts';
import type { OverrideOrigin, PriceQuote } from './price-quote.ts';
import type { ProviderType } from './provider-type.ts';

/** A price that stands before the price library's. `dashboard` stands before `configuration` and `file`. */
export interface PriceOverride {
  /** A model id (`openai-eu/gpt-5`), or a catalogue id (`openai/gpt-5`) for that model at every provider of the type. */
  readonly model: string;
  readonly origin: OverrideOrigin;
  /** With `effectiveFrom` where it is dated: it holds from the beginning of that day in UTC. */
  readonly quote: PriceQuote;
}

/** The prices of an installation or team at any time. Immutable: a change of price is a new book. */
export interface PriceBook {
  /**
   * The price of a call started at `atMs` (epoch ms), undefined when nobody knows it. Of the overrides that hold then,
   * the dashboard's wins over those of files, a provider's own over its type's, and a later date over an earlier.
   */
  lookUp(providerType: ProviderType, providerId: string, vendorModelId: string, atMs: number): PriceQuote | undefined;
  /** All overrides that name the model, whether they hold or not: latest date first, the one that wins a day first. */
  list(providerType: ProviderType, providerId: string, vendorModelId: string): readonly PriceQuote[];
  /** The next price after `atMs` with other rates than those of `atMs`, and when it begins (epoch ms). */
  lookUpNext(
    providerType: ProviderType,
    providerId: string,
    vendorModelId: string,
    atMs: number,
  ): { readonly quote: PriceQuote; readonly fromMs: number } | undefined;
}

interface DatedQuote {
  readonly fromMs: number;
  readonly quote: PriceQuote;
}

type Level = ReadonlyMap<string, readonly DatedQuote[]>;

/**
 * Builds a book from valid overrides; a date that cannot be read holds always. Of two prices for one name and day at one
 * level the later in `overrides` wins.
 */
export function createPriceBook({ overrides }: { readonly overrides: readonly PriceOverride[] }): PriceBook {
  return createPriceBooks(overrides)(overrides.filter((override) => !isOfFile(override)));
}

/** A maker of books that differ only in the dashboard's overrides; those of files are sorted once. */
export function createPriceBooks(
  ofFiles: readonly PriceOverride[],
): (dashboard: readonly PriceOverride[]) => PriceBook {
  const shared = levelOf(ofFiles.filter(isOfFile));
  const plain = bookOf([shared]);
  return (dashboard) => (dashboard.length === 0 ? plain : bookOf([levelOf(dashboard), shared]));
}

const isOfFile = ({ origin }: PriceOverride) => origin !== 'dashboard';

function levelOf(overrides: readonly PriceOverride[]): Level {
  const byModel = new Map<string, DatedQuote[]>();
  for (const { model, origin, quote } of overrides) {
    const parsedMs = quote.effectiveFrom === undefined ? Number.NaN : Date.parse(quote.effectiveFrom);
    const fromMs = Number.isNaN(parsedMs) ? Number.NEGATIVE_INFINITY : parsedMs;
    const dated = byModel.get(model) ?? [];
    dated.push({ fromMs, quote: { ...quote, matched: quote.matched ?? model, origin } });
    byModel.set(model, dated);
  }
  for (const quotes of byModel.values()) quotes.sort((a, b) => a.fromMs - b.fromMs);
  return byModel;
}

function bookOf(given: readonly Level[]): PriceBook {
  const levels = given.filter(({ size }) => size > 0);
  const datedOf = (providerType: ProviderType, providerId: string, vendorModelId: string) => {
    const names = new Set([`${providerId}/${vendorModelId}`, `${providerType}/${vendorModelId}`]);
    return levels.flatMap((level) => [...names].flatMap((name) => level.get(name) ?? []));
  };
  const book: PriceBook = {
    lookUp(providerType, providerId, vendorModelId, atMs) {
      if (levels.length > 0) {
        const names = [`${providerId}/${vendorModelId}`, `${providerType}/${vendorModelId}`];
        for (const level of levels) {
          for (const name of names) {
            const found = level.get(name)?.findLast(({ fromMs }) => fromMs <= atMs);
            if (found) return found.quote;
          }
        }
      }
      return lookUpPrice(providerType, vendorModelId, atMs);
    },
    list(providerType, providerId, vendorModelId) {
      const dated = datedOf(providerType, providerId, vendorModelId);
      const ranked = dated.map((each, index) => ({ ...each, index }));
      return ranked
        .sort((a, b) => (a.fromMs === b.fromMs ? a.index - b.index : b.fromMs - a.fromMs))
        .map(({ quote }) => quote);
    },
    lookUpNext(providerType, providerId, vendorModelId, atMs) {
      const now = ratesOf(book.lookUp(providerType, providerId, vendorModelId, atMs));
      const changes = datedOf(providerType, providerId, vendorModelId).map(({ fromMs }) => fromMs);
      let fromMs = atMs;
      for (;;) {
        const listed = nextListPriceChangeMs(providerType, vendorModelId, fromMs);
        const coming = [...changes, ...(listed === undefined ? [] : [listed])].filter((ms) => ms > fromMs);
        if (coming.length === 0) return undefined;
        fromMs = Math.min(...coming);
        const quote = book.lookUp(providerType, providerId, vendorModelId, fromMs);
        if (quote && ratesOf(quote) !== now) return { quote, fromMs };
      }
    },
  };
  return book;
}

function ratesOf(quote: PriceQuote | undefined): string {
  return JSON.stringify(quote?.price ?? null);
}
