import { z } from 'zod';
import {
  checkRules,
  type RoutingPreferences,
  type RoutingRule,
  type RuleAction,
  strategies,
} from '../../routing/index.ts';
import type { Configuration } from '../configuration.ts';
import { checkName } from '../names/check-name.ts';
import { defined } from '../schema/defined.ts';
import {
  decimalUsd,
  duration,
  expected,
  fields,
  flag,
  list,
  oneOf,
  sayDuration,
  share,
  text,
  wholeNumber,
} from '../schema/fields.ts';
import { defineSection, type SectionContext } from '../section.ts';
import { followNames } from './follow-names.ts';

const hour = 3_600_000;
const strategyField = () => oneOf(strategies).describe('In which order models are asked.');
const modelsField = (what: string) =>
  list(text('the name of a model, an alias, a chain or a beginning such as openai/*', { max: 300 }), 'models', {
    min: 1,
    max: 100,
  })
    .optional()
    .describe(what);

function amount(what: string, highest: number) {
  const options = expected(`${what} from 0 to ${highest}`);
  return z.number(options).min(0, options).max(highest, options);
}

const weightsSchema = fields({
  cost: amount('a weight', 1_000).optional().describe('Of the cost.'),
  latency: amount('a weight', 1_000).optional().describe('Of the latency.'),
  quality: amount('a weight', 1_000).optional().describe('Of the quality.'),
  reliability: amount('a weight', 1_000).optional().describe('Of the reliability.'),
}).describe('What the balanced strategy makes of the criteria. Absent: 0.');

const adaptiveSchema = fields({
  algorithm: oneOf(['contextual', 'thompson', 'epsilon-greedy']).optional().describe('How it learns and tries.'),
  cost_weight_per_usd: amount('a number', 1_000_000).optional().describe('How much quality a US dollar is worth.'),
  latency_weight_per_second: amount('a number', 1_000).optional().describe('How much quality a second is worth.'),
  exploration_share: share().optional().describe('Share of requests that go to any eligible model.'),
  half_life_rewards: wholeNumber(10, 10_000_000).optional().describe('After so many rewards one counts half.'),
  prior_strength: amount('a number', 10_000).optional().describe('How many rewards the prior of a model is worth.'),
  detect_drift: flag().optional().describe('Whether a sudden change makes it forget.'),
}).describe('How the adaptive strategy learns and tries.');

const limitsSchema = fields({
  max_cost_usd: decimalUsd().optional().describe('For the longest answer of one call.'),
  max_latency_ms: duration(1, hour)
    .optional()
    .describe(`For the measured median; ${sayDuration(1)} or more.`),
  max_first_token_ms: duration(1, hour).optional().describe('For the measured median of the first token.'),
  min_quality: share().optional().describe('For the expected quality.'),
}).describe('A model that is expected to break one of these is not chosen.');

const ruleSchema = fields({
  name: text('a name', { max: 200 }).describe('For people.'),
  when: text('a condition, for example request.inputTokens > 20000', { max: 2_000 }).describe('The condition, in CEL.'),
  enabled: flag().optional().describe('Whether it is looked at (true).'),
  final: flag().optional().describe('When it matches, no later rule is looked at.'),
  restrict: modelsField('Only these.'),
  deny: modelsField('Not these.'),
  prefer: modelsField('These first, in this order.'),
  pin: modelsField('Only these, in this order.'),
  strategy: strategyField().optional(),
  weights: weightsSchema.optional(),
  cap_cost_usd: decimalUsd().optional().describe('No call above this amount.'),
  strict: flag().optional().describe('Never fall back.'),
});

type GivenRule = z.output<typeof ruleSchema>;
const modelActions = ['restrict', 'deny', 'prefer', 'pin'] as const;

