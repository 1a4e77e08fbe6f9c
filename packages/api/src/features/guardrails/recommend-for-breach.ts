import { type BudgetUnit, formatAmount, type RefusalReason } from '@switchyard/core/guardrails';

/** What is known of a breach and of the time since; amounts in the budget's unit. */
export interface BreachFacts {
  readonly kind: 'refused' | 'over-limit' | 'threshold';
  readonly reason: RefusalReason | undefined;
  readonly budgetName: string;
  /** False for a limit of a request or a step, and for a budget that was deleted. */
  readonly isBudgetThere: boolean;
  readonly unit: BudgetUnit;
  readonly modelId: string;
  readonly requested: bigint;
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly limit: bigint;
  /** The limit in force now; differs when it was raised since. */
  readonly limitNow: bigint;
  /** Everything that the window's calls were refused, so far; what each could have used at the most. */
  readonly refusedInWindow: bigint;
  /** A model that can do the same for less, and what part of the price it asks. */
  readonly cheaperModel: { readonly modelId: string; readonly priceShare: number } | undefined;
}

/** A raise is recommended with this much room above what was asked for. */
const [roomPercent, hundred] = [10n, 100n];

/** What to do about a breach, in one to three sentences. Pure: the same facts give the same words. */
export function recommendForBreach(facts: BreachFacts): string {
  const { kind, reason, isBudgetThere, limit, limitNow } = facts;
  if (reason === 'ledger-unavailable') return 'Nothing to change: the books could not be read for a moment. Try again.';
  if (reason === 'unpriced') {
    return `Give ${facts.modelId} a price on the Models page, or let the budget reserve a flat amount for models without one.`;
  }
  if (isBudgetThere && limitNow > limit)
    return `Nothing to change: the limit has been raised since, to ${text(facts, limitNow)}.`;
  if (kind === 'refused' && !isBudgetThere)
    return join(['Raise the limit of the request or step if such calls are wanted.', ...smaller(facts)]);
  if (kind === 'threshold') {
    const left = facts.limit - facts.spent - facts.reserved;
    return left > 0n
      ? `Nothing is refused yet: ${text(facts, left)} were left. Raise the limit in time, or slow down what uses it.`
      : 'Nothing is left. Raise the limit, or slow down what uses it.';
  }
  const needed = neededLimit(facts);
  const raise = `Raise the limit by ${text(facts, needed - limit)} to ${text(facts, needed)} to cover what was ${
    kind === 'refused' ? 'spent and refused' : 'used'
  } in this window.`;
  return join([raise, ...smaller(facts)]);
}

/** What the window would have taken, with some room, rounded up to two leading digits. */
function neededLimit({ spent, reserved, requested, refusedInWindow, limit }: BreachFacts): bigint {
  const asked = refusedInWindow > requested ? refusedInWindow : requested;
  const used = spent + reserved + asked;
  const withRoom = (used * (hundred + roomPercent)) / hundred;
  const step = 10n ** BigInt(Math.max(0, `${withRoom}`.length - 2));
  const rounded = ((withRoom + step - 1n) / step) * step;
  return rounded > limit ? rounded : limit + step;
}

/** Ways to need less. */
function smaller(facts: BreachFacts): readonly string[] {
  const { unit, cheaperModel, requested, limit, modelId } = facts;
  const others =
    unit === 'cost' && cheaperModel
      ? [`${cheaperModel.modelId} can do the same for ${percent(cheaperModel.priceShare)} of the price.`]
      : [];
  const isLarge = unit !== 'requests' && requested * 4n > limit && requested > 0n;
  const shorter = isLarge
    ? [
        `One call of ${modelId} may use ${text(facts, requested)}: set maxOutputTokens, so that less is held for each call.`,
      ]
    : [];
  return [...others, ...shorter].slice(0, 2);
}

const join = (sentences: readonly string[]) => sentences.join(' ');
const percent = (share: number) => `${Math.max(1, Math.round(share * 100))} %`;

const text = ({ unit }: BreachFacts, amount: bigint) => formatAmount(unit, amount);
