import {
  type Budget,
  type BudgetCondition,
  type BudgetProblem,
  isTimeZone,
  type UnpricedPolicy,
  validateBudget,
} from '../../guardrails/index.ts';
import { nearestName } from '../../kernel/index.ts';
import type { ConfiguredBudget } from '../configuration.ts';
import type { SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';
import type { GivenBudget, GivenUnpriced } from './budget-schema.ts';

const billionth = 1_000_000_000n;

/** A budget as it will be stored, but for the team. `unpriced` holds where the budget says nothing. */
export function readBudget(
  given: GivenBudget,
  unpriced: UnpricedPolicy,
  path: SourcePath,
  context: SectionContext,
): ConfiguredBudget {
  const unit = given.unit ?? 'cost';
  const toUnit = (amount: bigint, field: SourcePath) => {
    if (unit === 'cost') return amount;
    if (amount % billionth !== 0n && !context.isBroken([...path, ...field])) {
      context.report('INVALID_VALUE', [...path, ...field], `There are no parts of ${wordOf(unit)}.`, {
        suggestion: 'Give a whole number.',
      });
    }
    return amount / billionth;
  };
  const timeZone = given.time_zone?.trim() ?? 'UTC';
  const isKnownZone = isTimeZone(timeZone);
  if (!isKnownZone && !context.isBroken([...path, 'time_zone'])) {
    const near = nearestName(timeZone, Intl.supportedValuesOf('timeZone'));
    context.report('UNKNOWN_VALUE', [...path, 'time_zone'], 'There is no such time zone.', {
      suggestion: near === undefined ? 'Name it as IANA does, for example Europe/Berlin.' : `Did you mean "${near}"?`,
    });
  }
  const name = given.name.trim();
  return {
    key: given.id?.trim() ?? name,
    name,
    scope: readScope(given),
    unit,
    window: given.window,
    timeZone: isKnownZone ? timeZone : 'UTC',
    limit: toUnit(given.limit, ['limit']),
    mode: given.mode ?? 'hard',
    alertThresholds: given.thresholds ?? (given.window === 'minute' ? [] : [0.8, 1]),
    onBreach: given.on_breach ?? 'skip-to-next',
    whenAllBreach: given.when_all_breach ?? 'fail',
    unpriced: readUnpriced(given.unpriced) ?? unpriced,
    raises: (given.raises ?? []).map(({ amount, from, until }, index) => ({
      amount: toUnit(amount, ['raises', index, 'amount']),
      fromMs: from,
      untilMs: until,
    })),
    isEnabled: given.enabled ?? true,
    position: context.positionOf(path),
  };
}

export function readUnpriced(given: GivenUnpriced): UnpricedPolicy | undefined {
  if (given === undefined) return undefined;
  return given === 'refuse' ? { kind: 'refuse' } : { kind: 'flat-reserve', amountNanoUsd: given.reserve_usd };
}

function readScope({ scope = {} }: GivenBudget): readonly BudgetCondition[] {
  return Object.entries(scope).flatMap(([field, value]): BudgetCondition[] => {
    if (value === undefined) return [];
    const kind = field === 'api_key' ? 'api-key' : (field as BudgetCondition['kind']);
    return [value === 'each' ? { kind, each: true } : { kind, value: value.trim() }];
  });
}

/** The budget as it would be for one team, to be judged. */
export function asTeamBudget({ key, position: _, ...budget }: ConfiguredBudget): Budget {
  return { ...budget, id: key, teamId: 'file', version: 1 };
}

/** Reports what is wrong or odd with a budget by itself and beside the `others` of the file. */
export function reportBudgetProblems(
  budget: ConfiguredBudget,
  others: readonly ConfiguredBudget[],
  pathOf: (problem: BudgetProblem) => SourcePath,
  context: SectionContext,
): void {
  for (const problem of validateBudget(asTeamBudget(budget), others.map(asTeamBudget))) {
    const path = pathOf(problem);
    if (context.isBroken(path)) continue;
    const { severity, message } = problem;
    const code = /^No traffic/.test(message)
      ? 'NEVER_MATCHES'
      : severity === 'warning' || problem.path[0] === 'alertThresholds'
        ? 'CONTRADICTION'
        : 'INVALID_VALUE';
    context.report(code, path, message, { severity, suggestion: remedyFor(problem) });
  }
}

/** Where the file says what the domain calls by another name. */
export function filePathOf(
  { path: [first = 'limit', index, field] }: BudgetProblem,
  hasField: (name: string) => boolean,
) {
  if (first === 'alertThresholds') return index === undefined ? ['thresholds'] : ['thresholds', Number(index)];
  if (first === 'unpriced') return ['unpriced'];
  if (first === 'timeZone') return ['time_zone'];
  if (first === 'raises') return ['raises', Number(index), field === 'untilMs' ? 'until' : 'amount'];
  return hasField(first) ? [first] : [];
}

function remedyFor({ path: [first], message }: BudgetProblem): string | undefined {
  if (/lower limit decides|never warn first/.test(message)) return 'Remove one of the two, or change its limit.';
  if (/^Contradicts/.test(message)) return 'Correct one of the two limits.';
  if (/^No traffic/.test(message)) return 'Correct the scope, or remove the budget.';
  return first === 'raises' ? 'Correct the dates or the amount.' : undefined;
}

const wordOf = (unit: 'tokens' | 'requests') => (unit === 'tokens' ? 'a token' : 'a call');
