import { measureQuality, type QualitySums } from '@switchyard/core/reports';
import { builder } from '../../graphql/builder.ts';

export const MetricQualityType = builder.objectRef<QualitySums>('MetricQuality').implement({
  description:
    'How good answers were, 0 to 1: ratings of people, feedback of apps and words of judges. Several of one answer count as their mean.',
  fields: (t) => ({
    judgedCalls: t.exposeInt('judged', { description: 'Of how many answers.' }),
    mean: t.float({ description: 'The mean.', resolve: ({ sum, judged }) => sum / judged }),
    low: t.float({
      nullable: true,
      description: 'The true mean is at least this, with 95 %; null below ten judged answers.',
      resolve: (quality) => intervalOf(quality)?.low ?? null,
    }),
    high: t.float({
      nullable: true,
      description: 'The true mean is at most this, with 95 %; null below ten judged answers.',
      resolve: (quality) => intervalOf(quality)?.high ?? null,
    }),
  }),
});

function intervalOf(quality: QualitySums): { readonly low: number; readonly high: number } | undefined {
  const measured = measureQuality(quality);
  return measured.kind === 'measured' ? measured.interval : undefined;
}
