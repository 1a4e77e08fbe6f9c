import { expect, test } from 'vitest';
import { type Script, scriptText } from '../testing/index.ts';
import type { CallFacts } from './around-call.ts';
import { playChain, scripted, setUpWorld } from './testing/chain-setup.ts';

const refused: Script = [{ type: 'throw', kind: 'auth' }];

test('every attempt is made within what surrounds it, once, under the id of its record, with the text that came', async () => {
  const base = setUpWorld();
  const seen: CallFacts[] = [];
  let open = 0;
  const world = {
    ...base,
    dependencies: {
      ...base.dependencies,
      aroundCall: async <Result>(facts: CallFacts, make: () => Promise<Result>): Promise<Result> => {
        seen.push(facts);
        open += 1;
        const result = await make();
        open -= 1;
        return result;
      },
    },
  };
  const good = scriptText(['good', ' answer']);
  const candidates = [scripted(world, 'a/x', [refused]), scripted(world, 'b/y', [good])];
  const { outcome, text } = await playChain(world, candidates);
  expect(text).toBe('good answer');
  expect(open).toBe(0);
  expect(seen.map(({ callId, attempt, operation, isHedge }) => ({ callId, attempt, operation, isHedge }))).toEqual(
    outcome.records.map(({ id, attempt }) => ({ callId: id, attempt, operation: 'chat', isHedge: false })),
  );
  expect(seen.map(({ target }) => target.modelId)).toEqual(['a/x', 'b/y']);
  expect(seen[1]?.readReceived()).toBe('good answer');
});