export const routingSection = defineSection({
  key: 'routing',
  schema: fields({
    strategy: strategyField().optional(),
    weights: weightsSchema.optional(),
    model_weights: z
      .record(z.string(), amount('a share', 1_000_000), expected('a map of models and their shares'))
      .optional()
      .describe('Shares of the weighted strategy by model; 1 when absent, 0 is a fallback only.'),
    adaptive: adaptiveSchema.optional(),
    limits: limitsSchema.optional(),
    strict: flag().optional().describe('Never fall back to another model.'),
    allow_equivalents: flag()
      .optional()
      .describe('Whether equivalents stand in for a named model that is not available.'),
    time_zone: text('a time zone such as Europe/Berlin', { max: 64 })
      .optional()
      .describe('In which rules see hour and weekday.'),
    rules: list(ruleSchema, 'rules', { max: 200 }).optional().describe("They come before the teams' own rules."),
  }).describe(
    'Which model answers when "auto" is asked, and rules for every call. Teams may set more in the dashboard.',
  ),
  read(given, _context, soFar) {
    const { adaptive, limits } = given;
    const preferences: RoutingPreferences = defined({
      strategy: given.strategy,
      weights: given.weights && toWeights(given.weights),
      modelWeights: given.model_weights,
      adaptive:
        adaptive &&
        defined({
          algorithm: adaptive.algorithm,
          costWeightPerUsd: adaptive.cost_weight_per_usd,
          latencyWeightPerSecond: adaptive.latency_weight_per_second,
          // Never 0: nothing would be learned again.
          explorationShare:
            adaptive.exploration_share === undefined ? undefined : Math.max(0.001, adaptive.exploration_share),
          halfLifeRewards: adaptive.half_life_rewards,
          priorStrength: adaptive.prior_strength,
          detectsDrift: adaptive.detect_drift,
        }),
      limits:
        limits &&
        defined({
          maxCostUsd: limits.max_cost_usd,
          maxLatencyMs: limits.max_latency_ms,
          maxTimeToFirstTokenMs: limits.max_first_token_ms,
          minQuality: limits.min_quality,
        }),
      isStrict: given.strict,
      allowsEquivalents: given.allow_equivalents,
      timeZone: given.time_zone,
    });
    return { routing: { preferences, rules: (given.rules ?? []).map((rule, index) => toRule(rule, index, soFar)) } };
  },
  check(given, context, configuration) {
    checkTimeZone(given.time_zone, context);
    for (const [index, rule] of (given.rules ?? []).entries()) {
      for (const field of modelActions) {
        rule[field]?.forEach((model, place) => {
          if (model.includes('*')) return;
          checkName(model.trim(), ['routing', 'rules', index, field, place], context, configuration);
        });
      }
    }
    checkConditions(configuration.routing?.rules ?? [], context);
  },
});

function toWeights(given: z.output<typeof weightsSchema>) {
  return { cost: 0, latency: 0, quality: 0, reliability: 0, ...defined(given) };
}

function toRule(given: GivenRule, index: number, configuration: Configuration): RoutingRule {
  const actions: RuleAction[] = modelActions.flatMap((type) => {
    const models = given[type];
    return models ? [{ type, models: followNames(models, configuration) }] : [];
  });
  if (given.strategy) {
    const weights = given.weights && toWeights(given.weights);
    actions.push({ type: 'strategy', strategy: given.strategy, ...(weights && { weights }) });
  }
  if (given.cap_cost_usd !== undefined) actions.push({ type: 'cap-cost', maxCostUsd: given.cap_cost_usd });
  if (given.strict) actions.push({ type: 'strict' });
  return {
    id: `file:${index + 1}`,
    name: given.name,
    isEnabled: given.enabled ?? true,
    when: given.when,
    actions,
    isFinal: given.final ?? false,
  };
}

function checkTimeZone(timeZone: string | undefined, context: SectionContext): void {
  if (timeZone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    context.report('INVALID_VALUE', ['routing', 'time_zone'], `"${timeZone}" is no time zone.`, {
      suggestion: 'Write a name such as Europe/Berlin or UTC.',
    });
  }
}

function checkConditions(rules: readonly RoutingRule[], context: SectionContext): void {
  // Names of models were checked with their own suggestions.
  const patterns = rules.flatMap(({ actions }) =>
    actions.flatMap((action) => ('models' in action ? action.models : [])),
  );
  for (const { severity, ruleId, message, field, start, suggestion } of checkRules(rules, patterns)) {
    const index = Number(ruleId.slice('file:'.length)) - 1;
    const place = start === undefined || severity === 'warning' ? '' : ` At character ${start + 1}.`;
    const path = ['routing', 'rules', index, ...(field === 'when' ? ['when'] : [])];
    const code = severity === 'error' ? 'INVALID_VALUE' : 'CONTRADICTION';
    context.report(code, path, `${message}${place}`, { severity, suggestion });
  }
}
