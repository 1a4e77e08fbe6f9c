import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Definition, stepAt, stepTypes } from './definition.ts';
import { anyDefinition, exampleDefinition } from './definition-fixture.ts';
import {
  addStep,
  connect,
  disconnect,
  duplicateStep,
  insertOnLink,
  moveStep,
  removeSteps,
  renameStep,
  waysToConnect,
} from './edit-steps.ts';
import { linksOf } from './workflow-links.ts';

const pairs = (definition: Definition) => linksOf(definition).map(({ from, to }) => `${from}>${to}`);
const idsOf = ({ steps }: Definition) => steps.map(({ id }) => id);
const linkOf = (from: string, to: string) => {
  const link = linksOf(exampleDefinition).find((each) => each.from === from && each.to === to);
  if (!link) throw new Error(`no link from ${from} to ${to}`);
  return link;
};

it('reads who waits for whom from lists, texts and ways out, and what flows', () => {
  expect(linksOf(exampleDefinition).map(({ from, to, label }) => `${from} > ${to}: ${label}`)).toEqual([
    'summary > check: output',
    'check > decide: output',
    'decide > mend: check.contains("steps.summary")',
    'summary > mend: output',
    'mend > final: output',
    'summary > final: output',
  ]);
});

it('adds a step behind the one that is chosen, reading its output', () => {
  const { definition, stepId } = addStep(exampleDefinition, 'prompt', 'summary');
  expect(idsOf(definition)).toEqual(['summary', 'ask', 'check', 'decide', 'mend', 'final']);
  expect(stepAt(definition, stepId)?.prompt).toBe('{{ steps.summary.output }}');
});

it('puts a new step behind a branch where the first case leads', () => {
  const { definition, stepId } = addStep(exampleDefinition, 'prompt', 'decide');
  expect(stepAt(definition, 'decide')?.cases?.[0]?.goTo).toEqual(['mend', stepId]);
});

describe('a step put on a line', () => {
  it('takes over what flowed along it', () => {
    const { definition, stepId } = insertOnLink(exampleDefinition, 'transform', linkOf('summary', 'check'));
    expect(stepAt(definition, stepId)?.template).toBe('{{ steps.summary.output }}');
    expect(stepAt(definition, 'check')?.prompt).toBe('Faithful? {{ steps.shape.output | fence }}');
    expect(pairs(definition)).toContain('summary>mend');
  });

  it('is where the branch goes, and the old target waits for it', () => {
    const { definition, stepId } = insertOnLink(exampleDefinition, 'prompt', linkOf('decide', 'mend'));
    expect(pairs(definition)).toEqual(expect.arrayContaining([`decide>${stepId}`, `${stepId}>mend`]));
    expect(pairs(definition)).not.toContain('decide>mend');
  });

  it('lets an approval hold up what follows without changing what it reads', () => {
    const { definition, stepId } = insertOnLink(exampleDefinition, 'approval', linkOf('summary', 'check'));
    expect(stepAt(definition, 'check')?.prompt).toContain('steps.summary.output');
    expect(stepAt(definition, 'check')?.after).toEqual([stepId]);
  });

  it('always leads from the one to the other, whatever its type', () => {
    fc.assert(
      fc.property(anyDefinition, fc.nat(), fc.constantFrom(...stepTypes), (definition, pick, type) => {
        const links = linksOf(definition);
        const link = links[pick % Math.max(1, links.length)];
        if (!link) return;
        const { definition: next, stepId } = insertOnLink(definition, type, link);
        expect(next.steps).toHaveLength(definition.steps.length + 1);
        expect(pairs(next)).toContain(`${stepId}>${link.to}`);
      }),
    );
  });
});

it('forgets a removed step in every list, and lets who waited for it wait for what it waited for', () => {
  const chain: Definition = {
    ...exampleDefinition,
    steps: [
      { id: 'a', type: 'prompt', prompt: '' },
      { id: 'b', type: 'prompt', prompt: '', after: ['a'] },
      { id: 'c', type: 'prompt', prompt: '', after: ['b'] },
      { id: 'd', type: 'merge', mode: 'vote', from: ['b', 'c'] },
    ],
  };
  const next = removeSteps(chain, new Set(['b']));
  expect(stepAt(next, 'c')?.after).toEqual(['a']);
  expect(stepAt(next, 'd')?.from).toEqual(['c']);
});

