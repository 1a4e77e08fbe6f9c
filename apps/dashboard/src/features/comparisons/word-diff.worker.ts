import { wordDiff } from './word-diff.ts';

addEventListener('message', ({ data }: MessageEvent<{ left: string; right: string }>) => {
  postMessage(wordDiff(data.left, data.right));
});
