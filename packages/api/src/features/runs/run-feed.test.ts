import { FakeClock } from '@switchyard/core/testing';
import type { RunEvent } from '@switchyard/core/workflows';
import { expect, test } from 'vitest';
import { RunFeed } from './run-feed.ts';

const stored = [
  { seq: 1, atMs: 0, type: 'run-started' },
  { seq: 2, atMs: 0, type: 'run-finished', outcome: 'completed' },
] as unknown as readonly RunEvent[];

function feedOf(heads: readonly { readonly isOver: boolean; readonly lastSeq: number }[]) {
  const left = [...heads];
  return new RunFeed({
    clock: new FakeClock(),
    read: async (_runId, afterSeq) => stored.filter(({ seq }) => seq > afterSeq),
    readHead: async () => (left.length > 1 ? left.shift() : left[0]),
    isOwn: () => false,
  });
}

async function seqsOf(feed: RunFeed, afterSeq: number): Promise<readonly number[]> {
  const seqs: number[] = [];
  for await (const event of feed.follow('team', 'run', afterSeq, new AbortController().signal)) seqs.push(event.seq);
  return seqs;
}

// The clock stands still: whoever waits for it waits for ever.
test('who follows a run that has ended is done at once, from its beginning and from its last event', async () => {
  const ended = [{ isOver: true, lastSeq: 2 }];
  expect(await seqsOf(feedOf(ended), 0)).toEqual([1, 2]);
  expect(await seqsOf(feedOf(ended), 2)).toEqual([]);
});

test('a run that ends while its events are read is followed to its end', async () => {
  const ending = [
    { isOver: false, lastSeq: 1 },
    { isOver: true, lastSeq: 2 },
  ];
  const feed = feedOf(ending);
  const seqs = seqsOf(feed, 0);
  await new Promise(setImmediate);
  feed.publish('run', stored.slice(1));
  feed.close();
  expect(await seqs).toEqual([1, 2]);
});
