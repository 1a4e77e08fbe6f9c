import {
  type BreachPolicy,
  type BudgetScopeKind,
  type BudgetUnit,
  type BudgetWindowKind,
  budgetScopeKinds,
  budgetWindowKinds,
  type RefusalReason,
} from '@switchyard/core/guardrails';
import { builder } from '../../graphql/builder.ts';
import { valuesOf } from '../../graphql/enums.ts';

export const BudgetScopeKindEnum = builder.enumType('BudgetScopeKind', {
  description: 'By what calls are told apart.',
  values: valuesOf<BudgetScopeKind>(
    {
      member: 'Who calls.',
      'api-key': 'The API key that calls.',
      role: 'The model role that is called, for example `coder`.',
      workflow: 'The workflow that calls.',
      step: 'The step of a workflow that calls.',
      provider: 'The provider that is called, by its short name, for example `openai`.',
      model: 'The model that is called, for example `openai/gpt-5-mini`.',
      tag: 'What the caller marked the call with.',
    },
    budgetScopeKinds,
  ),
});

export const BudgetUnitEnum = builder.enumType('BudgetUnit', {
  description: 'What a budget counts, and so the unit of all its amounts.',
  values: valuesOf<BudgetUnit>(
    { cost: 'US dollars.', tokens: 'Tokens, input and output together.', requests: 'Calls of models.' },
    ['cost', 'tokens', 'requests'],
  ),
});

export const BudgetWindowKindEnum = builder.enumType('BudgetWindowKind', {
  description: 'When a budget begins anew.',
  values: valuesOf<BudgetWindowKind>(
    {
      run: 'With each run of a workflow; calls outside of runs do not count.',
      minute: 'With each full minute of UTC: a rate limit. Whoever is refused may come back when the minute is over.',
      hour: 'With each full hour of UTC.',
      day: 'At midnight of its time zone.',
      week: 'On Monday, at midnight of its time zone.',
      month: 'On the first of the month, at midnight of its time zone.',
      lifetime: 'Never.',
    },
    budgetWindowKinds,
  ),
});

export const BudgetModeEnum = builder.enumType('BudgetMode', {
  description: 'What a limit does.',
  values: valuesOf<'hard' | 'soft'>({ hard: 'It refuses calls that would go over it.', soft: 'It only warns.' }, [
    'hard',
    'soft',
  ]),
});

export const BreachPolicyEnum = builder.enumType('BreachPolicy', {
  description: 'What to do in place of a call that a budget refused.',
  values: valuesOf<BreachPolicy>(
    {
      'skip-to-next': 'Ask the next model of the chain.',
      'cheaper-equivalent': 'Ask a cheaper model that can do the same.',
      'ask-approval': 'Ask an admin, and wait for a while.',
      'fail-fast': 'Fail at once.',
    },
    ['skip-to-next', 'cheaper-equivalent', 'ask-approval', 'fail-fast'],
  ),
});

export const AllBreachPolicyEnum = builder.enumType('AllBreachPolicy', {
  description: 'What to do when budgets refused every model that could be asked.',
  values: valuesOf<'fail' | 'ask'>({ fail: 'Fail.', ask: 'Ask an admin, and wait for a while.' }, ['fail', 'ask']),
});

export const BudgetSourceEnum = builder.enumType('BudgetSource', {
  description: 'Where a budget is kept.',
  values: valuesOf<'dashboard' | 'file'>(
    {
      dashboard: 'It was made through this API and is changed here.',
      file: 'It stands in the configuration file and is changed there. Raises are given here.',
    },
    ['dashboard', 'file'],
  ),
});

export const BudgetRefusalReasonEnum = builder.enumType('BudgetRefusalReason', {
  description: 'Why a budget refused a call.',
  values: valuesOf<RefusalReason>(
    {
      'budget-exceeded': 'There is not enough left.',
      unpriced: "The model's price is unknown, and the budget takes no such calls.",
      'ledger-unavailable': 'The books could not be read just now. Try again.',
    },
    ['budget-exceeded', 'unpriced', 'ledger-unavailable'],
  ),
});
