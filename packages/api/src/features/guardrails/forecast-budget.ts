import {
  type Budget,
  bucketMsFor,
  countRunsLeft,
  forecastWindow,
  historyStartMs,
  type RunsLeft,
  type WindowForecast,
} from '@switchyard/core/guardrails';
import type { LiveWindow } from './live-windows.ts';
import type { BudgetSpendQuestion, SpendCondition, SpendReader } from './spend-reader.ts';

/** A window of a budget with what is foreseen for it. Amounts in the budget's unit. */
export interface BudgetForecast extends WindowForecast {
  readonly unit: Budget['unit'];
  /** Undefined: too few recent calls to tell. */
  readonly runsLeft: (RunsLeft & { readonly kind: 'calls' | 'runs' }) | undefined;
}

type ForecastedWindow = Pick<LiveWindow, 'origin' | 'subject' | 'spent' | 'free' | 'limit' | 'startMs' | 'endMs'>;

const recentForMs = 28 * 86_400_000;
const mostRecent = 200;

/** What is foreseen for a present window, from recorded calls. Two queries; none for a window of one run. */
export async function forecastBudget(
  budget: Budget,
  window: ForecastedWindow,
  reader: Pick<SpendReader, 'readBuckets' | 'readRecentUse'>,
  nowMs: number,
): Promise<BudgetForecast> {
  const { unit } = budget;
  if (budget.window === 'run' || budget.window === 'minute')
    return { ...forecastOf(budget, window, [], nowMs), unit, runsLeft: undefined };
  const question = spendQuestionOf(budget, window);
  const span = { startMs: window.startMs, endMs: window.endMs };
  const bucketMs = bucketMsFor(span);
  const [buckets, recent] = await Promise.all([
    reader.readBuckets(question, historyStartMs(span, nowMs), nowMs, bucketMs),
    reader.readRecentUse(question, nowMs - recentForMs, mostRecent),
  ]);
  const runsLeft = countRunsLeft(window.free, recent.amounts);
  return {
    ...forecastOf(budget, window, buckets, nowMs),
    unit,
    runsLeft: runsLeft && { ...runsLeft, kind: recent.kind },
  };
}

/** What is foreseen for a window, `buckets` being what was recorded since {@link historyStartMs}. */
export function forecastOf(
  budget: Budget,
  { startMs, endMs, spent, limit }: ForecastedWindow,
  buckets: Awaited<ReturnType<SpendReader['readBuckets']>>,
  nowMs: number,
): WindowForecast {
  // Traffic that is younger than the look-back is judged since it began.
  const startsMs = buckets.map((bucket) => bucket.firstMs ?? bucket.startMs);
  const firstRecordMs = startsMs.reduce<number | undefined>((a, b) => Math.min(a ?? b, b), undefined);
  return forecastWindow({ budget, span: { startMs, endMs }, nowMs, limit, spent, buckets, firstRecordMs });
}

/** Which recorded calls count in a window: the budget's conditions, `each` replaced by the value of the window's subject. */
export function spendQuestionOf(
  budget: Budget,
  { origin, subject }: Pick<LiveWindow, 'origin' | 'subject'>,
): BudgetSpendQuestion {
  const { teamId, unit, unpriced, scope } = budget;
  const values = subject.split(',').map((part) => decodeURIComponent(part));
  if (budget.window === 'run') values.shift();
  const conditions = scope.map((condition): SpendCondition => {
    return 'value' in condition ? condition : { kind: condition.kind, value: values.shift() ?? '' };
  });
  const unknownCostNanoUsd = unpriced.kind === 'flat-reserve' ? unpriced.amountNanoUsd : 0n;
  return { teamId, origin, conditions, unit, unknownCostNanoUsd };
}
