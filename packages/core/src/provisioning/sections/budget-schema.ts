import { z } from 'zod';
import { expected, fields, flag, list, oneOf, text } from '../schema/fields.ts';
import { amount, instant, shareOrPercent } from './amount-fields.ts';

export const breachPolicies = ['skip-to-next', 'cheaper-equivalent', 'ask-approval', 'fail-fast'] as const;
export const windowKinds = ['run', 'minute', 'hour', 'day', 'week', 'month', 'lifetime'] as const;

/** `refuse`, or how much to reserve for a call whose price nobody knows. */
export function unpricedField() {
  const what = 'refuse, or a map such as {reserve_usd: 0.05}';
  return z
    .union(
      [
        z.literal('refuse', expected(what)),
        fields({ reserve_usd: amount().describe('USD that such a call reserves and is booked with.') }),
      ],
      expected(what),
    )
    .describe('Calls of models without a known price: refuse them, or reserve a flat amount.');
}

const value = () => text('a name, or each', { max: 300 });

const scopeSchema = fields({
  provider: value().optional().describe('The id of a provider; each: one budget for every provider.'),
  model: value().optional().describe('The name of a model (openai/gpt-5); each: one budget for every model.'),
  member: z
    .literal('each', expected('each'))
    .optional()
    .describe('each: one budget for every member. A budget for one member is made in the dashboard.'),
  api_key: z
    .literal('each', expected('each'))
    .optional()
    .describe('each: one budget for every API key. A budget for one key is made in the dashboard.'),
  role: value().optional().describe('A model role; each: one budget for every role.'),
  workflow: value().optional().describe('The id of a workflow; each: one budget for every workflow.'),
  step: value().optional().describe('The id of a step; each: one budget for every step.'),
  tag: value().optional().describe('What the caller marked the call with; each: one budget for every tag.'),
}).describe('Which calls count: all conditions must hold. Every call when absent.');

const raiseSchema = fields({
  amount: amount().describe('What it adds to the limit.'),
  from: instant().describe('When it begins.'),
  until: instant().describe('When it ends.'),
}).describe('An addition to the limit for a while.');

export const budgetSchema = fields({
  name: text('the name of a budget', { max: 100 }).describe('For people, and to find the budget again after a change.'),
  id: text('a short name that stays', { max: 64 })
    .optional()
    .describe('Keeps what was spent when the name changes; the name when absent.'),
  scope: scopeSchema.optional().describe('Which calls count. Every call of the team when absent.'),
  unit: oneOf(['cost', 'tokens', 'requests']).optional().describe('What is counted; cost (USD) when absent.'),
  window: oneOf(windowKinds).describe('When it begins anew.'),
  time_zone: text('the name of a time zone', { max: 60 })
    .optional()
    .describe('IANA name by whose calendar days, weeks and months begin; UTC when absent.'),
  limit: amount().describe('The most that may be used in a window: USD, tokens or calls.'),
  mode: oneOf(['hard', 'soft'])
    .optional()
    .describe('hard refuses what would go over it, soft only warns; hard when absent.'),
  thresholds: list(shareOrPercent(), 'shares of the limit', { max: 20 })
    .optional()
    .describe('Where people are told, ascending; [0.8, 1] when absent.'),
  on_breach: oneOf(breachPolicies)
    .optional()
    .describe('What to do in place of a refused call; skip-to-next when absent.'),
  when_all_breach: oneOf(['fail', 'ask'])
    .optional()
    .describe('What to do when every model was refused: fail, or ask an admin; fail when absent.'),
  unpriced: unpricedField().optional(),
  raises: list(raiseSchema, 'raises', { max: 50 }).optional().describe('Additions to the limit for a while.'),
  enabled: flag().optional().describe('false: calls are not held to it.'),
}).describe('A limit for every team on what some of its calls may use.');

export type GivenBudget = z.output<typeof budgetSchema>;
export type GivenUnpriced = GivenBudget['unpriced'];