it('never names removed steps in lists', () => {
  fc.assert(
    fc.property(anyDefinition, fc.subarray(['a', 'b', 'c']), (definition, gone) => {
      const next = removeSteps(definition, new Set(gone));
      const named = next.steps.flatMap((step) => [
        ...(step.after ?? []),
        ...(step.from ?? []),
        ...(step.default ?? []),
        ...(step.cases ?? []).flatMap(({ goTo }) => goTo),
      ]);
      const there = new Set(idsOf(definition));
      expect(named.filter((id) => gone.includes(id) && there.has(id))).toEqual([]);
    }),
  );
});

it('renames a step everywhere but in prose and in quoted texts', () => {
  const next = renameStep(exampleDefinition, 'summary', 'digest');
  expect(stepAt(next, 'check')?.prompt).toBe('Faithful? {{ steps.digest.output | fence }}');
  expect(stepAt(next, 'mend')?.prompt).toBe('Mend {{ steps["digest"].output }}');
  expect(stepAt(next, 'decide')?.cases?.[0]?.when).toBe('steps.check.output.contains("steps.summary")');
  expect(stepAt(next, 'final')?.from).toEqual(['mend', 'digest']);
  expect(renameStep(exampleDefinition, 'final', 'end').outputs).toEqual({ text: 'steps.end.output' });
});

it('gets back what it had when a rename is taken back, and refuses a name that is taken', () => {
  fc.assert(
    fc.property(anyDefinition, fc.constantFrom('a', 'b', 'c'), (definition, id) => {
      const there = definition.steps.some((step) => step.id === id);
      const next = renameStep(definition, id, 'other');
      // What named a step that is not there is left alone.
      if (there) expect(renameStep(next, 'other', id)).toEqual(definition);
    }),
  );
  expect(renameStep(exampleDefinition, 'summary', 'check')).toBe(exampleDefinition);
});

it('duplicates a step under a free name and moves it within the list', () => {
  const copied = duplicateStep(exampleDefinition, 'check');
  expect(copied?.stepId).toBe('check_2');
  const moved = moveStep(copied?.definition ?? exampleDefinition, 'check_2', -2);
  expect(idsOf(moved)).toEqual(['check_2', 'summary', 'check', 'decide', 'mend', 'final']);
  expect(moveStep(exampleDefinition, 'summary', -1)).toBe(exampleDefinition);
});

it('connects two steps in each way that it offers, and takes lists back apart', () => {
  fc.assert(
    fc.property(anyDefinition, fc.nat(), fc.nat(), (definition, one, two) => {
      const { steps } = definition;
      const [from, to] = [steps[one % Math.max(1, steps.length)]?.id, steps[two % Math.max(1, steps.length)]?.id];
      if (from === undefined || to === undefined) return;
      for (const way of waysToConnect(definition, from, to)) {
        const next = connect(definition, from, to, way);
        expect(pairs(next)).toContain(`${from}>${to}`);
        expect(connect(next, from, to, way)).toEqual(next);
        if (way.kind === 'text') continue;
        for (const link of linksOf(next).filter((each) => each.from === from && each.to === to && each.kind !== 'text'))
          expect(linksOf(disconnect(next, link))).not.toContainEqual(link);
      }
    }),
  );
});

it('asks in which way only where there are several', () => {
  expect(waysToConnect(exampleDefinition, 'summary', 'check').map(({ kind }) => kind)).toEqual(['text', 'after']);
  expect(waysToConnect(exampleDefinition, 'check', 'final')).toEqual([{ kind: 'from' }]);
  expect(waysToConnect(exampleDefinition, 'decide', 'final')).toHaveLength(2);
  expect(waysToConnect(exampleDefinition, 'check', 'check')).toEqual([]);
});
