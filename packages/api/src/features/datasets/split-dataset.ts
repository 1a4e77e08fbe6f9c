import { hashToUnit } from '@switchyard/core/experiments';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { NotFoundFailure } from '../../user-errors.ts';
import { assertMayMakeData, noteInput } from './dataset-input.ts';
import type { DatasetEntry } from './read/read-items.ts';
import { writeVersion } from './write-version.ts';

const input = z
  .object({
    splits: z
      .array(
        z.object({
          name: z.string().regex(/^[a-zA-Z][\w-]{0,39}$/, 'Use letters, digits, dashes and underscores, at most 40.'),
          share: z.number().positive().max(1),
        }),
      )
      .min(1)
      .max(10),
    seed: z.int().min(0).max(0xffff_ffff),
    note: noteInput,
  })
  .refine(({ splits }) => splits.reduce((sum, { share }) => sum + share, 0) <= 1 + 1e-9, {
    message: 'The shares add up to more than 1.',
    path: ['splits'],
  })
  .refine(({ splits }) => new Set(splits.map(({ name }) => name)).size === splits.length, {
    message: 'Two splits have the same name.',
    path: ['splits'],
  });

/**
 * How many items each split of a version would get; '' stands for those of none. Undefined when there is no such version.
 * Stores nothing.
 */
export async function previewSplit(
  { datasets }: Services,
  { teamId }: Identity,
  versionId: string,
  rawInput: unknown,
): Promise<ReadonlyMap<string, number> | undefined> {
  const { splits, seed } = parseInput(input, rawInput);
  const from = await datasets.findVersion(teamId, versionId);
  if (!from) return undefined;
  const counts = new Map(splits.map(({ name }) => [name, 0]));
  for await (const { key, cluster } of datasets.readNames(teamId, from.id)) {
    const split = chooseSplit(hashToUnit([seed, 'split', cluster ?? key]), splits) ?? '';
    counts.set(split, (counts.get(split) ?? 0) + 1);
  }
  return counts;
}

const perPage = 500;

/**
 * Makes a version whose items are split by chance: the same seed puts the same item into the same split, in every version,
 * and items of one cluster stay together. What the shares leave over is in no split.
 */
export async function splitDataset(
  services: Services,
  identity: Identity,
  versionId: string | undefined,
  rawInput: unknown,
): Promise<{ readonly datasetId: string; readonly versionId: string }> {
  assertMayMakeData(identity);
  const { splits, seed, note } = parseInput(input, rawInput);
  const { teamId } = identity;
  const from = versionId === undefined ? null : await services.datasets.findVersion(teamId, versionId);
  if (!from) throw new NotFoundFailure('version of a dataset', ['input', 'versionId']);
  const target = { datasetId: from.datasetId, name: undefined, description: undefined };
  const facts = () => ({ fieldNames: from.fieldNames, problems: [], problemCount: 0 });
  const made = { source: 'split', note, ...(from.version !== null && { basedOn: from.version }) } as const;
  return writeVersion(services, identity, target, made, entries(), facts, false);

  async function* entries(): AsyncGenerator<DatasetEntry> {
    for (let afterPosition = -1; ; ) {
      const page = await services.datasets.readItems(teamId, from!.id, { afterPosition, most: perPage });
      for (const { key, input: text, expected, cluster, fields, line, position } of page) {
        afterPosition = position;
        yield {
          ...{
            key,
            input: text,
            expected: expected ?? undefined,
            cluster: cluster ?? undefined,
            line: line ?? undefined,
          },
          fields: JSON.parse(fields) as Record<string, unknown>,
          split: chooseSplit(hashToUnit([seed, 'split', cluster ?? key]), splits),
        };
      }
      if (page.length < perPage) return;
    }
  }
}

/** The split whose stretch of 0 to 1 holds `place`. */
export function chooseSplit(
  place: number,
  splits: readonly { readonly name: string; readonly share: number }[],
): string | undefined {
  let end = 0;
  for (const { name, share } of splits) {
    end += share;
    if (place < end) return name;
  }
  return undefined;
}
