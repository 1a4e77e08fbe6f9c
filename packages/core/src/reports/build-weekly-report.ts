import { formatUsd } from '../kernel/index.ts';
import {
  type CallOrigin,
  costPerSuccessUsd,
  type MetricFigures,
  type MetricPoint,
  successRate,
  tokensPerSecond,
} from '../metrics/index.ts';
import { momentsOf, studentEstimate, varianceOf } from '../stats/index.ts';
import { findRecommendations, type RecommendationPlace } from './find-recommendations.ts';
import { calendarDay, type ReportWeek } from './report-week.ts';
import type { Mover, ReportBudget, ReportFigures, ReportIncident, WeeklyReport, WeekVerdict } from './weekly-report.ts';

/** One value of a dimension, in the week and in the one before. */
export interface WeekGroup {
  readonly dimension: Mover['dimension'];
  readonly value: string;
  readonly label: string;
  readonly figures: MetricFigures;
  readonly previous: MetricFigures;
}

/** Everything that a report is made of; read before. */
export interface WeekFacts {
  readonly origin: CallOrigin;
  readonly timeZone: string;
  readonly week: ReportWeek;
  readonly builtAtMs: number;
  readonly total: MetricFigures;
  readonly previous: MetricFigures;
  /** The four weeks before the week, the oldest first, and all four together. */
  readonly earlier: readonly MetricFigures[];
  readonly earlierTogether: MetricFigures;
  readonly days: readonly MetricPoint[];
  readonly groups: readonly WeekGroup[];
  readonly incidents: readonly ReportIncident[];
  readonly budgets: readonly ReportBudget[];
  /** Over the four weeks that end with the week. */
  readonly places: readonly RecommendationPlace[];
}

const mostModels = 10;
const mostMovers = 5;

/** The report of a week. Pure: the same facts give the same report. */
export function buildWeeklyReport(facts: WeekFacts): WeeklyReport {
  const { week, timeZone, earlier, total } = facts;
  const withCalls = earlier.filter(({ calls }) => calls > 0);
  const models = facts.groups.filter(({ dimension }) => dimension === 'model');
  return {
    version: 1,
    origin: facts.origin,
    timeZone,
    weekStart: calendarDay(week.fromMs, timeZone),
    from: new Date(week.fromMs).toISOString(),
    to: new Date(week.toMs).toISOString(),
    builtAt: new Date(facts.builtAtMs).toISOString(),
    total: toReportFigures(total),
    previous: toReportFigures(facts.previous),
    mean: withCalls.length === 0 ? null : meanOf(facts.earlierTogether, withCalls.length),
    meanWeeks: withCalls.length,
    verdicts: {
      calls: judgeWeek(
        total.calls,
        withCalls.map(({ calls }) => calls),
      ),
      cost: judgeWeek(
        Number(total.costNanoUsd),
        withCalls.map(({ costNanoUsd }) => Number(costNanoUsd)),
      ),
      successRate: judgeWeek(
        successRate(total),
        withCalls.flatMap((one) => successRate(one) ?? []),
      ),
    },
    days: facts.days.map(({ fromMs, figures }) => ({
      date: calendarDay(fromMs, timeZone),
      calls: figures.calls,
      failed: figures.failed,
      costUsd: formatUsd(figures.costNanoUsd),
    })),
    models: models
      .filter(({ figures }) => figures.calls > 0)
      .toSorted((a, b) => compareBig(b.figures.costNanoUsd, a.figures.costNanoUsd) || b.figures.calls - a.figures.calls)
      .slice(0, mostModels)
      .map(({ value, figures, previous }) => ({
        model: value,
        figures: toReportFigures(figures),
        previousCostUsd: formatUsd(previous.costNanoUsd),
      })),
    movers: findMovers(facts.groups),
    incidents: facts.incidents,
    budgets: facts.budgets,
    recommendations: findRecommendations(facts.places, 'four weeks'),
  };
}

export function toReportFigures(figures: MetricFigures): ReportFigures {
  const { calls, succeeded, failed, cancelled, costNanoUsd, unknownCost, inputTokens, outputTokens } = figures;
  return {
    ...{ calls, succeeded, failed, cancelled },
    successRate: successRate(figures) ?? null,
    costUsd: formatUsd(costNanoUsd),
    unknownCostCalls: unknownCost,
    costPerSuccessUsd: costPerSuccessUsd(figures) ?? null,
    latencyP50Ms: figures.latency?.p50Ms ?? null,
    latencyP95Ms: figures.latency?.p95Ms ?? null,
    timeToFirstTokenP50Ms: figures.timeToFirstToken?.p50Ms ?? null,
    tokensPerSecond: tokensPerSecond(figures) ?? null,
    ...{ inputTokens, outputTokens },
  };
}

/** Sums divided by the weeks; shares and percentiles are those of all weeks together. */
function meanOf(together: MetricFigures, weeks: number): ReportFigures {
  const all = toReportFigures(together);
  const each = (sum: number) => sum / weeks;
  const count = BigInt(weeks);
  return {
    ...all,
    calls: each(all.calls),
    succeeded: each(all.succeeded),
    failed: each(all.failed),
    cancelled: each(all.cancelled),
    unknownCostCalls: each(all.unknownCostCalls),
    costUsd: formatUsd((together.costNanoUsd + count / 2n) / count),
    inputTokens: each(all.inputTokens),
    outputTokens: each(all.outputTokens),
  };
}

/** Whether a week lies where the weeks before let expect the next one: a 95 % prediction interval (Hahn 1969), from three on. */
export function judgeWeek(value: number | undefined, before: readonly number[]): WeekVerdict {
  if (value === undefined || before.length < 3) return 'cannot-tell';
  const moments = momentsOf(before);
  const spread = Math.sqrt(varianceOf(moments) * (1 + 1 / before.length));
  if (spread === 0) return value === moments.mean ? 'usual' : value > moments.mean ? 'higher' : 'lower';
  const expected = studentEstimate({
    ...{ estimate: moments.mean, standardError: spread, degreesOfFreedom: before.length - 1 },
  });
  if (expected.kind === 'cannot-tell') return 'cannot-tell';
  return value > expected.interval.high ? 'higher' : value < expected.interval.low ? 'lower' : 'usual';
}

function findMovers(groups: readonly WeekGroup[]): readonly Mover[] {
  const changeOf = ({ figures, previous }: WeekGroup) => figures.costNanoUsd - previous.costNanoUsd;
  const size = (group: WeekGroup) => (changeOf(group) < 0n ? -changeOf(group) : changeOf(group));
  return groups
    .filter((group) => changeOf(group) !== 0n)
    .toSorted((a, b) => compareBig(size(b), size(a)) || (a.value < b.value ? -1 : 1))
    .slice(0, mostMovers * 2)
    .map((group) => ({
      dimension: group.dimension,
      value: group.value,
      label: group.label,
      costUsd: formatUsd(group.figures.costNanoUsd),
      previousCostUsd: formatUsd(group.previous.costNanoUsd),
      changeUsd: formatUsd(changeOf(group)),
      calls: group.figures.calls,
      previousCalls: group.previous.calls,
    }));
}

function compareBig(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
