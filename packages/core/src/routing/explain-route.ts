import type { RouteCandidate, RoutePlan } from './route-plan.ts';
import { type Criterion, criteria, type Strategy } from './strategy.ts';

/** Rejections that a sentence names; the rest is in the data. */
const namedRejections = 2;

const strategyNames: Readonly<Record<Strategy, string>> = {
  manual: 'in the order given',
  parallel: 'all at once',
  weighted: 'drawn by weight',
  'cost-first': 'lowest cost first',
  'latency-first': 'lowest latency first',
  'quality-first': 'highest quality first',
  'reliability-first': 'fewest errors first',
  balanced: 'balanced',
  adaptive: 'learned',
};

/**
 * The decision in words, for people: "anthropic/claude-haiku-4-5 chosen (lowest latency first): 20 % lower latency than
 * openai/gpt-5-mini. openai/gpt-5 rejected: over the cost limit."
 */
export function explainRoute(plan: Omit<RoutePlan, 'explanation'>): string {
  const [chosen, next] = plan.candidates;
  const sentences: string[] = [];
  if (!chosen)
    sentences.push(plan.rejected.length > 0 ? 'Every model was rejected.' : 'There is no model to choose from.');
  else if (plan.strategy === 'parallel') sentences.push(`${plan.candidates.length} models are called at once.`);
  else sentences.push(`${chosen.modelId} chosen (${strategyNames[plan.strategy]})${reasonFor(plan, chosen, next)}.`);
  if (chosen?.substituteFor !== undefined) sentences.push(`It stands in for ${chosen.substituteFor}.`);
  if (plan.matchedRules.length > 0) {
    const rules = plan.matchedRules.map(
      ({ name, effects }) => `"${name}" (${effects.map(({ summary }) => summary).join('; ')})`,
    );
    sentences.push(`Rules: ${rules.join(', ')}.`);
  }
  for (const { modelId, reason } of plan.rejected.slice(0, namedRejections))
    sentences.push(`${modelId} rejected: ${reason}.`);
  const more = plan.rejected.length - namedRejections;
  if (more > 0) sentences.push(`${more} more rejected.`);
  if (plan.failedRules.length > 0) {
    const names = plan.failedRules.map(
      ({ name, isEnforced }) => `"${name}"${isEnforced ? ' (enforced to be safe)' : ''}`,
    );
    sentences.push(`Rules that could not be evaluated: ${names.join(', ')}.`);
  }
  return sentences.join(' ');
}

function reasonFor(
  plan: Omit<RoutePlan, 'explanation'>,
  chosen: RouteCandidate,
  next: RouteCandidate | undefined,
): string {
  if (plan.isSticky) return ': the session stays on its model';
  if (!next) return ': the only one that qualifies';
  if (plan.isExploration) return ': tried to learn how good it is';
  if (plan.strategy === 'manual' || plan.strategy === 'weighted') return '';
  const differences = criteria.flatMap((criterion) => describeDifference(criterion, chosen, next) ?? []);
  const deciding = plan.strategy.endsWith('-first') ? plan.strategy.slice(0, -'-first'.length) : undefined;
  const named = deciding === undefined ? differences : differences.filter(({ criterion }) => criterion === deciding);
  const better = named.filter(({ isBetter }) => isBetter).map(({ text }) => text);
  return better.length > 0 ? `: ${better.join(', ')} than ${next.modelId}` : '';
}

const words: Readonly<
  Record<Criterion, { readonly lower: string; readonly higher: string; readonly isLowerBetter: boolean }>
> = {
  cost: { lower: 'lower cost', higher: 'higher cost', isLowerBetter: true },
  latency: { lower: 'lower latency', higher: 'higher latency', isLowerBetter: true },
  quality: { lower: 'lower quality', higher: 'higher quality', isLowerBetter: false },
  reliability: { lower: 'fewer errors', higher: 'more errors', isLowerBetter: true },
};

function describeDifference(criterion: Criterion, chosen: RouteCandidate, next: RouteCandidate) {
  const own = chosen.criteria[criterion].value;
  const other = next.criteria[criterion].value;
  if (own === undefined || other === undefined || other === 0) return undefined;
  const percent = Math.round((own / other - 1) * 100);
  if (percent === 0) return undefined;
  const { lower, higher, isLowerBetter } = words[criterion];
  const text = `${Math.abs(percent)} % ${percent < 0 ? lower : higher}`;
  return { criterion, text, isBetter: percent < 0 === isLowerBetter };
}
