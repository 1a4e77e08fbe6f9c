import {
  addItem,
  type ExperimentDefinition,
  isShareMetric,
  type PlanQuestion,
  planTest,
  readExperiment,
  startPairedWatch,
  type TestPlan,
} from '@switchyard/core/experiments';
import { parseUsd } from '@switchyard/core/kernel';
import { varianceOf } from '@switchyard/core/stats';
import type { Services } from '../../container.ts';
import { checkExperiment } from './check-experiment.ts';
import { type PowerPoint, powerCurve } from './power-curve.ts';

/** What the person who plans knows better. */
export interface PlanWishes {
  readonly power?: number | undefined;
  readonly baselineDeviation?: number | undefined;
  readonly variantDeviation?: number | undefined;
  readonly correlation?: number | undefined;
  /** In place of the cap of the definition. */
  readonly costNanoUsd?: bigint | undefined;
  readonly mostDurationMs?: number | undefined;
}

export interface ExperimentPlan {
  /** Undefined while the definition has errors, or nothing is known of the metric's variation. */
  readonly plan: TestPlan | undefined;
  /** Empty when there is no plan. */
  readonly curve: readonly PowerPoint[];
  /** Where the figures come from and what is only assumed, in sentences. */
  readonly assumptions: readonly string[];
}

type Spread = Pick<PlanQuestion, 'baselineDeviation' | 'variantDeviation' | 'correlation'>;

const historyMs = 30 * 86_400_000;
/** The latest calls of a model that are looked at. */
const mostCalls = 200;
const assumedLatencyMs = 3_000;
const fewestPairs = 20;

/** What a draft would take and could find, from what earlier tests and calls of the team were like. Makes no call. */
export async function planExperiment(
  services: Services,
  teamId: string,
  rawDefinition: unknown,
  wishes: PlanWishes,
): Promise<ExperimentPlan> {
  const { definition, plannedItems } = await checkExperiment(services, teamId, rawDefinition);
  if (!definition) return { plan: undefined, curve: [], assumptions: ['The definition has errors; mend them first.'] };
  const assumptions: string[] = [];
  const spread = await findSpread(services, teamId, definition, wishes, assumptions);
  if (!spread) {
    const message =
      'Nothing is known of how much the primary metric varies. Give its deviations, or run a small test first.';
    return { plan: undefined, curve: [], assumptions: [...assumptions, message] };
  }
  const answers = await Promise.all(definition.variants.map(({ model }) => usualCall(services, teamId, model ?? '')));
  const judges = await judgeCost(services, teamId, definition);
  const known = answers.flatMap(({ latencyMs }) => latencyMs ?? []);
  if (known.length < answers.length)
    assumptions.push('Some models have no calls of the last 30 days: their cost is unknown and their latency assumed.');
  const { primary, stop, caps, source } = definition;
  const question: PlanQuestion = {
    ...spread,
    // With a margin the test asks whether the variant is that much worse: the distance to it is what has to be found.
    smallestEffect: primary.margin > 0 ? primary.margin : definition.smallestEffect,
    alpha: stop.alpha,
    ...(wishes.power !== undefined && { power: wishes.power }),
    repeats: source.type === 'paired' ? source.repeats : 1,
    variants: definition.variants.length,
    availableItems: plannedItems,
    costPerAnswerNanoUsd: answers.map(({ costNanoUsd }) =>
      costNanoUsd === undefined || judges === undefined ? undefined : costNanoUsd + judges,
    ),
    capNanoUsd: wishes.costNanoUsd ?? parseUsd(caps.costUsd),
    ...(wishes.mostDurationMs !== undefined && { mostDurationMs: wishes.mostDurationMs }),
    latencyMs: known.length > 0 ? Math.max(...known) : assumedLatencyMs,
    concurrency: caps.concurrency,
  };
  const plan = planTest(question);
  return { plan, curve: powerCurve(question, plan), assumptions };
}

