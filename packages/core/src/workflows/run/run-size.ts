import type { RunFact } from './run-fact.ts';

/** Characters that the outputs of all entries of one map may have together: they are one value for the steps behind it. */
export const mostMapCharacters = 16_000_000;
/** Characters that everything a run depends on may have together, in memory and in store. */
export const mostRunCharacters = 128_000_000;

/** A fact without its texts: names, numbers and punctuation. */
const bareFact = 200;

/** About how many characters `value` takes as JSON, without writing it out. */
export function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 5;
  if (Array.isArray(value)) return value.reduce((size: number, each) => size + sizeOfValue(each) + 1, 2);
  return Object.entries(value).reduce((size, [name, each]) => size + name.length + 4 + sizeOfValue(each), 2);
}

/** About how many characters `fact` takes in store, without writing it out. */
export function sizeOfFact(fact: RunFact): number {
  switch (fact.type) {
    case 'output-completed':
      return bareFact + fact.answer.text.length + sizeOfValue(fact.answer.value);
    case 'output-delta':
    case 'reasoning-delta':
      return bareFact + fact.text.length;
    case 'items-listed':
      return bareFact + sizeOfValue(fact.items);
    case 'item-completed':
      return bareFact + sizeOfValue(fact.output);
    case 'step-completed':
      return bareFact + sizeOfValue(fact.output) + sizeOfValue(fact.modelOutputs) + 150 * (fact.failures?.length ?? 0);
    case 'run-started':
      return bareFact + sizeOfValue(fact.inputs) + sizeOfValue(fact.given);
    case 'run-finished':
      return bareFact + sizeOfValue(fact.outputs);
    case 'approval-requested':
      return bareFact + fact.message.length + sizeOfValue(fact.subject);
    case 'approval-decided':
      return bareFact + (fact.comment?.length ?? 0) + sizeOfValue(fact.value);
    default:
      return bareFact;
  }
}
