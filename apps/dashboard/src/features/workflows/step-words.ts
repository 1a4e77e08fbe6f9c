import type { StepType } from './definition.ts';

interface StepTypeWords {
  readonly label: string;
  /** What it does, in one sentence. */
  readonly hint: string;
}

export const stepTypeWords: Readonly<Record<StepType, StepTypeWords>> = {
  prompt: { label: 'Prompt', hint: 'Asks one model, or several, and keeps the answer.' },
  transform: { label: 'Transform', hint: 'Makes a value of other values, without a model.' },
  branch: { label: 'Branch', hint: 'Goes where the first condition holds.' },
  map: { label: 'Map', hint: 'Does the same with every entry of a list.' },
  merge: { label: 'Merge', hint: 'Makes one of several outputs: the best, a vote, or all.' },
  approval: { label: 'Approval', hint: 'Waits until a person says yes or no.' },
};

export const deliveryWords: readonly { value: string; label: string; hint: string }[] = [
  { value: 'restart', label: 'Restart', hint: 'Another model begins anew; what was written is thrown away.' },
  { value: 'continue', label: 'Continue', hint: 'Another model goes on from the last word.' },
  { value: 'hold-back', label: 'Hold back', hint: 'Nothing is passed on before an answer is whole.' },
  { value: 'fail', label: 'Fail', hint: 'The step fails, and nobody else is asked.' },
];

export const strategyOfFormat = (strategy: string) => strategy.toUpperCase().replaceAll('-', '_');
export const formatOfStrategy = (strategy: string) => strategy.toLowerCase().replaceAll('_', '-');

export const plural = (count: number, word: string) =>
  `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;
