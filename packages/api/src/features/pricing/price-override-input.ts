import {
  explainBadRate,
  type FlatPrice,
  findBuiltInModel,
  type PriceTier,
  splitModelId,
} from '@switchyard/core/catalog';
import { z } from 'zod';
import type { Services } from '../../container.ts';
import { ValidationFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';

const nullish = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined);

const rate = z.string().superRefine((text, context) => {
  const problem = text.startsWith('-')
    ? 'A price cannot be negative. Give US dollars per million tokens, for example 1.25.'
    : explainBadRate(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const specialRates = {
  cachedInputPerMillionUsd: nullish(rate),
  cacheWritePerMillionUsd: nullish(rate),
  longCacheWritePerMillionUsd: nullish(rate),
};

const tier = z.object({
  aboveInputTokens: z
    .int()
    .min(1, 'Give a whole number of tokens above 0.')
    .max(100_000_000, 'No model reads so many tokens at once.'),
  inputPerMillionUsd: nullish(rate),
  outputPerMillionUsd: nullish(rate),
  ...specialRates,
});

const firstDay = '2000-01-01';

const day = z.string().superRefine((text, context) => {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text)) {
    context.addIssue({ code: 'custom', message: 'Write the day as 2026-01-31.' });
  } else if (text < firstDay) context.addIssue({ code: 'custom', message: `Give a day from ${firstDay} on.` });
});

/** What `setPriceOverride` takes. */
export const setPriceOverrideInput = z
  .object({
    model: z.string().trim().min(3, 'Name the model as provider/model, for example openai/gpt-5.').max(300),
    effectiveFrom: nullish(day),
    inputPerMillionUsd: rate,
    outputPerMillionUsd: rate,
    ...specialRates,
    tiers: nullish(z.array(tier).max(20, 'A price has at most 20 tiers.')),
    note: nullish(z.string().trim().max(500, 'A note may have 500 characters at the most.')),
    idempotencyKey: idempotencyKeyInput,
  })
  .superRefine(({ tiers = [] }, context) => {
    for (const [index, { aboveInputTokens, ...rates }] of tiers.entries()) {
      const before = tiers[index - 1];
      if (before && aboveInputTokens <= before.aboveInputTokens) {
        const message = `Tiers ascend: give more than the ${before.aboveInputTokens} tokens of the tier before.`;
        context.addIssue({ code: 'custom', path: ['tiers', index, 'aboveInputTokens'], message });
      }
      if (Object.values(rates).every((each) => each === undefined)) {
        const message = 'Give at least one rate that changes in this tier.';
        context.addIssue({ code: 'custom', path: ['tiers', index, 'inputPerMillionUsd'], message });
      }
    }
  });

export type PriceOverrideInput = z.output<typeof setPriceOverrideInput>;

/** The rates of the input without what is absent. */
export function toFlatPrice(input: PriceOverrideInput): FlatPrice {
  return {
    ...toRates(input),
    input: input.inputPerMillionUsd,
    output: input.outputPerMillionUsd,
    tiers: (input.tiers ?? []).map((each) => ({ aboveInputTokens: each.aboveInputTokens, ...toRates(each) })),
  };
}

type GivenRates = Omit<NonNullable<PriceOverrideInput['tiers']>[number], 'aboveInputTokens'>;

function toRates(given: GivenRates): Omit<PriceTier, 'aboveInputTokens'> {
  const rates = {
    input: given.inputPerMillionUsd,
    output: given.outputPerMillionUsd,
    cachedInput: given.cachedInputPerMillionUsd,
    cacheWrite: given.cacheWritePerMillionUsd,
    longCacheWrite: given.longCacheWritePerMillionUsd,
  };
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate !== undefined));
}

/** Latest day that makes sense: ten years from `nowMs`, so that a slip of the year is noticed. */
export function assertDayFits(effectiveFrom: string, nowMs: number): void {
  const lastDay = new Date(nowMs + 3_653 * 86_400_000).toISOString().slice(0, 10);
  if (effectiveFrom <= lastDay) return;
  const message = `effectiveFrom: ${effectiveFrom} is more than ten years away. Give a day until ${lastDay}.`;
  throw new ValidationFailure([{ path: ['input', 'effectiveFrom'], message, code: 'custom' }]);
}

/**
 * Throws `ValidationFailure` when `model` is none of the team's: neither `provider/model` of a provider that it sees
 * nor `type/model` of the catalogue. Another team's provider is unknown like one that does not exist.
 */
export function assertModelKnown({ providers }: Services, teamId: string, model: string): void {
  if (providers.findModel(teamId, model)) return;
  const parts = splitModelId(model);
  const ofType = parts && providers.instancesOf(teamId).filter(({ type }) => type === parts.providerId);
  if (parts && ofType) {
    const isOffered = ofType.some(({ slug }) => providers.findModel(teamId, `${slug}/${parts.vendorModelId}`));
    if (isOffered || ofType.some(({ type }) => findBuiltInModel(type, parts.vendorModelId))) return;
  }
  const message = `model: There is no model "${model}". Name one of the Models page as provider/model, for example openai/gpt-5.`;
  throw new ValidationFailure([{ path: ['input', 'model'], message, code: 'unknown_model' }]);
}
