import type { ModelLimits } from '@switchyard/core/guardrails';
import { formatUsd, parseUsd } from '@switchyard/core/kernel';
import { z } from 'zod';

/** A thousand dollars for one answer is a slip of the unit. */
const mostUsd = 1_000n * 1_000_000_000n;
const mostTokens = 100_000_000;
const longestTargetMs = 3_600_000;
const mostFallbacks = 5;
const mostTags = 20;

const usd = z
  .string()
  .regex(/^\d+(\.\d{1,9})?$/, 'Give an amount of US dollars above 0, for example 0.10.')
  .transform((text) => parseUsd(text))
  .refine((amount) => amount > 0n, 'A limit of 0 would refuse every call. Leave the model out instead.')
  .refine((amount) => amount <= mostUsd, 'This is more than $1,000 for one answer. Is it in another unit?');

export const modelLimitsInput = z
  .object({
    costLimitUsd: usd.nullish(),
    tokenLimit: z.int().min(1).max(mostTokens).nullish(),
    latencyTargetMs: z.int().min(1).max(longestTargetMs).nullish(),
    dropIfOverBudget: z.boolean().nullish(),
  })
  .transform(({ costLimitUsd, tokenLimit, latencyTargetMs, dropIfOverBudget }): ModelLimits | undefined => {
    if (costLimitUsd == null && tokenLimit == null && latencyTargetMs == null) return undefined;
    return {
      ...(costLimitUsd != null && { costLimitNanoUsd: costLimitUsd }),
      ...(tokenLimit != null && { tokenLimit }),
      ...(latencyTargetMs != null && { latencyTargetMs }),
      ...(dropIfOverBudget != null && { dropIfOverBudget }),
    };
  });

export const modelNameInput = z.string().min(1).max(300);
export const fallbacksInput = z
  .array(modelNameInput)
  .max(mostFallbacks, `At most ${mostFallbacks} fallbacks.`)
  .nullish()
  .transform((names) => names ?? []);

const tagArray = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^[^,\p{Cc}]+$/u, 'A tag holds no comma and no control character.'),
  )
  .max(mostTags, `At most ${mostTags} tags.`);

/** What calls are marked with, so that budgets and reports can tell them apart. */
export const tagsInput = tagArray.nullish().transform((tags) => [...new Set(tags ?? [])]);

/** The same as one text: `invoice,eu`. */
export const tagListInput = z
  .string()
  .transform((text) => text.split(',').filter((tag) => tag.trim() !== ''))
  .pipe(tagArray)
  .transform((tags) => [...new Set(tags)]);

/** Limits as they are stored: amounts as text. */
export interface StoredLimits extends Omit<ModelLimits, 'costLimitNanoUsd'> {
  readonly costLimitUsd?: string;
}

export function toStoredLimits({ costLimitNanoUsd, ...rest }: ModelLimits): StoredLimits {
  return { ...rest, ...(costLimitNanoUsd !== undefined && { costLimitUsd: formatUsd(costLimitNanoUsd) }) };
}

export function readStoredLimits(stored: unknown): ModelLimits | undefined {
  if (stored === null || stored === undefined) return undefined;
  const { costLimitUsd, ...rest } = stored as StoredLimits;
  return { ...rest, ...(costLimitUsd !== undefined && { costLimitNanoUsd: parseUsd(costLimitUsd) }) };
}
