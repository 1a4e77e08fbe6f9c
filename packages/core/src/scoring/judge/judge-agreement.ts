import type { Random } from '../../kernel/index.ts';
import {
  type AlphaEstimate,
  type CannotTell,
  cannotTell,
  cohenKappa,
  type Estimate,
  krippendorffAlpha,
} from '../../stats/index.ts';

/** One item that a judge and people have judged: scores of 0 to 1. Several people may have judged it. */
export interface JudgedByBoth {
  readonly judge: number;
  readonly people: readonly number[];
}

/**
 * Whether a judge's scores agree with those of people beyond chance: Krippendorff's alpha for numbers, the mean of the
 * people against the judge; 1 is perfect, 0 is chance. "Cannot tell" below ten items.
 */
export function scoreAgreement(items: readonly JudgedByBoth[], random: Random): AlphaEstimate | CannotTell {
  const both = items.filter(({ people }) => people.length > 0);
  if (both.length < fewestItems) return tooFew(both.length);
  return krippendorffAlpha(
    both.map(({ judge, people }) => [
      rounded(judge),
      rounded(people.reduce((sum, each) => sum + each, 0) / people.length),
    ]),
    'interval',
    { random, resamples: 500 },
  );
}

export type PairOutcome = 'left' | 'right' | 'tie';

/** The same for pairs: Cohen's kappa of the judge's choices and a person's, one entry for each person and pair. */
export function choiceAgreement(
  pairs: readonly { readonly judge: PairOutcome; readonly person: PairOutcome }[],
): Estimate | CannotTell {
  if (pairs.length < fewestItems) return tooFew(pairs.length);
  return cohenKappa(
    pairs.map(({ judge, person }) => ({ left: judge, right: person })),
    ['left', 'tie', 'right'],
  );
}

/** To twentieths: the work grows with the square of the values that differ, the agreement hardly changes. */
const rounded = (score: number): number => Math.round(score * 20) / 20;

const fewestItems = 10;

const tooFew = (count: number): CannotTell =>
  cannotTell('too-few', `Agreement takes ${fewestItems} items judged by both, there are ${count}. Rate some by hand.`);
