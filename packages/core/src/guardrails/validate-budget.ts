import { type Budget, type BudgetCondition, budgetScopeKinds, budgetWindowKinds } from './budget.ts';
import { isTimeZone } from './budget-window.ts';

/** `error`: cannot be stored. `warning`: can, but is hardly what was meant. `path` names the field. */
export interface BudgetProblem {
  readonly severity: 'error' | 'warning';
  readonly path: readonly string[];
  readonly message: string;
}

/** The values that exist in the team; an absent list means that nobody knows, and nothing is said about it. */
export type KnownValues = Readonly<Partial<Record<BudgetCondition['kind'], readonly string[]>>>;

/** A billion dollars, or that many times ten to the ninth tokens or calls: more is a slip, and 64 bits must hold sums. */
const highestLimit = 10n ** 18n;

/** Everything that is wrong or odd with a budget by itself and beside the team's `others`. Empty when nothing is. */
export function validateBudget(
  budget: Budget,
  others: readonly Budget[] = [],
  known: KnownValues = {},
): readonly BudgetProblem[] {
  return [
    ...checkAmounts(budget),
    ...checkTime(budget),
    ...checkScope(budget, known),
    ...others.filter(({ id }) => id !== budget.id).flatMap((other) => [...checkPair(budget, other)]),
  ];
}

function error(message: string, ...path: readonly string[]): BudgetProblem {
  return { severity: 'error', path, message };
}

function warning(message: string, ...path: readonly string[]): BudgetProblem {
  return { severity: 'warning', path, message };
}

function* checkAmounts(budget: Budget): Iterable<BudgetProblem> {
  if (budget.name.trim() === '') yield error('Give the budget a name.', 'name');
  if (budget.limit < 0n) yield error('A limit cannot be negative. Use 0 to forbid the calls.', 'limit');
  if (budget.limit > highestLimit) {
    const most = budget.unit === 'cost' ? 'a billion US dollars' : `10^18 ${budget.unit}`;
    yield error(`The limit is absurdly high: at most ${most}.`, 'limit');
  }
  if (budget.limit === 0n && budget.mode === 'hard')
    yield warning('A hard limit of 0 refuses every call that the budget covers.', 'limit');
  for (const [index, share] of budget.alertThresholds.entries()) {
    const before = budget.alertThresholds[index - 1];
    if (!(share > 0 && share <= 10))
      yield error(
        'An alert threshold is a share of the limit above 0, for example 0.8.',
        'alertThresholds',
        `${index}`,
      );
    else if (before !== undefined && before >= share)
      yield error('Name the alert thresholds in ascending order, each once.', 'alertThresholds', `${index}`);
  }
  if (budget.window === 'minute' && budget.alertThresholds.length > 0)
    yield warning(
      'Nobody is told of the thresholds of a budget per minute: it is a rate limit. Leave them out, or make one per hour beside it.',
      'alertThresholds',
    );
  if (budget.unpriced.kind === 'flat-reserve') {
    const { amountNanoUsd } = budget.unpriced;
    if (amountNanoUsd <= 0n) yield error('The flat reserve must be more than 0.', 'unpriced', 'amountNanoUsd');
    else if (budget.unit === 'cost' && budget.mode === 'hard' && amountNanoUsd > budget.limit)
      yield warning('The flat reserve is above the limit: no unpriced call can pass.', 'unpriced', 'amountNanoUsd');
  }
}

function* checkTime(budget: Budget): Iterable<BudgetProblem> {
  if (!budgetWindowKinds.includes(budget.window)) yield error('This window does not exist.', 'window');
  if (!isTimeZone(budget.timeZone))
    yield error('Name the time zone as IANA does, for example Europe/Berlin or UTC.', 'timeZone');
  for (const [index, raise] of budget.raises.entries()) {
    if (raise.amount <= 0n || raise.amount > highestLimit)
      yield error('A raise adds more than 0 and less than a billion US dollars.', 'raises', `${index}`, 'amount');
    if (!(Number.isFinite(raise.fromMs) && Number.isFinite(raise.untilMs) && raise.fromMs < raise.untilMs))
      yield error('A raise must end after it begins.', 'raises', `${index}`, 'untilMs');
  }
}

function* checkScope(budget: Budget, known: KnownValues): Iterable<BudgetProblem> {
  const fixed = new Map<string, string>();
  const each = new Set<string>();
  for (const [index, condition] of budget.scope.entries()) {
    if (!budgetScopeKinds.includes(condition.kind)) {
      yield error('This scope does not exist.', 'scope', `${index}`, 'kind');
      continue;
    }
    const { kind } = condition;
    if (!('value' in condition)) {
      if (each.has(kind)) yield error(`Say "each ${kind}" once.`, 'scope', `${index}`, 'kind');
      each.add(kind);
      continue;
    }
    const { value } = condition;
    if (value === '') yield error(`Name the ${kind}.`, 'scope', `${index}`, 'value');
    const values = known[kind];
    if (values && !values.includes(value))
      yield warning(`No traffic can match: there is no ${kind} "${value}".`, 'scope', `${index}`, 'value');
    const before = fixed.get(kind);
    if (kind !== 'tag' && before !== undefined && before !== value)
      yield error(`No traffic can match: a call has one ${kind}, not two.`, 'scope', `${index}`, 'value');
    fixed.set(kind, value);
  }
  const [provider, model] = [fixed.get('provider'), fixed.get('model')];
  if (provider !== undefined && model !== undefined && !model.startsWith(`${provider}/`))
    yield error(`No traffic can match: the model "${model}" is not one of provider "${provider}".`, 'scope');
}

const byLength = ['run', 'minute', 'hour', 'day', 'week', 'month', 'lifetime'];

/** Two budgets on the same calls in the same unit of which one makes the other pointless. */
function* checkPair(budget: Budget, other: Budget): Iterable<BudgetProblem> {
  if (other.teamId !== budget.teamId || !other.isEnabled || !budget.isEnabled) return;
  if (other.unit !== budget.unit || scopeKey(other) !== scopeKey(budget)) return;
  if (other.window === budget.window && other.timeZone === budget.timeZone) {
    if (other.mode === budget.mode)
      yield warning(`"${other.name}" limits the same calls in the same window; the lower limit decides.`, 'limit');
    else if (hardOf(budget, other).limit <= softOf(budget, other).limit)
      yield warning('The hard limit is reached before the soft one: the soft one will never warn first.', 'limit');
    return;
  }
  if (budget.window === 'run' || other.window === 'run' || budget.mode !== 'hard' || other.mode !== 'hard') return;
  const isShorter = byLength.indexOf(budget.window) < byLength.indexOf(other.window);
  if (isShorter && budget.limit > other.limit)
    yield warning(`Contradicts "${other.name}": it allows less in a longer window (${other.window}).`, 'limit');
  if (!isShorter && byLength.indexOf(budget.window) > byLength.indexOf(other.window) && budget.limit < other.limit)
    yield warning(`Contradicts "${other.name}": it allows more in a shorter window (${other.window}).`, 'limit');
}

const hardOf = (a: Budget, b: Budget) => (a.mode === 'hard' ? a : b);
const softOf = (a: Budget, b: Budget) => (a.mode === 'soft' ? a : b);

function scopeKey(budget: Budget): string {
  return JSON.stringify(
    budget.scope.map((condition) => [condition.kind, 'value' in condition ? condition.value : null]).sort(),
  );
}
