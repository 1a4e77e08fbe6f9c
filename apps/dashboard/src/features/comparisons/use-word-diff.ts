'use client';

import { useEffect, useState } from 'react';
import { type DiffPart, wordDiff } from './word-diff.ts';

const workerFromCharacters = 30_000;

/** The diff of two texts; long ones (about 5,000 words together) are compared in a worker so that the page stays quick. Undefined while at work. */
export function useWordDiff(left: string, right: string): DiffPart[] | undefined {
  const [parts, setParts] = useState<DiffPart[]>();
  useEffect(() => {
    if (left.length + right.length < workerFromCharacters || typeof Worker === 'undefined') {
      setParts(wordDiff(left, right));
      return;
    }
    setParts(undefined);
    const worker = new Worker(new URL('./word-diff.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<DiffPart[]>) => setParts(data);
    worker.onerror = () => setParts(wordDiff(left, right));
    worker.postMessage({ left, right });
    return () => worker.terminate();
  }, [left, right]);
  return parts;
}
