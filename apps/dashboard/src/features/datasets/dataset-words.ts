/** Where a version came from, as people say it. */
export const sourceWords: Readonly<Record<string, string>> = {
  csv: 'CSV file',
  jsonl: 'JSONL file',
  runs: 'Past runs',
  comparisons: 'Past comparisons',
  split: 'Split by chance',
};

/** `1 item`, `1,234 items`. */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** A value of a column as one line of text. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
