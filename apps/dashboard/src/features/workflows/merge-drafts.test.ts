import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Definition } from './definition.ts';
import { anyDefinition, exampleDefinition } from './definition-fixture.ts';
import { changeStep, removeSteps } from './edit-steps.ts';
import { areSame, differencesOf, mergeDrafts } from './merge-drafts.ts';

const say = (definition: Definition, id: string, prompt: string) =>
  changeStep(definition, id, (step) => ({ ...step, prompt }));

it('takes from each what only it changed', () => {
  const mine = { ...say(exampleDefinition, 'summary', 'mine'), title: 'Tickets' };
  const theirs = removeSteps(say(exampleDefinition, 'check', 'theirs'), new Set(['mend']));
  const { definition, clashes } = mergeDrafts(exampleDefinition, mine, theirs);
  expect(clashes).toEqual([]);
  expect(differencesOf(theirs, definition)).toEqual(['title changed', 'step summary changed']);
});

it('takes mine where both changed the same step, and says so', () => {
  const mine = say(exampleDefinition, 'check', 'mine');
  const { definition, clashes } = mergeDrafts(exampleDefinition, mine, say(exampleDefinition, 'check', 'theirs'));
  expect(clashes).toEqual(['step check']);
  expect(areSame(definition, mine)).toBe(true);
});

it('is the other when one side did nothing, and names no clash then', () => {
  fc.assert(
    fc.property(anyDefinition, anyDefinition, (base, changed) => {
      expect(mergeDrafts(base, base, changed)).toEqual({ definition: changed, clashes: [] });
      const mine = mergeDrafts(base, changed, base);
      expect(mine.clashes).toEqual([]);
      expect(new Set(mine.definition.steps)).toEqual(new Set(changed.steps));
    }),
  );
});
