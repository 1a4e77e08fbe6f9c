import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate } from './fill-template.ts';

const values = {
  inputs: { ticket: 'It burns.', list: [1, 2] },
  outputs: new Map<string, unknown>([['plan', { title: 'Put it out' }]]),
};

describe('fillTemplate', () => {
  it('puts in what inputs and earlier steps gave, and says where from', () => {
    expect(fillTemplate('Ticket: {{ inputs.ticket }} Plan: {{ steps.plan.output.title }}!', values)).toEqual([
      { kind: 'text', text: 'Ticket: ' },
      { kind: 'value', text: 'It burns.', from: 'inputs.ticket' },
      { kind: 'text', text: ' Plan: ' },
      { kind: 'value', text: 'Put it out', from: 'steps.plan.output.title' },
      { kind: 'text', text: '!' },
    ]);
  });

  it('leaves filters, loops, and what is not there as they were written', () => {
    const template =
      '{{ inputs.list | bullets }}{% if inputs.x %}y{% endif %}{{ steps.none.output }}{{ inputs.constructor }}';
    expect(
      fillTemplate(template, values)
        .filter(({ kind }) => kind === 'code')
        .map(({ text }) => text),
    ).toEqual([
      '{{ inputs.list | bullets }}',
      '{% if inputs.x %}',
      '{% endif %}',
      '{{ steps.none.output }}',
      '{{ inputs.constructor }}',
    ]);
  });

  it('loses nothing of a text without variables, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parts = fillTemplate(text, { inputs: {}, outputs: new Map() });
        expect(parts.map((part) => part.text).join('')).toBe(text);
      }),
    );
  });
});
