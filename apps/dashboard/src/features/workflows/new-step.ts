import type { Definition, Step, StepType } from './definition.ts';

const firstIds: Readonly<Record<StepType, string>> = {
  prompt: 'ask',
  transform: 'shape',
  branch: 'decide',
  map: 'each',
  merge: 'merge',
  approval: 'approve',
};

/** `wanted`, with a number behind it when it is taken: at most 64 characters, as ids must be. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/_?\d+$/, '') || wanted;
  for (let number = 2; ; number += 1) {
    const id = `${stem.slice(0, 64 - String(number).length - 1)}_${number}`;
    if (!taken.has(id)) return id;
  }
}

/**
 * A new step with what it needs to be right, as far as that can be known: it looks at the output of `source`, and at the
 * first input when there is no source.
 */
export function newStep(type: StepType, definition: Definition, source: Step | undefined): Step {
  const id = freeId(firstIds[type], new Set(definition.steps.map((step) => step.id)));
  const [input] = Object.keys(definition.inputs ?? {});
  const given = source ? `steps.${source.id}.output` : input === undefined ? undefined : `inputs.${input}`;
  const shown = given === undefined ? '' : `{{ ${given} }}`;
  switch (type) {
    case 'prompt':
      return { id, type, role: 'coder', prompt: shown };
    case 'transform':
      return { id, type, template: shown };
    case 'branch':
      return {
        id,
        type,
        cases: [{ when: given === undefined ? 'true' : `size(string(${given})) > 0`, goTo: [] }],
        default: [],
      };
    case 'map':
      return { id, type, over: given ?? '[]', do: { type: 'prompt', role: 'coder', prompt: '{{ item }}' } };
    case 'merge':
      return { id, type, mode: 'concatenate', from: source ? [source.id] : [] };
    case 'approval':
      return { id, type, message: shown === '' ? 'May this go on?' : `May this go on?\n\n${shown}` };
  }
}
