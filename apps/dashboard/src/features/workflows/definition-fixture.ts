import fc from 'fast-check';
import type { Definition, Step } from './definition.ts';

/** Two prompts in a row, a branch, and a merge of both ways. */
export const exampleDefinition: Definition = {
  format: 1,
  name: 'ticket-summary',
  inputs: { ticket: { type: 'string' } },
  outputs: { text: 'steps.final.output' },
  steps: [
    { id: 'summary', type: 'prompt', role: 'coder', prompt: 'Summarise:\n{{ inputs.ticket }}' },
    { id: 'check', type: 'prompt', role: 'reviewer', prompt: 'Faithful? {{ steps.summary.output | fence }}' },
    {
      id: 'decide',
      type: 'branch',
      cases: [{ when: 'steps.check.output.contains("steps.summary")', goTo: ['mend'] }],
      default: [],
    },
    { id: 'mend', type: 'prompt', role: 'coder', prompt: 'Mend {{ steps["summary"].output }}' },
    { id: 'final', type: 'merge', mode: 'best', by: 'first', join: 'any', from: ['mend', 'summary'] },
  ],
};

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const some = fc.subarray(ids, { maxLength: 3 });

/** Definitions with up to six steps that name each other in every way, rings and unknown names included. */
export const anyDefinition: fc.Arbitrary<Definition> = fc
  .subarray(ids)
  .chain((names) => fc.tuple(...names.map(anyStep)).map((steps) => ({ format: 1 as const, name: 'random', steps })));

function anyStep(id: string): fc.Arbitrary<Step> {
  const after = fc.option(some, { nil: undefined });
  const mention = fc.constantFrom(...ids);
  return fc.oneof(
    fc.record({ after, mention }).map(
      ({ after: list, mention: on }): Step => ({
        ...{ id, type: 'prompt', role: 'coder', prompt: `Say steps.${on}: {{ steps.${on}.output }}` },
        ...(list && { after: list }),
      }),
    ),
    fc.record({ goTo: some, other: some, mention }).map(
      ({ goTo, other, mention: on }): Step => ({
        ...{ id, type: 'branch', cases: [{ when: `steps.${on}.output == "steps.${on}"`, goTo }], default: other },
      }),
    ),
    some.map((from): Step => ({ id, type: 'merge', mode: 'concatenate', from })),
  );
}
