import { builder } from '../../graphql/builder.ts';
import { toMetricFilter } from '../metrics/metric-filter.ts';
import { MetricFilterInput } from '../metrics/metric-report.types.ts';
import { originArgument } from '../metrics/metrics.schema.ts';
import { answer, originOf } from '../metrics/metrics-answer.ts';
import { checkRange, compareProviders } from './compare-providers.ts';
import { ModelTierEnum, ProviderComparisonType } from './comparison.types.ts';

const ComparedByEnum = builder.enumType('ComparedBy', {
  description: 'What is compared.',
  values: {
    PROVIDER: { value: 'provider', description: 'Providers, each with all of its models.' },
    MODEL: { value: 'model', description: 'Models.' },
  } as const,
});

builder.queryFields((t) => ({
  providerComparison: t.field({
    type: ProviderComparisonType,
    description:
      'Providers or models side by side by latency, cost, quality and reliability, at most 20 with the most calls. Compare like with like: filter by a step or a kind of task, or name a class of models.',
    complexity: { field: 50, multiplier: 1 },
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'From when on calls count, by when they began.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'Until when; 400 days at most.' }),
      origin: t.arg(originArgument),
      by: t.arg({ type: ComparedByEnum, required: true, defaultValue: 'model', description: 'What is compared.' }),
      filter: t.arg({ type: MetricFilterInput, description: 'Which calls; of one dimension beside the model.' }),
      tier: t.arg({ type: ModelTierEnum, description: 'Only models of this class.' }),
    },
    resolve: (_root, args, { services, identity }) =>
      answer(() => {
        const [fromMs, toMs] = [args.from.getTime(), args.to.getTime()];
        checkRange(fromMs, toMs);
        return compareProviders(services, {
          ...{ teamId: identity.teamId, origin: originOf(args.origin), fromMs, toMs, by: args.by },
          filter: toMetricFilter(args.filter) ?? {},
          ...(args.tier && { tier: args.tier }),
        });
      }),
  }),
}));
