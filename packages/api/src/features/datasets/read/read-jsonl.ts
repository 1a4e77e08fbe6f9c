import type { DatasetLimits } from './dataset-limits.ts';
import type { FileRecord } from './file-record.ts';

/**
 * Reads one JSON object per line, piece by piece. Lines without anything are passed over; what is no object is a problem
 * with its line. Columns are told as they turn up.
 */
export async function* readJsonl(pieces: AsyncIterable<string>, limits: DatasetLimits): AsyncGenerator<FileRecord> {
  const known = new Set<string>();
  for await (const { line, text } of readLines(pieces, limits.longestRecord)) {
    if (text === undefined) {
      yield { type: 'problem', line, message: `It has more than ${limits.longestRecord} characters.` };
      continue;
    }
    if (text.trim() === '') continue;
    const values = parse(text);
    if (typeof values === 'string') {
      yield { type: 'problem', line, message: values };
      continue;
    }
    const before = known.size;
    for (const name of values.keys()) if (known.size < limits.mostColumns) known.add(name);
    if (values.size > limits.mostColumns || [...values.keys()].some((name) => !known.has(name))) {
      yield { type: 'problem', line, message: `There may be ${limits.mostColumns} names in a file at the most.` };
      continue;
    }
    if (known.size > before) yield { type: 'columns', names: [...known] };
    yield { type: 'record', line, values };
  }
}

function parse(text: string): ReadonlyMap<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'It is not a JSON object.';
    return new Map(Object.entries(value));
  } catch (error) {
    return `It is not JSON: ${(error as Error).message.slice(0, 200)}.`;
  }
}

async function* readLines(
  pieces: AsyncIterable<string>,
  longest: number,
): AsyncGenerator<{ readonly line: number; readonly text: string | undefined }> {
  let line = 1;
  let rest = '';
  let isTooLong = false;
  const ended = (text: string) => ({ line: line++, text: isTooLong || text.length > longest ? undefined : text });
  for await (const piece of pieces) {
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      yield ended(part.endsWith('\r') ? part.slice(0, -1) : part);
      isTooLong = false;
    }
    if (rest.length > longest) {
      isTooLong = true;
      rest = '';
    }
  }
  if (rest !== '' || isTooLong) yield ended(rest);
}
