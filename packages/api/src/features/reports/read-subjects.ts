import type {
  CallOrigin,
  LatencyPercentiles,
  MetricDimension,
  MetricFilter,
  MetricGroup,
} from '@switchyard/core/metrics';
import type { MeasuredPercentile, QualitySums, ReportSubject } from '@switchyard/core/reports';
import type { Services } from '../../container.ts';
import { readQuality } from '../metrics/read-quality.ts';

export interface SubjectsQuestion {
  readonly teamId: string;
  readonly origin: CallOrigin;
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: readonly MetricDimension[];
  readonly filter?: MetricFilter;
  /** So many groups at most, those with the most calls. */
  readonly groups: number;
}

export interface GroupSubject {
  readonly values: readonly string[];
  readonly subject: ReportSubject;
}

const dayMs = 86_400_000;
/** Of shorter ranges hours vary as wholes, of longer ones days. */
const hourlyUpToMs = 4 * dayMs;

/** Groups of calls as statistics take them, with how they vary from hour to hour or from day to day. The last value names a group. */
export async function readSubjects(
  { metrics, prisma }: Pick<Services, 'metrics' | 'prisma'>,
  question: SubjectsQuestion,
): Promise<readonly GroupSubject[]> {
  const [report, qualities] = await Promise.all([
    metrics.reader.read({
      ...question,
      interval: question.toMs - question.fromMs <= hourlyUpToMs ? 'hour' : 'day',
      include: {
        percentiles: ['latency'],
        percentileIntervals: true,
        seriesSums: ['calls', 'succeeded', 'cancelled', 'costNanoUsd'],
      },
    }),
    readQuality(prisma, question),
  ]);
  return report.groups.map((group) => ({
    values: group.values,
    subject: toSubject(group, qualities.get(group.values.join('\0'))),
  }));
}

function toSubject({ values, figures, series }: MetricGroup, quality: QualitySums | undefined): ReportSubject {
  const key = values.at(-1) ?? '';
  const { calls, succeeded, cancelled, unknownCost, costNanoUsd, inputTokens, latency } = figures;
  return {
    ...{ key, label: key, calls, succeeded, cancelled, unknownCost, costNanoUsd, inputTokens, quality },
    latencyP50: toPercentile(latency, 'p50'),
    latencyP95: toPercentile(latency, 'p95'),
    buckets: series
      .filter((point) => point.figures.calls > 0)
      .map(({ figures: own }) => ({
        calls: own.calls,
        succeeded: own.succeeded,
        cancelled: own.cancelled,
        costNanoUsd: own.costNanoUsd,
      })),
  };
}

function toPercentile(latency: LatencyPercentiles | undefined, name: 'p50' | 'p95'): MeasuredPercentile | undefined {
  if (!latency) return undefined;
  const interval = latency[`${name}Interval`];
  return {
    valueMs: latency[`${name}Ms`],
    interval: interval && { low: interval.lowMs, high: interval.highMs },
  };
}
