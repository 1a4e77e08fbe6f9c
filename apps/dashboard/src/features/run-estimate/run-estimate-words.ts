import { formatAmount } from '../guardrails/budget-words.ts';
import type { RunEstimate } from './use-run-estimate.ts';

/** Two significant digits: more would pretend to know. */
function roughUsd(value: number): string {
  if (value === 0) return '$0';
  if (value >= 1) return `$${value.toFixed(2)}`;
  return `$${value.toFixed(Math.min(12, 1 - Math.floor(Math.log10(value))))}`;
}

/** `$0.0012–$0.02`. */
export function formatRange(low: string | number, high: string | number): string {
  const [from, to] = [roughUsd(Number(low)), roughUsd(Number(high))];
  return from === to ? from : `${from}–${to}`;
}

/** The sum over the models whose price is known, and how many are not in it. */
export function totalRange({ models }: Pick<RunEstimate, 'models'>): { text: string; unpriced: number } {
  const priced = models.filter(({ lowUsd, highUsd }) => lowUsd !== null && highUsd !== null);
  const sum = (pick: (model: RunEstimate['models'][number]) => string | null) =>
    priced.reduce((total, model) => total + Number(pick(model) ?? 0), 0);
  return {
    text:
      priced.length === 0
        ? ''
        : formatRange(
            sum(({ lowUsd }) => lowUsd),
            sum(({ highUsd }) => highUsd),
          ),
    unpriced: models.filter(({ modelId, lowUsd }) => modelId !== null && lowUsd === null).length,
  };
}

/** What an estimate of one model rests on. */
export function basisWords({ basis, sampleSize, unavailableReason }: RunEstimate['models'][number]): string {
  if (unavailableReason) return unavailableReason;
  if (basis === 'HISTORY') return `by its last ${sampleSize} answers`;
  if (basis === 'GUESS') return 'a guess: fewer than ten answers on record';
  return 'price unknown';
}

/** Why budgets would not let the whole run through, one sentence each. */
export function roomProblems({ budgets }: Pick<RunEstimate, 'budgets'>): string[] {
  return budgets
    .filter(({ wouldBreach }) => wouldBreach)
    .map(({ name, unit, free, limit, requested, subject, hasUnpricedModels }) => {
      const whose = subject ? ` (${subject})` : '';
      if (hasUnpricedModels) return `“${name}”${whose} takes no models whose price is unknown.`;
      return `“${name}”${whose} has ${formatAmount(unit, free)} of ${formatAmount(unit, limit)} left; this run may use ${formatAmount(unit, requested)}.`;
    });
}

/** Answers that would be cut short so that they fit. */
export function cutAnswers({ models }: Pick<RunEstimate, 'models'>): string[] {
  return models.flatMap(({ modelId, requested, answerLimitedToTokens, fits }) =>
    fits && answerLimitedToTokens !== null
      ? [`${modelId ?? requested} would answer with ${answerLimitedToTokens.toLocaleString('en-US')} tokens at most.`]
      : [],
  );
}
