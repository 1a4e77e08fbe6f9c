import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractPromptFeatures } from '@switchyard/core/routing';

/** Prompts with the quality that each model reached on them. */
export interface ReplayData {
  readonly models: readonly string[];
  readonly rows: readonly ReplayRow[];
}

export interface ReplayRow {
  readonly taskClass: string;
  /** 0–1, by the model's place. */
  readonly quality: readonly number[];
  readonly features: readonly number[];
  /** The same with the class of task told. */
  readonly labelledFeatures: readonly number[];
  readonly promptChars: number;
}

/** Reads `quality-open9.csv`: one row per prompt, one column of scores per model. */
export function readOpen9(folder: string): ReplayData {
  const [header = [], ...records] = parseCsv(readFileSync(join(folder, 'quality-open9.csv'), 'utf8'));
  const first = header.indexOf('metric') + 1;
  const last = header.indexOf('prompt');
  const rows = records.map((record) =>
    toRow(record[header.indexOf('task')] ?? '', record.slice(first, last), record[last]),
  );
  return { models: header.slice(first, last), rows };
}

/** Reads `quality-routellm-gsm8k.csv`: a weak and a strong model on the same sums, without contaminated prompts. */
export function readGsm8k(folder: string): ReplayData {
  const [header = [], ...records] = parseCsv(readFileSync(join(folder, 'quality-routellm-gsm8k.csv'), 'utf8'));
  const at = (record: readonly string[], name: string) => record[header.indexOf(name)] ?? '';
  const rows = records
    .filter((record) => at(record, 'contaminated') !== '1')
    .map((record) => toRow('gsm8k', [at(record, 'weak_correct'), at(record, 'strong_correct')], at(record, 'prompt')));
  return { models: ['weak', 'strong'], rows };
}

function toRow(taskClass: string, scores: readonly string[], prompt = ''): ReplayRow {
  return {
    taskClass,
    quality: scores.map(Number),
    features: extractPromptFeatures(prompt),
    labelledFeatures: extractPromptFeatures(prompt, taskClass),
    promptChars: prompt.length,
  };
}

/** Fields may be quoted, hold doubled quotes and run over lines (RFC 4180). */
function parseCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  for (
    let match = field.exec(text);
    match && (match[0] !== '' || match.index < text.length);
    match = field.exec(text)
  ) {
    record.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}
