import { expect, test } from 'vitest';
import { scriptText } from '../testing/index.ts';
import { playChain, scripted, setUpWorld } from './testing/chain-setup.ts';

const deadlines = { firstTokenMs: 2_000, idleMs: 30_000, totalMs: 30_000 };
const late = (delayMs: number) => [{ type: 'wait', delayMs } as const, ...scriptText(['good'])];

test.each([
  [
    'in one piece it may be written for as long as a stream may take',
    { isWhole: true, maxOutputTokens: 20 },
    'good',
    1,
  ],
  ['a stream that shows nothing for so long is silent', { maxOutputTokens: 20 }, '', 3],
  ['also an answer in one piece does not wait for ever', { isWhole: true, maxOutputTokens: 1 }, '', 3],
] as const)(
  'an answer that comes 4 s after a first-token deadline of 2 s began: %s',
  async (_what, question, text, calls) => {
    const world = setUpWorld();
    const a = scripted(world, 'a/x', [late(4_000)], { overrides: { deadlines } });
    const seen = await playChain(world, [a], { question });
    expect([seen.text, a.adapter.calls.length]).toEqual([text, calls]);
  },
);
