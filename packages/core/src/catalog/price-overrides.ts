import { LineCounter, parseDocument } from 'yaml';
import { composePrice, explainBadRate, type PriceTier, type RateKey, rateKeys } from './flat-price.ts';
import type { PriceOverride } from './price-book.ts';
import type { ModelPrice } from './price-quote.ts';

/** What is wrong with a price table, and where: 1-based `line` and the path of the entry (`prices.3.model`). */
export interface PriceTableProblem {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** `overrides` is empty when there are problems: a table is taken whole or not at all. */
export interface PriceTable {
  readonly overrides: readonly PriceOverride[];
  readonly problems: readonly PriceTableProblem[];
}

/** In characters: a hundred times a table of every model there is. */
const maxCharacters = 4_000_000;
const maxEntries = 20_000;

const rateNames = {
  input: 'input_per_million_usd',
  output: 'output_per_million_usd',
  cachedInput: 'cached_input_per_million_usd',
  cacheWrite: 'cache_write_per_million_usd',
  longCacheWrite: 'long_cache_write_per_million_usd',
} as const satisfies Readonly<Record<RateKey, string>>;
const entryFields = new Set<string>([
  'model',
  'effective_from',
  'source',
  'source_url',
  'tiers',
  ...Object.values(rateNames),
]);
const tierFields = new Set<string>(['above_input_tokens', ...Object.values(rateNames)]);

/**
 * Reads the file that `MODEL_PRICING_TABLE_PATH` names (JSON or YAML; the format is in docs/pricing.md). `fileName`
 * becomes the source of prices that name none. Never throws; reports every problem, not only the first.
 */
export function readPriceTable(text: string, fileName: string): PriceTable {
  const problems: PriceTableProblem[] = [];
  if (text.length > maxCharacters) return failed(`The price table is too long: at most ${maxCharacters} characters.`);
  const lines = new LineCounter();
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  } catch {
    return failed('The price table is nested too deeply to be read.');
  }
  for (const { message, pos } of document.errors)
    problems.push({ path: '', line: Math.max(1, lines.linePos(pos[0]).line), message });
  if (problems.length > 0) return { overrides: [], problems };
  let value: unknown;
  try {
    // Few aliases: a table has no use for them, and many can be made to explode.
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return failed('The price table refers to itself too often to be read.');
  }
  const lineOf = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      const range = (node as { range?: readonly number[] } | undefined)?.range;
      if (range?.[0] !== undefined) return Math.max(1, lines.linePos(range[0]).line);
    }
    return 1;
  };
  const report = (path: readonly (string | number)[], message: string) => {
    problems.push({ path: path.join('.'), line: lineOf(path), message });
  };
  const overrides = readEntries(value, fileName, report);
  return problems.length > 0 ? { overrides: [], problems } : { overrides, problems };
}

function failed(message: string): PriceTable {
  return { overrides: [], problems: [{ path: '', line: 1, message }] };
}

type Path = readonly (string | number)[];
type Report = (path: Path, message: string) => void;
type Entry = Readonly<Record<string, unknown>>;

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readEntries(value: unknown, fileName: string, report: Report): readonly PriceOverride[] {
  const prices = isEntry(value) ? value.prices : value;
  const at: Path = isEntry(value) ? ['prices'] : [];
  if (!Array.isArray(prices)) {
    report(at, 'Give a list of prices, or an object whose "prices" is that list.');
    return [];
  }
  if (prices.length > maxEntries) report(at, `At most ${maxEntries} prices are read.`);
  const seen = new Map<string, number>();
  return prices.slice(0, maxEntries).flatMap((entry: unknown, index) => {
    const path = [...at, index];
    if (!isEntry(entry)) {
      report(path, 'A price is an object with model, input_per_million_usd and output_per_million_usd.');
      return [];
    }
    const override = readEntry(entry, path, fileName, report);
    if (!override) return [];
    const key = `${override.model} ${override.quote.effectiveFrom ?? ''}`;
    const first = seen.get(key);
    if (first !== undefined)
      report([...path, 'model'], `"${override.model}" has a price from the same day already, in entry ${first}.`);
    seen.set(key, index);
    return [override];
  });
}

