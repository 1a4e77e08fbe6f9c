import { type CallOrigin, type MetricFigures, MetricsQueryError, maxMetricGroups } from '@switchyard/core/metrics';
import type { Services } from '../../container.ts';

const hourMs = 3_600_000;
const mostHours = 2_160;

export interface ModelPerformance {
  readonly provider: string;
  readonly model: string;
  readonly figures: MetricFigures;
}

/** How each model of a team did over the last hours, most calls first. Throws {@link MetricsQueryError}. */
export async function readModelPerformance(
  { metrics, clock }: Pick<Services, 'metrics' | 'clock'>,
  teamId: string,
  options: {
    readonly hours: number;
    readonly origin: CallOrigin;
    readonly workflow?: string;
    readonly step?: string;
  },
): Promise<ModelPerformance[]> {
  const { hours, origin, workflow, step } = options;
  if (!(Number.isInteger(hours) && hours >= 1 && hours <= mostHours))
    throw new MetricsQueryError([{ part: 'hours', message: `Ask for 1 to ${mostHours} hours.` }]);
  const toMs = clock.nowMs() + 1;
  const report = await metrics.reader.read({
    ...{ teamId, origin, fromMs: toMs - hours * hourMs, toMs, by: ['provider', 'model'], groups: maxMetricGroups },
    filter: { ...(workflow && { workflow: [workflow] }), ...(step && { step: [step] }) },
    include: { failures: true, percentiles: ['latency', 'timeToFirstToken'] },
  });
  return report.groups.map(({ values: [provider = '', model = ''], figures }) => ({ provider, model, figures }));
}
