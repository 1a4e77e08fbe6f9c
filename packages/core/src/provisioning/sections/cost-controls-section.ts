import { isTimeZone } from '../../guardrails/index.ts';
import { nearestName } from '../../kernel/index.ts';
import type { ConfiguredBudget } from '../configuration.ts';
import { defined } from '../schema/defined.ts';
import { fields, oneOf, text, wholeNumber } from '../schema/fields.ts';
import { defineSection } from '../section.ts';
import { amount, shareOrPercent } from './amount-fields.ts';
import { breachPolicies, unpricedField } from './budget-schema.ts';
import { readUnpriced, reportBudgetProblems } from './read-budget.ts';

/** Under which key the daily budget is found again. */
export const dailyBudgetKey = 'cost_controls.daily_budget';

export const costControlsSection = defineSection({
  key: 'cost_controls',
  schema: fields({
    daily_budget: amount().optional().describe('USD that a team may spend in a day, over all models.'),
    per_request_limit: amount().optional().describe('USD that one request may cost, all its attempts together.'),
    max_cost_per_request: amount().optional().describe('Another name of per_request_limit.'),
    max_tokens_per_request: wholeNumber(1, 1_000_000_000)
      .optional()
      .describe('Tokens, input and output, that one request may use, all its attempts together.'),
    alert_threshold: shareOrPercent()
      .optional()
      .describe(
        'Where people are told of the daily budget: a share (0.8) or a percentage above 10 (80); 0.8 when absent.',
      ),
    time_zone: text('the name of a time zone', { max: 60 })
      .optional()
      .describe('IANA name by whose calendar the days of the daily budget begin; UTC when absent.'),
    mode: oneOf(['hard', 'soft'])
      .optional()
      .describe('Whether the daily budget refuses (hard) or only warns (soft); hard when absent.'),
    on_breach: oneOf(breachPolicies)
      .optional()
      .describe('What to do in place of a call that the daily budget refused; skip-to-next when absent.'),
    unpriced: unpricedField().optional().describe('For all budgets of this file that do not say so themselves.'),
  }).describe('Limits for everything, in few words; `budgets` says more.'),
  read(given, context) {
    const at = (field: string) => ['cost_controls', field];
    if (given.per_request_limit !== undefined && given.max_cost_per_request !== undefined) {
      context.report('DUPLICATE_ENTRY', at('max_cost_per_request'), 'The limit of a request is given twice.', {
        spot: 'key',
        suggestion: 'Keep per_request_limit.',
      });
    }
    for (const field of ['per_request_limit', 'max_cost_per_request'] as const) {
      if (given[field] !== 0n || context.isBroken(at(field))) continue;
      context.report('CONTRADICTION', at(field), 'A limit of 0 refuses every request.', {
        severity: 'warning',
        suggestion: 'Give an amount, or remove the limit.',
      });
    }
    const perRequest = given.per_request_limit ?? given.max_cost_per_request;
    const { daily_budget: limit } = given;
    if (limit === undefined && !context.isBroken(at('daily_budget'))) {
      for (const field of ['alert_threshold', 'time_zone', 'mode', 'on_breach'] as const) {
        if (given[field] === undefined) continue;
        context.report('CONTRADICTION', at(field), `"${field}" is about the daily budget, which is not given.`, {
          severity: 'warning',
          spot: 'key',
          suggestion: 'Add daily_budget, or remove this.',
        });
      }
    }
    if (limit !== undefined && perRequest !== undefined && perRequest > limit) {
      context.report('CONTRADICTION', at('daily_budget'), 'One request may cost more than a whole day.', {
        severity: 'warning',
        suggestion: 'Raise daily_budget, or lower the limit of a request.',
      });
    }
    const timeZone = given.time_zone?.trim() ?? 'UTC';
    const isKnownZone = isTimeZone(timeZone);
    if (!isKnownZone) {
      const near = nearestName(timeZone, Intl.supportedValuesOf('timeZone'));
      context.report('UNKNOWN_VALUE', at('time_zone'), 'There is no such time zone.', {
        suggestion: near === undefined ? 'Name it as IANA does, for example Europe/Berlin.' : `Did you mean "${near}"?`,
      });
    }
    const unpriced = readUnpriced(given.unpriced);
    const daily: ConfiguredBudget | undefined =
      limit === undefined
        ? undefined
        : {
            key: dailyBudgetKey,
            name: 'Daily budget',
            scope: [],
            unit: 'cost',
            window: 'day',
            timeZone: isKnownZone ? timeZone : 'UTC',
            limit,
            mode: given.mode ?? 'hard',
            alertThresholds: [given.alert_threshold ?? 0.8],
            onBreach: given.on_breach ?? 'skip-to-next',
            whenAllBreach: 'fail',
            unpriced: unpriced ?? { kind: 'refuse' },
            raises: [],
            isEnabled: true,
            position: context.positionOf(at('daily_budget')),
          };
    return {
      costControls: defined({
        maxCostPerRequestNanoUsd: perRequest,
        maxTokensPerRequest: given.max_tokens_per_request,
        unpriced,
      }),
      budgets: daily ? [daily] : [],
    };
  },
  check(_given, context, configuration) {
    const daily = configuration.budgets.find(({ key }) => key === dailyBudgetKey);
    if (daily) reportBudgetProblems(daily, [], () => ['cost_controls', 'daily_budget'], context);
  },
});
