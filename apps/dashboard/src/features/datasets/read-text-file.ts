export const largestFileBytes = 50 * 1024 * 1024;
export const largestFileWords = '50 MB';

export type FileFormat = 'CSV' | 'JSONL';

/** Stands for bytes that are no UTF-8; the server tells their line. */
const brokenMark = '\ufdd0';
const sliceBytes = 1024 * 1024;

/** Why a file is not even looked at. */
export class UnreadableFile extends Error {}

/** What kind of file a name says it is; undefined when it says nothing. */
export function formatOf(name: string): FileFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === 'jsonl' || ending === 'ndjson') return 'JSONL';
  return ending === 'csv' || ending === 'tsv' || ending === 'txt' ? 'CSV' : undefined;
}

/** Why a text that is whole JSON is no file of items; undefined when it is none. */
export function jsonProblem(text: string): string | undefined {
  if (!/^\s*\[/.test(text.slice(0, 1000))) return undefined;
  return 'This is one JSON list. Write each item as an object on a line of its own (JSONL), without the brackets around them.';
}

type Sliceable = Pick<Blob, 'size' | 'slice'>;

/**
 * Reads a file piece by piece; `onProgress` hears the share that is read, 0 to 1. Broken UTF-8 is marked and not dropped.
 * Throws {@link UnreadableFile}.
 */
export async function readTextFile(file: Sliceable, onProgress: (share: number) => void): Promise<string> {
  if (file.size > largestFileBytes)
    throw new UnreadableFile(
      `The file has ${Math.ceil(file.size / 1024 / 1024)} MB; ${largestFileWords} are the most. Split it into several datasets.`,
    );
  if (file.size === 0) throw new UnreadableFile('The file is empty.');
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff))
    throw new UnreadableFile('The file is in UTF-16; save it as UTF-8 and choose it again.');
  try {
    return await decode(file, new TextDecoder('utf-8', { fatal: true }), onProgress);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return (await decode(file, new TextDecoder('utf-8'), onProgress)).replaceAll('\ufffd', brokenMark);
  }
}

async function decode(file: Sliceable, decoder: TextDecoder, onProgress: (share: number) => void): Promise<string> {
  const pieces: string[] = [];
  for (let at = 0; at < file.size; at += sliceBytes) {
    const end = Math.min(file.size, at + sliceBytes);
    pieces.push(decoder.decode(await file.slice(at, end).arrayBuffer(), { stream: true }));
    onProgress(end / file.size);
  }
  pieces.push(decoder.decode());
  return pieces.join('');
}

/** The texts of some lines (from 1), as the server counts them. */
export function linesOf(text: string, format: FileFormat, numbers: readonly number[]): ReadonlyMap<number, string> {
  const wanted = new Set(numbers);
  const last = Math.max(0, ...numbers);
  const found = new Map<number, string>();
  const ends = format === 'CSV' ? /\r\n|\n|\r/g : /\n/g;
  let line = 1;
  let from = 0;
  while (line <= last && from <= text.length) {
    const end = ends.exec(text);
    if (wanted.has(line)) found.set(line, text.slice(from, end?.index ?? text.length).replaceAll(brokenMark, '\ufffd'));
    if (!end) break;
    from = end.index + end[0].length;
    line += 1;
  }
  return found;
}
