import { composePrice, explainBadRate, type PriceOverride } from '@switchyard/core/catalog';
import { z } from 'zod';
import type { PriceOverrideModel } from '../../generated/prisma/models.ts';

const rate = z.string().refine((text) => explainBadRate(text) === undefined);

/** The JSON column of tiers, as it is read back. */
const tiersColumn = z.array(
  z.object({
    aboveInputTokens: z.int().min(1),
    input: rate.exactOptional(),
    output: rate.exactOptional(),
    cachedInput: rate.exactOptional(),
    cacheWrite: rate.exactOptional(),
    longCacheWrite: rate.exactOptional(),
  }),
);

/** What a row says, for a price book; undefined for a row that another version wrote otherwise. */
export function readStoredPrice(row: PriceOverrideModel): PriceOverride | undefined {
  const tiers = tiersColumn.safeParse(row.tiers);
  const rates = [row.inputPerMillionUsd, row.outputPerMillionUsd, row.cachedInputPerMillionUsd];
  const given = [...rates, row.cacheWritePerMillionUsd, row.longCacheWritePerMillionUsd];
  if (!tiers.success || given.some((each) => each !== null && !rate.safeParse(each).success)) return undefined;
  const price = composePrice({
    input: row.inputPerMillionUsd,
    output: row.outputPerMillionUsd,
    ...(row.cachedInputPerMillionUsd !== null && { cachedInput: row.cachedInputPerMillionUsd }),
    ...(row.cacheWritePerMillionUsd !== null && { cacheWrite: row.cacheWritePerMillionUsd }),
    ...(row.longCacheWritePerMillionUsd !== null && { longCacheWrite: row.longCacheWritePerMillionUsd }),
    tiers: tiers.data,
  });
  return {
    model: row.model,
    origin: 'dashboard',
    quote: { price, source: dashboardSource, effectiveFrom: row.effectiveFrom, matched: row.model },
  };
}

/** What stands as the source of a price that was set in the dashboard. */
export const dashboardSource = 'your team';
