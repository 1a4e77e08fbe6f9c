import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyText, pasteSteps, readCopy } from './copy-steps.ts';
import { stepAt } from './definition.ts';
import { anyDefinition, exampleDefinition } from './definition-fixture.ts';
import { linksOf } from './workflow-links.ts';

it('pastes copied steps under free ids, naming each other by them', () => {
  const steps = readCopy(copyText(exampleDefinition, new Set(['summary', 'check']))) ?? [];
  const { definition, stepIds } = pasteSteps(exampleDefinition, steps, 'check');
  expect(stepIds).toEqual(['summary_2', 'check_2']);
  expect(stepAt(definition, 'check_2')?.prompt).toBe('Faithful? {{ steps.summary_2.output | fence }}');
  expect(definition.steps.map(({ id }) => id).slice(0, 4)).toEqual(['summary', 'check', 'summary_2', 'check_2']);
});

it('keeps ids and links of what is pasted where nothing stands in the way', () => {
  fc.assert(
    fc.property(anyDefinition, (definition) => {
      const all = new Set(definition.steps.map(({ id }) => id));
      if (all.size === 0) return;
      const pasted = pasteSteps({ ...definition, steps: [] }, readCopy(copyText(definition, all)) ?? [], undefined);
      expect(pasted.definition).toEqual(definition);
    }),
  );
});

it('never makes two steps of one id, and leaves what was there alone', () => {
  fc.assert(
    fc.property(anyDefinition, anyDefinition, (definition, other) => {
      const { definition: next, stepIds } = pasteSteps(definition, other.steps, undefined);
      const ids = next.steps.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(next.steps.slice(0, definition.steps.length)).toEqual(definition.steps);
      // A ring of pasted steps stays a ring of pasted steps: none of its lines leads into what was there.
      const inner = linksOf(other).length;
      expect(linksOf({ steps: next.steps.filter(({ id }) => stepIds.includes(id)) }).length).toBe(inner);
    }),
  );
});

it('takes no other text for steps', () => {
  expect(readCopy('Summarise this')).toBeUndefined();
  expect(readCopy('{"steps": []}')).toBeUndefined();
  expect(readCopy('{"steps": [{"id": 1}]}')).toBeUndefined();
});