async function findSpread(
  services: Services,
  teamId: string,
  definition: ExperimentDefinition,
  wishes: PlanWishes,
  assumptions: string[],
): Promise<Spread | undefined> {
  const { baselineDeviation, variantDeviation = baselineDeviation, correlation } = wishes;
  const { metric } = definition.primary;
  const past = await spreadOfPast(services, teamId, metric);
  if (baselineDeviation !== undefined && variantDeviation !== undefined) {
    if (correlation === undefined && !past)
      assumptions.push('The correlation of the two variants over items is assumed to be 0.5.');
    return { baselineDeviation, variantDeviation, correlation: correlation ?? past?.spread.correlation ?? 0.5 };
  }
  if (past) {
    assumptions.push(`How much the metric varies is taken from the test "${past.name}".`);
    return { ...past.spread, ...(correlation !== undefined && { correlation }) };
  }
  if (!isShareMetric(metric)) return undefined;
  assumptions.push('No earlier test measured this metric: a deviation of 0.4 and a correlation of 0.5 are assumed.');
  return { baselineDeviation: 0.4, variantDeviation: 0.4, correlation: correlation ?? 0.5 };
}

/** From the newest test of the team with the same metric and enough pairs. */
async function spreadOfPast(
  { prisma, experiments }: Services,
  teamId: string,
  metric: string,
): Promise<{ readonly name: string; readonly spread: Spread } | undefined> {
  const rows = await prisma.experiment.findMany({
    where: { teamId, state: 'ended', doneItems: { gte: fewestPairs } },
    orderBy: { endedAt: 'desc' },
    take: 5,
  });
  for (const row of rows) {
    const { definition } = readExperiment(JSON.parse(row.definition));
    if (!definition) continue;
    const plan = { definition, plannedUnits: row.plannedItems };
    const items = await experiments.repository.readDone(row.id);
    const watch = items.reduce((each, item) => addItem(each, plan, item), startPairedWatch(plan));
    for (const metrics of Object.values(watch.metrics)) {
      const watched = metrics[metric];
      if (!watched || watched.differences.count < fewestPairs) continue;
      const [before, after, between] = [watched.baseline, watched.variant, watched.differences].map(varianceOf);
      if (!before || !after || between === undefined) continue;
      const correlation = (before + after - between) / (2 * Math.sqrt(before * after));
      const spread = { baselineDeviation: Math.sqrt(before), variantDeviation: Math.sqrt(after) };
      return { name: row.name, spread: { ...spread, correlation: Math.max(-1, Math.min(1, correlation)) } };
    }
  }
  return undefined;
}

/** Mean cost and latency of a model's calls lately; a name that leads to several models has none. */
async function usualCall(
  { prisma, clock }: Services,
  teamId: string,
  modelId: string,
): Promise<{ readonly costNanoUsd: bigint | undefined; readonly latencyMs: number | undefined }> {
  const rows = await prisma.callRecord.findMany({
    where: { teamId, modelId, outcome: 'succeeded', startedAt: { gte: new Date(clock.nowMs() - historyMs) } },
    select: { costNanoUsd: true, latencyMs: true },
    orderBy: { startedAt: 'desc' },
    take: mostCalls,
  });
  const costs = rows.flatMap(({ costNanoUsd }) => costNanoUsd ?? []);
  return {
    costNanoUsd: costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0n) / BigInt(costs.length),
    latencyMs: rows.length === 0 ? undefined : rows.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / rows.length,
  };
}

/** Of all judges for one answer, roughly; undefined when a price is unknown. */
async function judgeCost(
  services: Services,
  teamId: string,
  { scorers }: ExperimentDefinition,
): Promise<bigint | undefined> {
  let sum = 0n;
  for (const scorer of Object.values(scorers)) {
    if (!('judge' in scorer)) continue;
    const { costNanoUsd } = await usualCall(services, teamId, scorer.judge.model);
    if (costNanoUsd === undefined) return undefined;
    sum += scorer.judge.type === 'pairwise' ? 2n * costNanoUsd : costNanoUsd;
  }
  return sum;
}
