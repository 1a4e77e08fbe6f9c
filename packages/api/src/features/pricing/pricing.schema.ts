import type { PriceTableProblem } from '@switchyard/core/catalog';
import { mayDo } from '../../auth/identity.ts';
import { builder, defaultPageSize, listCost } from '../../graphql/builder.ts';
import { assertPageSize } from '../../graphql/pagination.ts';
import { listPriceHistory } from './price-history.ts';
import type { PriceTableStatus } from './price-table-file.ts';
import { PriceEntryType, PriceOverrideType } from './pricing.types.ts';

const PriceTableStateEnum = builder.enumType('PriceTableState', {
  description: 'How the price table stands.',
  values: {
    LOADED: { description: 'It is in force.' },
    LAST_GOOD_KEPT: { description: 'It cannot be used as it is on the disk; the last good one is in force.' },
    NONE_GOOD: { description: 'It could not be used since the start: prices of the price library are charged.' },
  } as const,
});

const PriceTableProblemType = builder.objectRef<PriceTableProblem>('PriceTableProblem').implement({
  description: 'Something that is wrong with the price table.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where in the file: `prices.3.model`; empty for the whole.' }),
    line: t.exposeInt('line', { description: 'From 1.' }),
    message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
  }),
});

const PriceTableType = builder.objectRef<PriceTableStatus>('PriceTable').implement({
  description: 'The file that MODEL_PRICING_TABLE_PATH names.',
  fields: (t) => ({
    fileName: t.exposeString('fileName', { description: 'Its name without folders.' }),
    path: t.string({
      nullable: true,
      description: 'Where it is on the server; null without the scope MANAGE.',
      resolve: ({ path }, _args, { identity }) => (mayDo(identity, 'MANAGE', 'MODELS') ? path : null),
    }),
    state: t.field({ type: PriceTableStateEnum, description: 'How it stands.', resolve: ({ state }) => state }),
    loadedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last taken; null while it never was.',
      resolve: ({ loadedAtMs }) => (loadedAtMs === undefined ? null : new Date(loadedAtMs)),
    }),
    priceCount: t.int({
      description: 'How many of its prices are in force.',
      resolve: ({ overrides }) => overrides.length,
    }),
    problems: t.field({
      type: [PriceTableProblemType],
      nullable: true,
      description: 'What is wrong with it as it is on the disk, at most 100; null without the scope MANAGE.',
      resolve: ({ problems }, _args, { identity }) =>
        mayDo(identity, 'MANAGE', 'MODELS') ? problems.slice(0, 100) : null,
    }),
  }),
});

builder.queryFields((t) => ({
  priceTable: t.field({
    type: PriceTableType,
    nullable: true,
    description: 'The price table of the installation and how it stands; null when none is set.',
    resolve: (_root, _args, { services }) => services.prices.table ?? null,
  }),
  modelPriceHistory: t.field({
    type: [PriceEntryType],
    nullable: true,
    description:
      'All prices that name a model, coming ones too: the latest date first, the price library last; at most 201. Null when your team has no such model.',
    complexity: listCost(20),
    args: { model: t.arg.string({ required: true, description: '`provider/model`.' }) },
    resolve: async (_root, { model: name }, { services, identity }) => {
      const model = services.providers.findModel(identity.teamId, name);
      return model ? [...(await listPriceHistory(services, identity.teamId, model))] : null;
    },
  }),
  priceOverrides: t.prismaConnection(
    {
      type: PriceOverrideType,
      cursor: 'id',
      description: 'What your team set in the dashboard, coming prices too; the latest date first.',
      complexity: (args) => ({ field: 1, multiplier: args.first ?? args.last ?? defaultPageSize }),
      args: { model: t.arg.string({ description: 'Only prices that were set for this name.' }) },
      totalCount: (_root, { model }, { services, identity: { teamId } }) =>
        services.prisma.priceOverride.count({ where: { teamId, ...(model != null && { model }) } }),
      resolve: (query, _root, args, { services, identity: { teamId } }) => {
        assertPageSize(args, 'prices');
        return services.prisma.priceOverride.findMany({
          ...query,
          where: { teamId, ...(args.model != null && { model: args.model }) },
          orderBy: [{ effectiveFrom: 'desc' }, { id: 'desc' }],
        });
      },
    },
    { name: 'PriceOverrideConnection', description: 'A page of prices that your team set.' },
    { name: 'PriceOverrideEdge' },
  ),
}));
