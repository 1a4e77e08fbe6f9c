import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { ModelType } from '../catalog/catalog.schema.ts';
import { deletePriceOverride } from './delete-price-override.ts';
import { DeletePriceOverrideInput, SetPriceOverrideInput } from './price-override.inputs.ts';
import { PriceOverrideType } from './pricing.types.ts';
import { setPriceOverride } from './set-price-override.ts';

/** The row's id and the name that the price was set for. */
interface Changed {
  readonly id: string;
  readonly model: string;
}

const SetPriceOverrideSuccess = builder.objectRef<Changed>('SetPriceOverrideSuccess').implement({
  description: 'The price is set: it is charged for calls that start from its day on.',
  fields: (t) => ({
    priceOverride: t.prismaField({
      type: PriceOverrideType,
      nullable: true,
      description: 'The price; null when somebody deleted it at the same moment.',
      resolve: (query, { id }, _args, { services, identity: { teamId } }) =>
        services.prisma.priceOverride.findUnique({ ...query, where: { id_teamId: { id, teamId } } }),
    }),
    model: t.field({
      type: ModelType,
      nullable: true,
      description: 'The model with its price of now; null when it was set for all providers of a type.',
      resolve: ({ model }, _args, { services, identity }) =>
        services.providers.findModel(identity.teamId, model) ?? null,
    }),
  }),
});

const DeletePriceOverrideSuccess = builder.objectRef<Changed>('DeletePriceOverrideSuccess').implement({
  description: 'The price is taken back. What was charged stays.',
  fields: (t) => ({
    priceOverrideId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('PriceOverride', id) }),
    model: t.field({
      type: ModelType,
      nullable: true,
      description: 'The model with its price of now; null when the price was for all providers of a type.',
      resolve: ({ model }, _args, { services, identity }) =>
        services.providers.findModel(identity.teamId, model) ?? null,
    }),
  }),
});

builder.mutationFields((t) => ({
  setPriceOverride: t.field({
    type: SetPriceOverrideSuccess,
    description:
      'Sets the price of a model from a day on, in place of what your team set for that day before. Needs the scope MANAGE.',
    errors: {
      types: [ValidationFailure, ConflictFailure, ForbiddenFailure, IdempotencyFailure],
      directResult: true,
      union: { name: 'SetPriceOverrideResult', description: 'The price, or why it was not set.' },
    },
    args: { input: t.arg({ type: SetPriceOverrideInput, required: true, description: 'What to set.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await setPriceOverride(services, identity, input),
      model: input.model.trim(),
    }),
  }),
  deletePriceOverride: t.field({
    type: DeletePriceOverrideSuccess,
    description: 'Takes back a price that your team set. Needs the scope MANAGE.',
    errors: {
      types: [NotFoundFailure, ForbiddenFailure],
      directResult: true,
      union: { name: 'DeletePriceOverrideResult', description: 'That it is taken back, or why not.' },
    },
    args: { input: t.arg({ type: DeletePriceOverrideInput, required: true, description: 'What to delete.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      deletePriceOverride(services, identity, decodeId(input.priceOverrideId, 'PriceOverride')),
  }),
}));
