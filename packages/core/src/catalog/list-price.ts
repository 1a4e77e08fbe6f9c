import { calcPrice } from '@pydantic/genai-prices';
import type { ModelPrice, PriceQuote, PriceRate } from './price-quote.ts';
import type { ProviderType } from './provider-type.ts';

/** Version of the bundled price data; a test compares it with the installed package. */
export const priceLibraryVersion = '0.1.8';

const source = `@pydantic/genai-prices ${priceLibraryVersion}`;

/** Hugging Face's router bills at the rate of the provider behind it; without a suffix in the model name we take the first that lists it. */
const huggingfaceProviderIds = [
  'huggingface_together',
  'huggingface_fireworks-ai',
  'huggingface_novita',
  'huggingface_nebius',
  'huggingface_groq',
  'huggingface_cerebras',
  'huggingface_sambanova',
  'huggingface_hyperbolic',
  'huggingface_nscale',
  'huggingface_ovhcloud',
  'huggingface_publicai',
];

const localQuote: PriceQuote = {
  price: { input: { perMillionUsd: '0' }, output: { perMillionUsd: '0' } },
  source: 'runs on your machine',
};

const freeRate: PriceRate = { perMillionUsd: '0' };

type LibraryResult = NonNullable<ReturnType<typeof calcPrice>>;
type LibraryRate = LibraryResult['model_price'][string];

const maxCachedQuotes = 2_000;
const undatedQuotes = new Map<string, PriceQuote | null>();

/**
 * The vendor's list price of a model at the instant `atMs` (epoch milliseconds), or undefined when no source lists it:
 * the cost is then unknown, never 0. Local models (`ollama`) cost 0 by declaration. Custom endpoints have no list price.
 */
export function lookUpPrice(providerType: ProviderType, vendorModelId: string, atMs: number): PriceQuote | undefined {
  if (providerType === 'ollama') return localQuote;
  if (providerType === 'custom') return undefined;
  const key = `${providerType}/${vendorModelId}`;
  const cached = undatedQuotes.get(key);
  if (cached !== undefined) return cached ?? undefined;
  const result = findInLibrary(providerType, vendorModelId, atMs);
  const quote = result && toQuote(result);
  if (!Array.isArray(result?.model.prices) && undatedQuotes.size < maxCachedQuotes)
    undatedQuotes.set(key, quote ?? null);
  return quote;
}

/**
 * When the list price of a model changes next after `atMs`, in epoch milliseconds; undefined when no change is announced.
 */
export function nextListPriceChangeMs(
  providerType: ProviderType,
  vendorModelId: string,
  atMs: number,
): number | undefined {
  if (providerType === 'ollama' || providerType === 'custom') return undefined;
  if (undatedQuotes.has(`${providerType}/${vendorModelId}`)) return undefined;
  const prices = findInLibrary(providerType, vendorModelId, atMs)?.model.prices;
  if (!Array.isArray(prices)) return undefined;
  const changes = prices.flatMap(({ constraint }) =>
    constraint?.type === 'start_date' ? [Date.parse(constraint.start_date)] : [],
  );
  const coming = changes.filter((ms) => ms > atMs);
  return coming.length > 0 ? Math.min(...coming) : undefined;
}

function findInLibrary(providerType: ProviderType, vendorModelId: string, atMs: number): LibraryResult | undefined {
  for (const [providerId, modelId] of candidates(providerType, vendorModelId)) {
    // A conversion of the given instant for the library, not a reading of the clock.
    const result = calcPrice({}, modelId, { providerId, timestamp: new Date(atMs) });
    if (result) return result;
  }
  return undefined;
}

function candidates(providerType: ProviderType, vendorModelId: string): readonly (readonly [string, string])[] {
  if (providerType !== 'huggingface') return [[providerType, vendorModelId]];
  const [modelId = '', routedTo] = vendorModelId.split(':');
  if (routedTo === undefined || ['fastest', 'cheapest', 'preferred'].includes(routedTo)) {
    return huggingfaceProviderIds.map((providerId) => [providerId, modelId]);
  }
  return [[`huggingface_${routedTo}`, modelId]];
}

function toQuote(result: LibraryResult): PriceQuote | undefined {
  const rates = result.model_price;
  const input = toRate(rates.input_mtok);
  // What embeds writes nothing: the lists name no price of output for it, and none is ever charged.
  const output = toRate(rates.output_mtok) ?? (/embed/i.test(result.model.id) ? freeRate : undefined);
  if (!input || !output) return undefined;
  const cachedInput = toRate(rates.cache_read_mtok);
  const cacheWrite = toRate(rates.cache_write_mtok);
  const longCacheWrite = toRate(rates.cache_write_1h_mtok);
  const price: ModelPrice = {
    input,
    output,
    ...(cachedInput && { cachedInput }),
    ...(cacheWrite && { cacheWrite }),
    ...(longCacheWrite && { longCacheWrite }),
  };
  const sourceUrl = result.provider.pricing_urls?.[0];
  const effectiveFrom = startDateOf(result);
  return {
    price,
    source,
    matched: `${result.provider.id}/${result.model.id}`,
    ...(sourceUrl !== undefined && { sourceUrl }),
    ...(effectiveFrom !== undefined && { effectiveFrom }),
  };
}

function startDateOf(result: LibraryResult): string | undefined {
  if (!Array.isArray(result.model.prices)) return undefined;
  const constraint = result.model.prices.find((entry) => entry.prices === result.model_price)?.constraint;
  return constraint?.type === 'start_date' ? constraint.start_date : undefined;
}

function toRate(rate: LibraryRate): PriceRate | undefined {
  if (rate === undefined) return undefined;
  if (typeof rate === 'number') return { perMillionUsd: toDecimal(rate) };
  const tiers = [...rate.tiers]
    .sort((a, b) => a.start - b.start)
    .map((tier) => ({ aboveInputTokens: tier.start, perMillionUsd: toDecimal(tier.price) }));
  return { perMillionUsd: toDecimal(rate.base), tiers };
}

/** The shortest decimal that reads back as `value`, without an exponent: the figure that was typed into the price list. */
function toDecimal(value: number): string {
  const text = String(value);
  const match = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (!match) return text;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  return `0.${'0'.repeat(Number(exponent) - 1)}${whole}${fraction}`;
}
