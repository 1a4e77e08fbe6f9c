import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { assertMayMakeData, targetFields } from './dataset-input.ts';
import { datasetLimits } from './read/dataset-limits.ts';
import { type DatasetEntry, KeyBook } from './read/read-items.ts';
import { writeVersion } from './write-version.ts';

const input = z.object({
  ...targetFields,
  source: z.enum(['runs', 'comparisons']),
  workflowName: z.string().min(1).max(200).nullish(),
  since: z.date().nullish(),
  most: z.int().min(1).max(10_000).nullish(),
  /** Runs: what they put out; comparisons: the answer that was marked as the best. */
  takesExpected: z.boolean().nullish(),
});

const perPage = 200;

/**
 * Makes a version of what was asked in earlier runs or comparisons, newest first, the same question once. Call records
 * hold no texts, so what went another way cannot become an item.
 */
export async function datasetFromHistory(
  services: Services,
  identity: Identity,
  datasetId: string | undefined,
  rawInput: unknown,
): Promise<{ readonly datasetId: string; readonly versionId: string }> {
  assertMayMakeData(identity);
  const asked = parseInput(input, rawInput);
  const { source, name, description, note } = asked;
  const facts = () => ({
    fieldNames: source === 'runs' ? ['runId', 'inputs'] : ['comparisonId', 'system'],
    problems: [],
    problemCount: 0,
  });
  const target = { datasetId, name: name ?? undefined, description };
  return writeVersion(
    services,
    identity,
    target,
    { source, note },
    entriesOf(services, identity.teamId, asked),
    facts,
    false,
  );
}

/** The first items that {@link datasetFromHistory} would make, and how many in all. Stores nothing. */
export async function previewHistory(
  services: Services,
  { teamId }: Identity,
  rawInput: unknown,
): Promise<{ readonly entries: readonly DatasetEntry[]; readonly itemCount: number }> {
  const asked = parseInput(input, rawInput);
  const entries: DatasetEntry[] = [];
  let itemCount = 0;
  for await (const entry of entriesOf(services, teamId, asked)) {
    itemCount += 1;
    if (entries.length < previewedItems) entries.push(entry);
  }
  return { entries, itemCount };
}

const previewedItems = 10;

async function* entriesOf(services: Services, teamId: string, asked: Asked): AsyncGenerator<DatasetEntry> {
  const pages = asked.source === 'runs' ? readRuns : readComparisons;
  const most = asked.most ?? 1_000;
  const seen = new Set<string>();
  const keys = new KeyBook();
  let count = 0;
  for await (const entry of pages(services, teamId, asked)) {
    if (entry.input.trim() === '' || seen.has(entry.input) || entry.input.length > datasetLimits.longestText) continue;
    if (count >= most) return;
    count += 1;
    seen.add(entry.input);
    yield { ...entry, key: keys.add(undefined, entry.input, count) };
  }
}

type Asked = z.output<typeof input>;
type Found = Omit<DatasetEntry, 'key'>;

const none = { cluster: undefined, split: undefined, line: undefined };

async function* readRuns(
  { prisma }: Services,
  teamId: string,
  { workflowName, since, takesExpected }: Asked,
): AsyncGenerator<Found> {
  for (let afterId: string | undefined; ; ) {
    const rows = await prisma.run.findMany({
      where: {
        // What a test asked came from a dataset: it is no history.
        ...{ teamId, previewStepId: null, state: 'completed', source: { not: 'experiment' } },
        ...(workflowName != null && { workflowName }),
        ...(since && { createdAt: { gte: since } }),
      },
      select: { id: true, inputs: true, outputs: true },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: perPage,
      ...(afterId !== undefined && { cursor: { id_teamId: { id: afterId, teamId } }, skip: 1 }),
    });
    for (const { id, inputs, outputs } of rows) {
      const values = JSON.parse(inputs) as Record<string, unknown>;
      yield {
        ...none,
        input: onlyText(values) ?? inputs,
        expected: takesExpected && outputs !== null ? (onlyText(JSON.parse(outputs)) ?? outputs) : undefined,
        fields: { runId: id, inputs: values },
      };
    }
    afterId = rows.at(-1)?.id;
    if (rows.length < perPage) return;
  }
}

/** The one value of an object that has a single one, if it is text. */
function onlyText(values: unknown): string | undefined {
  const all = typeof values === 'object' && values !== null ? Object.values(values) : [];
  return all.length === 1 && typeof all[0] === 'string' ? all[0] : undefined;
}

async function* readComparisons(
  { prisma }: Services,
  teamId: string,
  { since, takesExpected }: Asked,
): AsyncGenerator<Found> {
  for (let afterId: string | undefined; ; ) {
    const rows = await prisma.comparison.findMany({
      where: { teamId, state: 'FINISHED', ...(since && { createdAt: { gte: since } }) },
      select: {
        id: true,
        prompt: true,
        systemPrompt: true,
        bestLaneId: true,
        lanes: { select: { id: true, output: true } },
      },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: perPage,
      ...(afterId !== undefined && { cursor: { id_teamId: { id: afterId, teamId } }, skip: 1 }),
    });
    for (const { id, prompt, systemPrompt, bestLaneId, lanes } of rows) {
      const best = takesExpected ? lanes.find((lane) => lane.id === bestLaneId)?.output : undefined;
      const fields = { comparisonId: id, ...(systemPrompt !== null && { system: systemPrompt }) };
      yield { ...none, input: prompt, expected: best || undefined, fields };
    }
    afterId = rows.at(-1)?.id;
    if (rows.length < perPage) return;
  }
}
