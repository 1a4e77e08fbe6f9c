import type { Random } from '../../kernel/index.ts';
import type { WorkflowDefinition, WorkflowStep } from '../definition/workflow-definition.ts';

/** How the models of a random workflow behave: the same for the same step, entry, slot and attempt. */
export type Outcome = 'answer' | 'transient' | 'permanent';

export interface RandomWorkflow {
  readonly definition: WorkflowDefinition;
  outcomeOf(stepId: string, itemIndex: number | undefined, slot: number, attempt: number): Outcome;
}

/**
 * A workflow of 1 to `mostSteps` steps of all kinds (approvals apart), each waiting for any of those before it, with
 * branches, joins of both kinds and failures of all kinds. The output of a step spells out what it saw.
 */
export function randomWorkflow(random: Random, mostSteps = 10): RandomWorkflow {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random.next() * values.length)] as Value;
  const count = 1 + Math.floor(random.next() * mostSteps);
  const ids = Array.from({ length: count }, (_, index) => `s${index}`);
  const failures = pick([0, 0, 0.05, 0.2]);
  const steps = ids.map((id, index): WorkflowStep => {
    const earlier = ids.slice(0, index).filter(() => random.next() < 2 / Math.max(2, index));
    const after = ids.slice(0, index).filter(() => random.next() < 0.1);
    const text = `${id}(${earlier.map((each) => `{{ steps.${each}.output }}`).join(',')})`;
    const base = {
      id,
      ...(after.length > 0 && { after }),
      ...(random.next() < 0.4 && { join: 'any' as const }),
      ...(random.next() < 0.5 && { onFailure: pick(['continue', 'skip-dependents', 'fail-run'] as const) }),
    };
    const retry = { rounds: pick([1, 2, 3]), roundDelayMs: 1_000 };
    switch (pick(['prompt', 'prompt', 'parallel', 'transform', 'branch', 'map', 'merge'] as const)) {
      case 'parallel':
        return {
          ...base,
          type: 'prompt',
          models: [{ model: 'a/1' }, { model: 'b/1' }, { model: 'b/2' }],
          strategy: 'parallel',
          retry,
          prompt: text,
        };
      case 'transform':
        return { ...base, type: 'transform', template: text };
      case 'branch': {
        const later = ids.slice(index + 1).filter(() => random.next() < 0.3);
        const other = ids.slice(index + 1).filter(() => random.next() < 0.3);
        if (later.length === 0) return { ...base, type: 'transform', template: text };
        const when = pick(['true', 'false', 'inputs.flag']);
        return { ...base, type: 'branch', cases: [{ when, goTo: later }], default: other };
      }
      case 'map':
        return {
          ...base,
          type: 'map',
          over: 'inputs.list',
          concurrency: pick([1, 2, 8]),
          maxFailedShare: pick([0, 0.5, 1]),
          do: { type: 'prompt', models: [{ model: 'a/1' }], retry, prompt: `${text}:{{ item }}` },
        };
      case 'merge':
        if (earlier.length > 0) return { ...base, type: 'merge', mode: 'concatenate', from: earlier, separator: '+' };
        return { ...base, type: 'transform', template: text };
      default:
        return { ...base, type: 'prompt', models: [{ model: 'a/1' }], retry, prompt: text };
    }
  });
  const salt = Math.floor(random.next() * 2 ** 31);
  return {
    definition: {
      format: 1,
      name: 'random',
      inputs: { flag: { type: 'boolean' }, list: { type: 'list' } },
      maxParallelCalls: pick([1, 2, 16]),
      steps,
    },
    outcomeOf(...place) {
      const chance = hash(`${salt}:${place.join(':')}`);
      if (chance < failures / 2) return 'permanent';
      return chance < failures * 2 ? 'transient' : 'answer';
    },
  };
}

/** FNV-1a brought to [0, 1), mixed so that near texts are far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return ((value ^ (value >>> 13)) >>> 0) / 2 ** 32;
}
