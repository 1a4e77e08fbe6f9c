import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { assertMayMakeData, mappingInput, targetFields } from './dataset-input.ts';
import { datasetLimits, UnusableFile } from './read/dataset-limits.ts';
import { type ColumnMapping, guessMapping } from './read/map-record.ts';
import type { ByteSource, FileFormat } from './read/read-file.ts';
import { type DatasetEntry, ItemReader, type LineProblem } from './read/read-items.ts';
import { writeVersion } from './write-version.ts';

const input = z.object({
  ...targetFields,
  format: z.enum(['csv', 'jsonl']),
  mapping: mappingInput.nullish(),
  skipsProblems: z.boolean().nullish(),
});

/** Imports a file as a version of a dataset. Everything is there afterwards, or nothing. */
export async function importDataset(
  services: Services,
  identity: Identity,
  datasetId: string | undefined,
  rawInput: unknown,
  source: ByteSource,
): Promise<{ readonly datasetId: string; readonly versionId: string }> {
  assertMayMakeData(identity);
  const { name, description, note, format, mapping, skipsProblems } = parseInput(input, rawInput);
  const reader = new ItemReader(datasetLimits, mapping ?? undefined);
  const target = { datasetId, name: name ?? undefined, description };
  const facts = () => reader;
  return writeVersion(
    services,
    identity,
    target,
    { source: format, note },
    reader.read(source, format),
    facts,
    skipsProblems ?? false,
  );
}

/** What an import would make of the beginning of a file. */
export interface ImportPreview {
  readonly columns: readonly string[];
  /** As asked, or as the names of the columns suggest. */
  readonly mapping: Partial<ColumnMapping>;
  readonly entries: readonly DatasetEntry[];
  readonly problems: readonly LineProblem[];
  readonly problemCount: number;
  /** Why nothing of it can be used. */
  readonly message: string | undefined;
}

const previewedItems = 20;
const previewInput = z.object({
  format: z.enum(['csv', 'jsonl']),
  content: z.string().max(1_000_000, 'A preview takes the first million characters of a file.'),
  mapping: mappingInput.nullish(),
});

/** Stores nothing. A last line that was cut off is left out when `isPart` says that the file goes on. */
export async function previewImport(rawInput: unknown, isPart: boolean): Promise<ImportPreview> {
  const { format, content, mapping } = parseInput(previewInput, dropUnstorable(rawInput));
  const reader = new ItemReader(datasetLimits, mapping ?? undefined);
  const text = isPart ? content.slice(0, Math.max(content.lastIndexOf('\n') + 1, 0)) || content : content;
  const entries: DatasetEntry[] = [];
  let message: string | undefined;
  try {
    for await (const entry of reader.read([Buffer.from(text)], format as FileFormat)) {
      if (entries.length < previewedItems) entries.push(entry);
    }
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    message = error.message;
  }
  const { columns, problems, problemCount } = reader;
  return { columns, mapping: reader.mapping ?? guessMapping(columns), entries, problems, problemCount, message };
}

/** The content may hold anything: what cannot be stored is told by its line. */
function dropUnstorable(rawInput: unknown): unknown {
  const { content, ...rest } = rawInput as { readonly content?: unknown };
  return {
    ...rest,
    content: typeof content === 'string' ? content.replaceAll('\0', '\ufdd0').toWellFormed() : content,
  };
}
