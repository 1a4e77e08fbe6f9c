import type {
  BreachPolicy,
  BudgetCondition,
  BudgetScopeKind,
  BudgetUnit,
  BudgetWindowKind,
} from '@switchyard/core/guardrails';
import { parseUsd } from '@switchyard/core/kernel';
import { decodeId } from '../../graphql/global-id.ts';
import type { ValidationIssue } from '../../user-errors.ts';
import { fromDecimal } from './decimal-amount.ts';
import { type BudgetSettings, issue } from './save-budget.ts';
import type { TeamValues } from './team-values.ts';

const mostConditions = 10;
const mostThresholds = 10;
const longestName = 100;
const longestValue = 200;
export const longestReason = 500;

export interface ConditionInput {
  readonly kind: BudgetScopeKind;
  readonly value?: string | null | undefined;
  readonly isEach?: boolean | null | undefined;
}

/** The fields of a budget as the API takes them; what is absent or null is not given. */
export interface BudgetFieldsInput {
  readonly name?: string | null | undefined;
  readonly scope?: readonly ConditionInput[] | null | undefined;
  readonly unit?: BudgetUnit | null | undefined;
  readonly window?: BudgetWindowKind | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly limit?: string | null | undefined;
  readonly mode?: 'hard' | 'soft' | null | undefined;
  readonly alertThresholds?: readonly number[] | null | undefined;
  readonly onBreach?: BreachPolicy | null | undefined;
  readonly whenAllBreach?: 'fail' | 'ask' | null | undefined;
  /** Null means something: no reserve. */
  readonly unpricedReserveUsd?: string | null | undefined;
  readonly isEnabled?: boolean | null | undefined;
}

export interface ReadFields {
  /** What was given and could be read. */
  readonly settings: Partial<BudgetSettings>;
  readonly issues: readonly ValidationIssue[];
}

/** Reads what was given, in a budget that counts `unit`. Collects all issues; judges nothing that the domain judges. */
export function readBudgetFields(input: BudgetFieldsInput, unit: BudgetUnit, values: TeamValues): ReadFields {
  const issues: ValidationIssue[] = [];
  const { name, timeZone, limit, alertThresholds, unpricedReserveUsd } = input;
  if (name != null && name.trim().length > longestName)
    issues.push(issue(`At most ${longestName} characters.`, 'name'));
  if ((alertThresholds?.length ?? 0) > mostThresholds)
    issues.push(issue(`At most ${mostThresholds} thresholds.`, 'alertThresholds'));
  const amount = limit == null ? undefined : readAmount(unit, limit, 'limit', issues);
  const scope = input.scope == null ? undefined : readScope(input.scope, values, issues);
  return {
    settings: {
      ...(name != null && { name: name.trim() }),
      ...(scope && { scope }),
      ...(input.unit != null && { unit: input.unit }),
      ...(input.window != null && { window: input.window }),
      ...(timeZone != null && { timeZone }),
      ...(amount !== undefined && { limit: amount }),
      ...(input.mode != null && { mode: input.mode }),
      ...(alertThresholds != null && { alertThresholds: [...alertThresholds] }),
      ...(input.onBreach != null && { onBreach: input.onBreach }),
      ...(input.whenAllBreach != null && { whenAllBreach: input.whenAllBreach }),
      ...(unpricedReserveUsd !== undefined && {
        unpriced:
          unpricedReserveUsd === null
            ? ({ kind: 'refuse' } as const)
            : ({ kind: 'flat-reserve', amountNanoUsd: parseUsd(unpricedReserveUsd) } as const),
      }),
      ...(input.isEnabled != null && { isEnabled: input.isEnabled }),
    },
    issues,
  };
}

/** The amount in the budget's unit; an issue and undefined for parts of a token or call. */
export function readAmount(
  unit: BudgetUnit,
  text: string,
  field: string,
  issues: ValidationIssue[],
): bigint | undefined {
  const amount = fromDecimal(unit, text);
  if (amount === undefined) issues.push(issue('Tokens and calls are counted in whole numbers.', field));
  return amount;
}

function readScope(
  conditions: readonly ConditionInput[],
  values: TeamValues,
  issues: ValidationIssue[],
): readonly BudgetCondition[] {
  if (conditions.length > mostConditions) issues.push(issue(`At most ${mostConditions} conditions.`, 'scope'));
  return conditions.slice(0, mostConditions).flatMap((condition, index): BudgetCondition[] => {
    const { kind, value, isEach } = condition;
    const at = (message: string, field: string) => issues.push(issue(message, 'scope', `${index}`, field));
    if (isEach) {
      if (value != null) at('Give either value or isEach.', 'isEach');
      return [{ kind, each: true }];
    }
    const text = value?.trim() ?? '';
    if (text === '') at('Name the value, or say isEach.', 'value');
    if (text.length > longestValue) at(`At most ${longestValue} characters.`, 'value');
    if (kind === 'member' || kind === 'api-key') {
      const id = kind === 'member' ? decodeId(text, 'User') : decodeId(text, 'ApiKey');
      const isKnown = id !== undefined && (kind === 'member' ? values.members : values.apiKeys).has(id);
      if (text !== '' && !isKnown)
        at(`There is no such ${kind === 'member' ? 'member' : 'API key'} in your team.`, 'value');
      return isKnown ? [{ kind, value: id }] : [];
    }
    return text === '' ? [] : [{ kind, value: text }];
  });
}
