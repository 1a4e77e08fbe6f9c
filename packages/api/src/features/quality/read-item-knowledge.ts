import { type ItemKnowledge, metricValue, readExperiment } from '@switchyard/core/experiments';
import type { Experiment, PrismaClient } from '../../generated/prisma/client.ts';
import type { ExperimentRepository } from '../experiments/experiment.repository.ts';

/** Earlier tests that are looked through for the same items. */
const mostTests = 5;

/**
 * What was known of the items of a paired test before it began: what the model of its baseline reached on all of them in an
 * earlier test, by the same metric; else how long they are, beside all items of their dataset. Undefined for live splits.
 */
export async function readItemKnowledge(
  prisma: PrismaClient,
  repository: ExperimentRepository,
  row: Pick<Experiment, 'id' | 'teamId' | 'definition' | 'startedAt'>,
): Promise<ItemKnowledge | undefined> {
  const { definition } = readExperiment(JSON.parse(row.definition));
  if (definition?.source.type !== 'paired') return undefined;
  const items = await prisma.$queryRaw<{ key: string; length: number }[]>`
    SELECT "key", ln(1 + char_length("input"))::float8 AS "length" FROM "experiment_item" WHERE "experimentId" = ${row.id}`;
  const history = await readHistory(prisma, repository, row, new Set(items.map(({ key }) => key)));
  if (history) return history;
  const { datasetVersionId, split } = definition.source;
  const [all] = await prisma.$queryRaw<{ count: number; mean: number | null }[]>`
    SELECT count(*)::int AS "count", avg(ln(1 + char_length("input")))::float8 AS "mean" FROM "dataset_item"
    WHERE "versionId" = ${datasetVersionId} AND "teamId" = ${row.teamId} AND (${split ?? null}::text IS NULL OR "split" = ${split ?? null})`;
  const values = new Map(items.map(({ key, length }) => [key, length]));
  // A dataset that was deleted leaves the items of the test.
  const hasAll = all !== undefined && all.mean !== null && all.count >= items.length;
  const own = { count: items.length, mean: meanOf([...values.values()]) };
  return { covariate: 'length', values, population: hasAll ? { count: all.count, mean: all.mean! } : own };
}

async function readHistory(
  prisma: PrismaClient,
  repository: ExperimentRepository,
  row: Pick<Experiment, 'id' | 'teamId' | 'definition' | 'startedAt'>,
  keys: ReadonlySet<string>,
): Promise<ItemKnowledge | undefined> {
  const { definition } = readExperiment(JSON.parse(row.definition));
  if (!definition || row.startedAt === null) return undefined;
  const model = definition.variants.find(({ key }) => key === definition.baseline)?.model;
  const { metric } = definition.primary;
  const earlier = await prisma.experiment.findMany({
    where: { teamId: row.teamId, state: 'ended', endedAt: { lt: row.startedAt }, doneItems: { gte: keys.size } },
    orderBy: { endedAt: 'desc' },
    take: mostTests,
  });
  for (const test of earlier) {
    const { definition: before } = readExperiment(JSON.parse(test.definition));
    const variant = before?.variants.find((each) => each.model === model)?.key;
    const scorer = metric.startsWith('score:') ? metric.slice('score:'.length) : undefined;
    if (before?.source.type !== 'paired' || model === undefined || variant === undefined) continue;
    // The same name must mean the same scorer.
    if (scorer !== undefined && JSON.stringify(before.scorers[scorer]) !== JSON.stringify(definition.scorers[scorer]))
      continue;
    const values = new Map<string, number>();
    for (const { itemId, answers } of await repository.readDone(test.id)) {
      if (!keys.has(itemId)) continue;
      const reached = answers
        .filter((answer) => answer.variant === variant)
        .map((answer) => metricValue(metric, answer, before))
        .filter((value) => typeof value === 'number');
      if (reached.length > 0) values.set(itemId, meanOf(reached));
    }
    if (keys.size === 0 || values.size < keys.size) continue;
    return { covariate: 'history', values, population: { count: keys.size, mean: meanOf([...values.values()]) } };
  }
  return undefined;
}

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
