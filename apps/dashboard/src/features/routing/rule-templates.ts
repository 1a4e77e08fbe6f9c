import type { ModelChoice } from '../catalog/use-model-choices.ts';
import { type DraftRule, newAction, newRule } from './draft-rule.ts';

export interface RuleTemplate {
  title: string;
  hint: string;
  make(): DraftRule;
}

const priceOf = ({ price }: ModelChoice) =>
  price?.inputPerMillionUsd && price.outputPerMillionUsd
    ? Number(price.inputPerMillionUsd) + Number(price.outputPerMillionUsd)
    : undefined;

/** Rules that many teams want, made of the models that this team has: cheapest, dearest and largest of those that can be called. */
export function ruleTemplates(models: readonly ModelChoice[]): readonly RuleTemplate[] {
  const usable = models.filter(({ isAvailable }) => isAvailable);
  const priced = usable
    .filter((model) => priceOf(model) !== undefined)
    .sort((left, right) => (priceOf(left) ?? 0) - (priceOf(right) ?? 0));
  const cheap = priced.slice(0, 2).map(({ modelId }) => modelId);
  const [dearest] = priced.slice(-1).map(({ modelId }) => modelId);
  const large = [...usable]
    .sort((left, right) => (right.contextWindowTokens ?? 0) - (left.contextWindowTokens ?? 0))
    .slice(0, 2)
    .map(({ modelId }) => modelId);
  const first = usable[0]?.modelId ?? 'openai/gpt-5-mini';
  const firstProvider = first.split('/')[0] ?? 'openai';
  const rule = (title: string, hint: string, when: string, ...actions: readonly ReturnType<typeof newAction>[]) => ({
    title,
    hint,
    make: () =>
      newRule({
        name: title,
        when,
        actions: actions.map((action) => newAction(action.type, { ...action, key: crypto.randomUUID() })),
      }),
  });
  return [
    rule(
      'Long prompts to large contexts',
      'Above 20,000 tokens, models with much room come first.',
      'request.inputTokens > 20000',
      newAction('PREFER', { models: large }),
    ),
    rule(
      'Save when the budget runs out',
      'Over 80 % of a budget, the cheapest model that fits.',
      '"daily" in budgets && budgets["daily"].usedShare > 0.8',
      newAction('STRATEGY', { strategy: 'COST_FIRST' }),
      newAction('PREFER', { models: cheap }),
    ),
    rule(
      'Step aside when a model is slow',
      'While its slowest calls take over 8 seconds, or it is unwell, it is not asked.',
      `"${first}" in models && (models["${first}"].health == "degraded" || models["${first}"].latencyP95Ms > 8000)`,
      newAction('DENY', { models: [first] }),
    ),
    rule(
      'Cheap outside office hours',
      'At night and on weekends no call above one cent.',
      'time.weekday > 5 || time.hour < 8 || time.hour >= 18',
      newAction('STRATEGY', { strategy: 'COST_FIRST' }),
      newAction('CAP_COST', { maxCostUsd: '0.01' }),
    ),
    rule(
      'The best model for reviews',
      'The role reviewer gets quality, and never less.',
      'request.role == "reviewer"',
      newAction('STRATEGY', { strategy: 'QUALITY_FIRST' }),
      ...(dearest === undefined ? [] : [newAction('PREFER', { models: [dearest] })]),
    ),
    rule(
      'Confidential stays with one provider',
      'Requests marked confidential go nowhere else.',
      '"confidential" in request.tags',
      newAction('RESTRICT', { models: [`${firstProvider}/*`] }),
    ),
  ];
}
