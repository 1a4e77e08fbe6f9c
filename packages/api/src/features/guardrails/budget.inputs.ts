import { builder } from '../../graphql/builder.ts';
import { idempotencyKeyDescription } from '../comparisons/generation.inputs.ts';
import {
  AllBreachPolicyEnum,
  BreachPolicyEnum,
  BudgetModeEnum,
  BudgetScopeKindEnum,
  BudgetUnitEnum,
  BudgetWindowKindEnum,
} from './budget.enums.ts';

const BudgetConditionInput = builder.inputType('BudgetConditionInput', {
  description: 'One condition on calls: give `value` or `isEach`.',
  fields: (t) => ({
    kind: t.field({ type: BudgetScopeKindEnum, required: true, description: 'What it looks at.' }),
    value: t.string({
      description:
        'The value that calls must have: the id of a `User` or `ApiKey`, else the name, for example `openai` or `openai/gpt-5-mini`.',
    }),
    isEach: t.boolean({ description: 'True: every value has a budget of its own, with this limit.' }),
  }),
});

const limitDescription = 'USD, or a whole number of tokens or calls, as `unit` says. 0 forbids the calls.';
const unpricedDescription =
  'What a call of a model without a known price reserves and is booked with; null: such calls are refused.';
const thresholdsDescription = 'Shares of the limit at which people are told, ascending, at most ten.';

export const CreateBudgetInput = builder.inputType('CreateBudgetInput', {
  description: 'A budget to be made.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For people, 1 to 100 characters.' }),
    scope: t.field({
      type: [BudgetConditionInput],
      description: 'The calls that count: those that meet all conditions, at most ten. Absent: every call of the team.',
    }),
    unit: t.field({ type: BudgetUnitEnum, required: true, description: 'What it counts.' }),
    window: t.field({ type: BudgetWindowKindEnum, required: true, description: 'When it begins anew.' }),
    timeZone: t.string({ description: 'IANA name, for example Europe/Berlin; UTC when absent.' }),
    limit: t.field({ type: 'Decimal', required: true, description: limitDescription }),
    mode: t.field({ type: BudgetModeEnum, description: 'Whether it refuses or only warns; HARD when absent.' }),
    alertThresholds: t.floatList({
      description: `${thresholdsDescription} 0.8 and 1 when absent; none for a window of a MINUTE, of which nobody is told.`,
    }),
    onBreach: t.field({
      type: BreachPolicyEnum,
      description: 'What to do in place of a call that it refuses; SKIP_TO_NEXT when absent.',
    }),
    whenAllBreach: t.field({
      type: AllBreachPolicyEnum,
      description: 'What to do when every model was refused; FAIL when absent.',
    }),
    unpricedReserveUsd: t.field({ type: 'Decimal', description: unpricedDescription }),
    isEnabled: t.boolean({ description: 'Whether calls are held to it; true when absent.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

export const UpdateBudgetInput = builder.inputType('UpdateBudgetInput', {
  description:
    'What to change of a budget; what is absent stays. What it counts (scope, unit, window, time zone) cannot be changed: make a new budget.',
  fields: (t) => ({
    budgetId: t.id({ required: true, description: 'The budget.' }),
    version: t.int({
      required: true,
      description: 'The version that you saw: a change of somebody else is not undone.',
    }),
    name: t.string({ description: 'For people, 1 to 100 characters.' }),
    limit: t.field({ type: 'Decimal', description: limitDescription }),
    mode: t.field({ type: BudgetModeEnum, description: 'Whether it refuses or only warns.' }),
    alertThresholds: t.floatList({ description: thresholdsDescription }),
    onBreach: t.field({ type: BreachPolicyEnum, description: 'What to do in place of a call that it refuses.' }),
    whenAllBreach: t.field({ type: AllBreachPolicyEnum, description: 'What to do when every model was refused.' }),
    unpricedReserveUsd: t.field({ type: 'Decimal', description: unpricedDescription }),
    isEnabled: t.boolean({ description: 'Whether calls are held to it.' }),
  }),
});

export const DeleteBudgetInput = builder.inputType('DeleteBudgetInput', {
  description: 'A budget to be deleted.',
  fields: (t) => ({ budgetId: t.id({ required: true, description: 'The budget.' }) }),
});

export const RaiseBudgetInput = builder.inputType('RaiseBudgetInput', {
  description: 'An addition to the limit of a budget for a while.',
  fields: (t) => ({
    budgetId: t.id({ required: true, description: 'The budget; also one of the configuration file.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: "What to add, more than 0: USD, or a whole number of tokens or calls, as the budget's unit says.",
    }),
    startsAt: t.field({ type: 'DateTime', description: 'From when on; now when absent.' }),
    endsAt: t.field({ type: 'DateTime', required: true, description: 'Until when.' }),
    reason: t.string({ required: true, description: 'Why, 1 to 500 characters.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

export const EndBudgetRaiseInput = builder.inputType('EndBudgetRaiseInput', {
  description: 'A raise to be ended now.',
  fields: (t) => ({
    budgetId: t.id({ required: true, description: 'The budget.' }),
    raiseId: t.id({ required: true, description: 'The raise.' }),
  }),
});

const AdjustBudgetsFilterInput = builder.inputType('AdjustBudgetsFilterInput', {
  description: 'Which budgets to adjust: those that meet everything that is given. Nothing: all.',
  fields: (t) => ({
    budgetIds: t.idList({ description: 'These.' }),
    units: t.field({ type: [BudgetUnitEnum], description: 'That count one of these.' }),
    windows: t.field({ type: [BudgetWindowKindEnum], description: 'With one of these windows.' }),
    modes: t.field({ type: [BudgetModeEnum], description: 'Of one of these modes.' }),
    scopeKinds: t.field({ type: [BudgetScopeKindEnum], description: 'With a condition of one of these kinds.' }),
  }),
});

export const AdjustBudgetsInput = builder.inputType('AdjustBudgetsInput', {
  description: 'A change of many budgets at once, all or none: give `percent` or `isEnabled`.',
  fields: (t) => ({
    percent: t.float({
      description:
        'By how much to change the limits: 20 makes them a fifth higher, -50 halves them. From -100 to 1,000.',
    }),
    isEnabled: t.boolean({ description: 'Switches them on or off.' }),
    filter: t.field({ type: AdjustBudgetsFilterInput, description: 'Which budgets; all when absent.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});