function readEntry(entry: Entry, path: Path, fileName: string, report: Report): PriceOverride | undefined {
  for (const name of Object.keys(entry))
    if (!entryFields.has(name)) report([...path, name], `"${name}" is not a field of a price.`);
  const { model, source, source_url: sourceUrl, effective_from: effectiveFrom } = entry;
  const isNamed = typeof model === 'string' && /^[^/\s][^/]*\/\S.*$/.test(model.trim());
  if (!isNamed) report([...path, 'model'], 'Name the model as provider/model, for example openai/gpt-5.');
  if (source !== undefined && typeof source !== 'string') report([...path, 'source'], 'The source is a text.');
  if (sourceUrl !== undefined && !(typeof sourceUrl === 'string' && /^https?:\/\//.test(sourceUrl)))
    report([...path, 'source_url'], 'The address of the source begins with https://.');
  if (effectiveFrom !== undefined && !isDay(effectiveFrom))
    report([...path, 'effective_from'], 'Write the day as 2026-01-31.');
  const price = readPrice(entry, path, report);
  if (!isNamed || !price) return undefined;
  return {
    model: model.trim(),
    origin: 'file',
    quote: {
      price,
      source: typeof source === 'string' && source.trim() !== '' ? source : fileName,
      ...(typeof sourceUrl === 'string' && { sourceUrl }),
      ...(typeof effectiveFrom === 'string' && { effectiveFrom }),
    },
  };
}

function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value);
}

function readPrice(entry: Entry, path: Path, report: Report): ModelPrice | undefined {
  const tiers = readTiers(entry.tiers, path, report);
  const base: Partial<Record<RateKey, string>> = {};
  for (const key of rateKeys) {
    const name = rateNames[key];
    const given = readRate(entry[name], [...path, name], report);
    if (given !== undefined) base[key] = given;
    else if (entry[name] === undefined && (key === 'input' || key === 'output'))
      report([...path, name], `Give ${name}: a price without it would count as free.`);
  }
  const { input, output } = base;
  if (input === undefined || output === undefined) return undefined;
  return composePrice({ ...base, input, output, tiers });
}

function readTiers(value: unknown, path: Path, report: Report): readonly PriceTier[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    report([...path, 'tiers'], 'Tiers are a list.');
    return [];
  }
  let before = -1;
  return value.flatMap((tier: unknown, index): PriceTier[] => {
    const place = [...path, 'tiers', index];
    if (!isEntry(tier)) {
      report(place, 'A tier is an object with above_input_tokens and the rates that change.');
      return [];
    }
    for (const name of Object.keys(tier))
      if (!tierFields.has(name)) report([...place, name], `"${name}" is not a field of a tier.`);
    const above = tier.above_input_tokens;
    if (!(typeof above === 'number' && Number.isSafeInteger(above) && above > 0)) {
      report([...place, 'above_input_tokens'], 'Give a whole number of tokens above 0.');
      return [];
    }
    if (above <= before) report([...place, 'above_input_tokens'], 'The tiers are not in ascending order.');
    before = above;
    const rates: Partial<Record<RateKey, string>> = {};
    for (const key of rateKeys) {
      const rate = readRate(tier[rateNames[key]], [...place, rateNames[key]], report);
      if (rate !== undefined) rates[key] = rate;
    }
    return [{ aboveInputTokens: above, ...rates }];
  });
}

function readRate(value: unknown, path: Path, report: Report): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'number' ? decimalOf(value) : value;
  const problem = explainBadRate(typeof text === 'string' ? text : '');
  if (problem !== undefined) {
    report(path, problem);
    return undefined;
  }
  return String(text);
}

/** The number as it was typed, without an exponent. */
function decimalOf(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return value.toFixed(18).replace(/\.?0+$/, '');
}
