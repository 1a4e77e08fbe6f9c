import { expect, it } from 'vitest';
import { formatOf, jsonProblem, largestFileBytes, linesOf, readTextFile, UnreadableFile } from './read-text-file.ts';

const ignore = () => {};

it('reads characters that lie across two pieces, and tells how far it is', async () => {
  const text = `${'a'.repeat(1024 * 1024 - 1)}é${'b'.repeat(10)}`;
  const shares: number[] = [];
  expect(await readTextFile(new Blob([text]), (share) => shares.push(share))).toBe(text);
  expect(shares.at(-1)).toBe(1);
  expect(shares).toHaveLength(2);
});

it('marks what is no UTF-8, and keeps a replacement character that was meant', async () => {
  expect(await readTextFile(new Blob([new Uint8Array([0x61, 0xff, 0x62])]), ignore)).toBe('a\ufdd0b');
  expect(await readTextFile(new Blob(['a\ufffdb']), ignore)).toBe('a\ufffdb');
});

it('refuses what is too large, empty or UTF-16 before it reads on', async () => {
  const large = { size: largestFileBytes + 1, slice: () => new Blob(['x']) };
  await expect(readTextFile(large, ignore)).rejects.toThrow(/51 MB; 50 MB are the most/);
  await expect(readTextFile(new Blob([]), ignore)).rejects.toThrow(UnreadableFile);
  await expect(readTextFile(new Blob([new Uint8Array([0xff, 0xfe, 0x61, 0])]), ignore)).rejects.toThrow(/UTF-16/);
});

it('finds lines as the server counts them', () => {
  expect([...linesOf('a\r\nb\rc\nd', 'CSV', [4, 2])]).toEqual([
    [2, 'b'],
    [4, 'd'],
  ]);
  expect([...linesOf('a\rb\nc', 'JSONL', [1, 2, 9])]).toEqual([
    [1, 'a\rb'],
    [2, 'c'],
  ]);
  expect(formatOf('Items.NDJSON')).toBe('JSONL');
  expect(formatOf('items.json')).toBeUndefined();
  expect(jsonProblem(' [{"input":1}]')).toContain('JSONL');
  expect(jsonProblem('{"input":1}')).toBeUndefined();
});
