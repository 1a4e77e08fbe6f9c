import { formatUsd } from '@switchyard/core/kernel';
import { builder } from '../../graphql/builder.ts';
import type { PowerPoint } from './power-curve.ts';

export const PowerPointType = builder.objectRef<PowerPoint>('ExperimentPowerPoint').implement({
  description: 'What so many items would find and cost.',
  fields: (t) => ({
    items: t.exposeInt('items', { description: 'So many items.' }),
    power: t.exposeFloat('power', { description: 'Chance to find the smallest effect with them, 0 to 1.' }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Their money; null when a price is unknown.',
      resolve: ({ costNanoUsd }) => (costNanoUsd === undefined ? null : formatUsd(costNanoUsd)),
    }),
  }),
});
