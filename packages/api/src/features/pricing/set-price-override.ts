import { createHash } from 'node:crypto';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { assertDayFits, assertModelKnown, setPriceOverrideInput, toFlatPrice } from './price-override-input.ts';

const mostOverrides = 5_000;

/**
 * Sets the price of a model from a day on, in place of what the team set for that day before. Calls that start after it
 * are charged at it. Answers the row's id. Throws `ForbiddenFailure`, `ValidationFailure`, `ConflictFailure`,
 * `IdempotencyFailure`.
 */
export async function setPriceOverride(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  assertMayManage(identity, 'MODELS', 'set prices');
  const input = parseInput(setPriceOverrideInput, rawInput);
  const { idempotencyKey, note, ...wanted } = input;
  const { teamId } = identity;
  const { clock, prisma, priceRows } = services;
  const nowMs = clock.nowMs();
  const effectiveFrom = input.effectiveFrom ?? new Date(nowMs).toISOString().slice(0, 10);
  assertDayFits(effectiveFrom, nowMs);
  assertModelKnown(services, teamId, input.model);
  const { tiers, ...flat } = toFlatPrice(input);
  const call = { teamId, operation: 'setPriceOverride', key: idempotencyKey, input: { ...wanted, note: note ?? null } };
  const rowId = idOf(teamId, input.model, effectiveFrom);
  const { id } = await runIdempotently<{ id: string }>(prisma, clock, call, async (store) => {
    if ((await priceRows.count(teamId)) >= mostOverrides && !(await priceRows.find(teamId, rowId))) {
      const message = `A team sets at most ${mostOverrides} prices. Delete old ones first; calls keep what they were charged at.`;
      throw new ConflictFailure('PRICING.TOO_MANY', message, ['input']);
    }
    await priceRows.set(
      teamId,
      {
        id: rowId,
        createdById: identity.userId ?? null,
        model: input.model,
        effectiveFrom,
        inputPerMillionUsd: flat.input,
        outputPerMillionUsd: flat.output,
        cachedInputPerMillionUsd: flat.cachedInput ?? null,
        cacheWritePerMillionUsd: flat.cacheWrite ?? null,
        longCacheWritePerMillionUsd: flat.longCacheWrite ?? null,
        tiers: tiers as unknown as Prisma.InputJsonValue,
        note: note === undefined || note === '' ? null : note,
        createdAt: new Date(nowMs),
      },
      store({ id: rowId }),
    );
    return { id: rowId };
  });
  await services.prices.reloadRows();
  return id;
}

/** The same for the same model and day, so that two who set it at once mean one row. */
function idOf(teamId: string, model: string, effectiveFrom: string): string {
  const hash = createHash('sha256').update(JSON.stringify([teamId, model, effectiveFrom]));
  return `prc_${hash.digest('hex').slice(0, 32)}`;
}
