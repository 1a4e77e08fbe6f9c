import { builder } from '../../graphql/builder.ts';
import { ModelPriceType } from './price.types.ts';
import type { PriceEntry, PriceStanding } from './price-history.ts';
import { readStoredPrice } from './stored-price.ts';

export const PriceOverrideType = builder.prismaNode('PriceOverride', {
  nullable: true,
  description: 'A price that your team set, from a day on.',
  id: { field: 'id' },
  findUnique: (id, context) => ({ id_teamId: { id, teamId: context.identity.teamId } }),
  fields: (t) => ({
    model: t.exposeString('model', {
      description: '`provider/model`, or `type/model` for that model at every provider of the type.',
    }),
    effectiveFrom: t.field({
      type: 'DateTime',
      description: 'The beginning of the day, in UTC, from which it holds.',
      select: { effectiveFrom: true },
      resolve: ({ effectiveFrom }) => new Date(effectiveFrom),
    }),
    price: t.field({
      type: ModelPriceType,
      nullable: true,
      description: 'The rates; null for a price of another version that cannot be read and does not hold.',
      select: {
        id: true,
        teamId: true,
        createdById: true,
        model: true,
        effectiveFrom: true,
        inputPerMillionUsd: true,
        outputPerMillionUsd: true,
        cachedInputPerMillionUsd: true,
        cacheWritePerMillionUsd: true,
        longCacheWritePerMillionUsd: true,
        tiers: true,
        note: true,
        createdAt: true,
      },
      resolve: (row) => {
        const stored = readStoredPrice(row);
        return stored ? { ...stored.quote, origin: stored.origin } : null;
      },
    }),
    note: t.exposeString('note', { nullable: true, description: 'Why, or where the figure comes from.' }),
    createdByName: t.string({
      nullable: true,
      description: 'Who set it; null for a key that belongs to no person.',
      select: { createdBy: { select: { name: true } } },
      resolve: ({ createdBy }) => createdBy?.name ?? null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was set.' }),
  }),
});

const PriceStandingEnum = builder.enumType('PriceStanding', {
  description: 'Whether a price is charged.',
  values: {
    CURRENT: { description: 'Calls that start now are charged at it.' },
    COMING: { description: 'It holds from its day on.' },
    REPLACED: { description: 'Another price stands before it.' },
  } as const satisfies Record<PriceStanding, unknown>,
});

export const PriceEntryType = builder.objectRef<PriceEntry>('PriceEntry').implement({
  description: 'One price of a model among those that somebody set or listed.',
  fields: (t) => ({
    price: t.field({ type: ModelPriceType, description: 'The price.', resolve: ({ quote }) => quote }),
    standing: t.field({
      type: PriceStandingEnum,
      description: 'Whether it is charged.',
      resolve: ({ standing }) => standing,
    }),
    override: t.field({
      type: PriceOverrideType,
      nullable: true,
      description: 'What to delete to take it back; null when it was not set in the dashboard.',
      resolve: ({ override }) => (override ?? null) as never,
    }),
  }),
});
