import { lookUpPrice } from './list-price.ts';
import type { PriceQuote } from './price-quote.ts';
import type { ProviderType } from './provider-type.ts';

/** A price that stands before the price library's. `dashboard` stands before `file` (and `switchyard.yaml`). */
export interface PriceOverride {
  /** A model id (`openai-eu/gpt-5`), or a catalogue id (`openai/gpt-5`) for that model at every provider of the type. */
  readonly model: string;
  readonly origin: 'dashboard' | 'file';
  /** With `effectiveFrom` where it is dated: it holds from the beginning of that day in UTC. */
  readonly quote: PriceQuote;
}

/** The prices of an installation or team at any time. Immutable: a change of price is a new book. */
export interface PriceBook {
  /**
   * The price of a call started at `atMs` (epoch ms), undefined when nobody knows it. Of the overrides that hold then,
   * the dashboard's wins over the file's, a provider's own over its type's, and a later date over an earlier.
   */
  lookUp(providerType: ProviderType, providerId: string, vendorModelId: string, atMs: number): PriceQuote | undefined;
}

interface DatedQuote {
  readonly fromMs: number;
  readonly quote: PriceQuote;
}

/** Builds a book from valid overrides; a date that cannot be read holds always. */
export function createPriceBook({ overrides }: { readonly overrides: readonly PriceOverride[] }): PriceBook {
  const byOrigin = { dashboard: new Map<string, DatedQuote[]>(), file: new Map<string, DatedQuote[]>() };
  for (const { model, origin, quote } of overrides) {
    const parsedMs = quote.effectiveFrom === undefined ? Number.NaN : Date.parse(quote.effectiveFrom);
    const fromMs = Number.isNaN(parsedMs) ? Number.NEGATIVE_INFINITY : parsedMs;
    const dated = byOrigin[origin].get(model) ?? [];
    dated.push({ fromMs, quote });
    byOrigin[origin].set(model, dated);
  }
  for (const quotes of [...byOrigin.dashboard.values(), ...byOrigin.file.values()])
    quotes.sort((a, b) => a.fromMs - b.fromMs);
  const isEmpty = overrides.length === 0;
  return {
    lookUp(providerType, providerId, vendorModelId, atMs) {
      if (!isEmpty) {
        const names = [`${providerId}/${vendorModelId}`, `${providerType}/${vendorModelId}`];
        for (const origin of ['dashboard', 'file'] as const) {
          for (const name of names) {
            const found = byOrigin[origin].get(name)?.findLast(({ fromMs }) => fromMs <= atMs);
            if (found) return found.quote;
          }
        }
      }
      return lookUpPrice(providerType, vendorModelId, atMs);
    },
  };
}
