import type { JsonMap } from './definition.ts';

interface ScorerKind {
  readonly type: string;
  readonly label: string;
  /** What it does, in one sentence. */
  readonly hint: string;
  readonly id: string;
  readonly starts: JsonMap;
}

const check = (type: string, label: string, hint: string, id: string, settings: JsonMap = {}): ScorerKind => ({
  ...{ type, label, hint, id },
  starts: { check: { type, ...settings } },
});

/** Checks need no model and cost nothing; judges are models that are paid from the cap of the test. */
export const checkKinds: readonly ScorerKind[] = [
  check('exact', 'Exact answer', 'Is exactly what the item expects.', 'right'),
  check('contains', 'Contains', 'Has these texts in it, or what the item expects.', 'mentions'),
  check('regex', 'Pattern', 'Matches a regular expression.', 'matches', { pattern: '' }),
  check('json-schema', 'JSON schema', 'Is JSON that follows a schema.', 'valid', { schema: { type: 'object' } }),
  check('edit-distance', 'Close to expected', 'Few letters differ from what the item expects.', 'close'),
  check('numeric', 'Number', 'Gives the expected number, within a tolerance.', 'number', { tolerance: 0 }),
  check('length', 'Length', 'Is neither too short nor too long.', 'length', { unit: 'words', max: 100 }),
  check('latency', 'Speed', 'Comes within a target time.', 'fast', { targetMs: 2000, limitMs: 10_000 }),
];

export const judgeKinds: readonly ScorerKind[] = [
  {
    type: 'rubric',
    label: 'Judge by a rubric',
    hint: 'A model gives each answer points for what you call good.',
    id: 'quality',
    starts: { judge: { type: 'rubric', model: '', rubric: '', scale: { min: 1, max: 5 } } },
  },
  {
    type: 'pairwise',
    label: 'Judge two side by side',
    hint: 'A model says which of two answers is better, asked in both orders.',
    id: 'preferred',
    starts: { judge: { type: 'pairwise', model: '', rubric: '' } },
  },
];

/** A key that is not taken yet: `right`, `right-2`, … */
export function freeId(id: string, taken: readonly string[]): string {
  if (!taken.includes(id)) return id;
  for (let number = 2; ; number += 1) if (!taken.includes(`${id}-${number}`)) return `${id}-${number}`;
}

/** A name as an id of a scorer: lower-case letters, digits and dashes, beginning with a letter. */
export function idOfName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 36);
  return plain || 'scorer';
}
