import type { DatasetLimits } from './dataset-limits.ts';
import { decodeText } from './decode-text.ts';
import type { FileRecord } from './file-record.ts';
import { readCsv } from './read-csv.ts';
import { readJsonl } from './read-jsonl.ts';

export type FileFormat = 'csv' | 'jsonl';
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What is in a file, record by record; holds no more of it in memory than one record. Throws `UnusableFile`. */
export function readFile(source: ByteSource, format: FileFormat, limits: DatasetLimits): AsyncGenerator<FileRecord> {
  const text = decodeText(source, limits.mostBytes);
  return format === 'csv' ? readCsv(text, limits) : readJsonl(text, limits);
}
