import { cannotScore, type Score, scored } from './score.ts';
import type { ScoredAnswer } from './score-answer.ts';
import type { HeuristicScorer } from './scorer.ts';

// A sign right behind a letter or a digit is a dash: 2024-01 holds no -1.
const numberText =
  /(?:(?<![\w)])[-+\u2212])?(?:\d{1,3}(?:[,\u00a0\u202f']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?%?/g;
const mostText = 100_000;

/** 1 within the tolerance, else 0. An answer without a number is 0; an item without one cannot be scored. */
export function scoreNumber(scorer: HeuristicScorer & { type: 'numeric' }, answer: ScoredAnswer): Score {
  const expected =
    scorer.expected ?? (answer.expected === undefined ? undefined : readNumber(answer.expected, 'whole'));
  if (expected === undefined) {
    return cannotScore(
      'no-expectation',
      'What the item expects is not a number. Fill the expected column of the dataset.',
    );
  }
  if (answer.text.length > mostText)
    return cannotScore('too-long', 'The answer is too long to look for a number in it.');
  const found = readNumber(answer.text, scorer.takes);
  if (found === undefined) return scored(0, 'There is no number in it.');
  const allowed = Math.max(scorer.tolerance, scorer.relativeTolerance * Math.abs(expected));
  // 0.1 + 0.2 is 0.3: rounding of the last digits is no difference.
  const dust = 4 * Number.EPSILON * Math.max(Math.abs(expected), Math.abs(found));
  const isNear = Math.abs(found - expected) <= allowed + dust;
  return scored(isNear ? 1 : 0, `It says ${found}; expected was ${expected}.`);
}

/** The first, the last or the only number of `text`: 1,234.5, 1e3 and 12% (0.12) are numbers. Undefined when there is none. */
export function readNumber(text: string, takes: 'first' | 'last' | 'whole'): number | undefined {
  const found = [...text.matchAll(numberText)].map(([each]) => each);
  const chosen =
    takes === 'whole' ? (found[0] === text.trim() ? found[0] : undefined) : takes === 'first' ? found[0] : found.at(-1);
  if (chosen === undefined) return undefined;
  const isPercent = chosen.endsWith('%');
  const value = Number(chosen.replace('\u2212', '-').replace(/[,\u00a0\u202f'%]/g, ''));
  return Number.isFinite(value) ? (isPercent ? value / 100 : value) : undefined;
}
