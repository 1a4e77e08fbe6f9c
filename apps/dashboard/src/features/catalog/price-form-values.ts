import type { PriceFieldsFragment, SetPriceOverrideInput } from '../../gql/catalog.ts';

export const rateFields = [
  { name: 'inputPerMillionUsd', label: 'Input', hint: '', isRequired: true },
  { name: 'outputPerMillionUsd', label: 'Output', hint: 'reasoning included', isRequired: true },
  { name: 'cachedInputPerMillionUsd', label: 'Cached input', hint: 'like input when empty', isRequired: false },
  { name: 'cacheWritePerMillionUsd', label: 'Cache write', hint: 'like input when empty', isRequired: false },
  {
    name: 'longCacheWritePerMillionUsd',
    label: 'Cache write, one hour',
    hint: 'like cache write when empty',
    isRequired: false,
  },
] as const;

export type RateName = (typeof rateFields)[number]['name'];

type Rates = Record<RateName, string>;

export interface TierValues extends Rates {
  /** For React: tiers have no id of their own. */
  key: string;
  aboveInputTokens: number | string;
}

/** What the form holds, all of it as text. */
export interface PriceFormValues extends Rates {
  /** A day: `2026-11-21`. */
  effectiveFrom: string;
  note: string;
  tiers: TierValues[];
}

type GivenRates = { readonly [Name in RateName]?: string | null };

const ratesOf = (given: GivenRates | undefined): Rates => ({
  inputPerMillionUsd: given?.inputPerMillionUsd ?? '',
  outputPerMillionUsd: given?.outputPerMillionUsd ?? '',
  cachedInputPerMillionUsd: given?.cachedInputPerMillionUsd ?? '',
  cacheWritePerMillionUsd: given?.cacheWritePerMillionUsd ?? '',
  longCacheWritePerMillionUsd: given?.longCacheWritePerMillionUsd ?? '',
});

/** Begins with the price of now, so that one figure can be changed without looking up the others. */
export function priceFormOf(price: PriceFieldsFragment | undefined, today: string): PriceFormValues {
  return {
    ...ratesOf(price),
    effectiveFrom: today,
    note: '',
    tiers: (price?.tiers ?? []).map((tier, index) => ({
      ...ratesOf(tier),
      key: `given-${index}`,
      aboveInputTokens: tier.aboveInputTokens,
    })),
  };
}

export const emptyTier = (key: string): TierValues => ({ ...ratesOf(undefined), key, aboveInputTokens: '' });

/** What is wrong with a rate as it was typed; null when it can be used. */
export function explainRate(text: string, isRequired: boolean): string | null {
  const given = text.trim();
  if (given === '') return isRequired ? 'Give a price, or 0 when it is free.' : null;
  if (given.startsWith('-')) return 'A price cannot be negative.';
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(given)) return 'Give a decimal like 1.25, with at most nine decimals.';
  if (Number(given) > 1_000_000) return 'More than a million dollars per million tokens: another unit?';
  return null;
}

/** All that is wrong with the form, by field (`tiers.0.inputPerMillionUsd`). */
export function validatePrice(values: PriceFormValues): Record<string, string> {
  const errors: Record<string, string> = {};
  const note = (field: string, problem: string | null) => {
    if (problem !== null) errors[field] = problem;
  };
  for (const { name, isRequired } of rateFields) note(name, explainRate(values[name], isRequired));
  if (!/^\d{4}-\d{2}-\d{2}$/.test(values.effectiveFrom)) note('effectiveFrom', 'Choose a day.');
  let before = 0;
  for (const [index, tier] of values.tiers.entries()) {
    const above = Number(tier.aboveInputTokens);
    if (tier.aboveInputTokens === '' || !Number.isInteger(above) || above < 1)
      note(`tiers.${index}.aboveInputTokens`, 'Give a whole number above 0.');
    else if (above <= before) note(`tiers.${index}.aboveInputTokens`, `Give more than ${before}: tiers ascend.`);
    before = Math.max(before, above);
    for (const { name } of rateFields) note(`tiers.${index}.${name}`, explainRate(tier[name], false));
    if (rateFields.every(({ name }) => tier[name].trim() === ''))
      note(`tiers.${index}.inputPerMillionUsd`, 'Give a rate that changes.');
  }
  return errors;
}

const given = (text: string) => text.trim() || null;

function rateInputOf(rates: Rates) {
  return {
    cachedInputPerMillionUsd: given(rates.cachedInputPerMillionUsd),
    cacheWritePerMillionUsd: given(rates.cacheWritePerMillionUsd),
    longCacheWritePerMillionUsd: given(rates.longCacheWritePerMillionUsd),
  };
}

export function priceInputOf(model: string, values: PriceFormValues, idempotencyKey: string): SetPriceOverrideInput {
  return {
    model,
    effectiveFrom: values.effectiveFrom,
    inputPerMillionUsd: values.inputPerMillionUsd.trim(),
    outputPerMillionUsd: values.outputPerMillionUsd.trim(),
    ...rateInputOf(values),
    tiers: values.tiers.map((tier) => ({
      aboveInputTokens: Number(tier.aboveInputTokens),
      inputPerMillionUsd: given(tier.inputPerMillionUsd),
      outputPerMillionUsd: given(tier.outputPerMillionUsd),
      ...rateInputOf(tier),
    })),
    note: given(values.note),
    idempotencyKey,
  };
}

interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

/** The server's issues by field of the form, and what belongs to none. */
export function priceIssuesByField(issues: readonly Issue[]): { fields: Record<string, string>; rest: string[] } {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  const known = new Set<string>([...rateFields.map(({ name }) => name), 'effectiveFrom', 'note', 'tiers']);
  for (const { path, message } of issues) {
    const place = path[0] === 'input' ? path.slice(1) : path;
    const field = place.join('.');
    if (known.has(place[0] ?? '')) fields[field] ??= message.replace(`${field}: `, '');
    else rest.push(message);
  }
  return { fields, rest };
}
