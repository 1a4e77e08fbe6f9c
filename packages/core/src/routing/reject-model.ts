import { formatUsd, type NanoUsd } from '../kernel/index.ts';
import type { CompiledModel, ModelEstimates } from './compile-snapshot.ts';
import type { RejectedModel, RejectionCode } from './route-plan.ts';
import type { RouteConstraints, RouteNeeds, RouteRequest } from './route-request.ts';
import type { RoutedModel } from './routing-snapshot.ts';
import type { RuleOutcome } from './rules/compile-rules.ts';

const capabilityNeeds = [
  'vision',
  'tools',
  'json',
  'reasoning',
  'streaming',
] as const satisfies readonly (keyof RouteNeeds)[];

/** Why a model may not serve a request, or undefined when it may. Nothing that follows can bring a rejected model back. */
export function rejectModel(
  compiled: CompiledModel,
  estimates: ModelEstimates,
  request: RouteRequest,
  constraints: RouteConstraints,
  rules: RuleOutcome,
  allowed: ReadonlySet<string> | undefined,
): RejectedModel | undefined {
  const { model } = compiled;
  if (allowed && !allowed.has(model.modelId))
    return reject(model, 'NOT_ALLOWED', 'not among the models that are allowed');
  const removed = rules.removedBy.get(compiled.place);
  if (removed) {
    const isDenied = removed.type === 'deny';
    const code = isDenied ? 'DENIED_BY_RULE' : 'RESTRICTED_BY_RULE';
    const reason = `${isDenied ? 'denied' : 'left out'} by the rule "${removed.rule.name}"`;
    return { ...reject(model, code, reason), ruleId: removed.rule.id };
  }
  // What people have decreed comes before what is only a guess: a named model is tried in spite of a guess.
  const overCost = rejectForCost(compiled, request, constraints);
  if (overCost) return overCost;
  if (model.health === 'down') return reject(model, 'UNAVAILABLE', model.healthReason ?? 'down');
  if (request.atMs >= compiled.retiresAtMs)
    return reject(model, 'RETIRED', `no longer served since ${model.retiresOn}`);
  return rejectForNeeds(model, request) ?? rejectForLimits(model, estimates, constraints);
}

function reject({ modelId }: RoutedModel, code: RejectionCode, reason: string): RejectedModel {
  return { modelId, code, reason };
}

function rejectForNeeds(model: RoutedModel, request: RouteRequest): RejectedModel | undefined {
  const { needs } = request;
  if (needs) {
    for (const need of capabilityNeeds) {
      if (needs[need] && !model.capabilities[need])
        return reject(model, 'MISSING_CAPABILITY', `not known to support ${need}`);
    }
  }
  const window = model.contextWindowTokens;
  const tokens = Math.max(request.inputTokens + request.maxOutputTokens, needs?.contextTokens ?? 0);
  if (window !== undefined && tokens > window) {
    return reject(model, 'CONTEXT_TOO_SMALL', `context of ${window} tokens, ${tokens} needed`);
  }
  if (model.maxOutputTokens !== undefined && request.maxOutputTokens > model.maxOutputTokens) {
    return reject(
      model,
      'ANSWER_TOO_LONG',
      `answers of at most ${model.maxOutputTokens} tokens, ${request.maxOutputTokens} wanted`,
    );
  }
  return undefined;
}

function rejectForCost(
  { model, price }: CompiledModel,
  { inputTokens, maxOutputTokens }: RouteRequest,
  { maxCostNanoUsd }: RouteConstraints,
): RejectedModel | undefined {
  if (maxCostNanoUsd === undefined) return undefined;
  const cost = price?.costNanoUsd(inputTokens, maxOutputTokens);
  if (cost === undefined) return reject(model, 'PRICE_UNKNOWN', 'no price is known, and there is a cost limit');
  if (cost <= Number(maxCostNanoUsd)) return undefined;
  return reject(
    model,
    'OVER_COST_LIMIT',
    `up to ${formatUsd(toNano(cost))} USD, over the limit of ${formatUsd(maxCostNanoUsd)}`,
  );
}

function rejectForLimits(
  model: RoutedModel,
  estimates: ModelEstimates,
  limits: RouteConstraints,
): RejectedModel | undefined {
  const { latencyMs, timeToFirstTokenMs, quality } = estimates;
  if (limits.maxLatencyMs !== undefined && latencyMs !== undefined && latencyMs > limits.maxLatencyMs) {
    return reject(
      model,
      'OVER_LATENCY_LIMIT',
      `usually ${Math.round(latencyMs)} ms, over the limit of ${limits.maxLatencyMs}`,
    );
  }
  const firstTokenLimit = limits.maxTimeToFirstTokenMs;
  if (firstTokenLimit !== undefined && timeToFirstTokenMs !== undefined && timeToFirstTokenMs > firstTokenLimit) {
    return reject(
      model,
      'OVER_LATENCY_LIMIT',
      `first token usually after ${Math.round(timeToFirstTokenMs)} ms, over the limit of ${firstTokenLimit}`,
    );
  }
  if (limits.minQuality !== undefined && quality < limits.minQuality) {
    return reject(
      model,
      'UNDER_QUALITY_LIMIT',
      `expected quality ${quality.toFixed(2)}, under the limit of ${limits.minQuality}`,
    );
  }
  return undefined;
}

/** An estimate as money: rounded up, so that it never promises less. */
export function toNano(estimate: number): NanoUsd {
  return BigInt(Math.ceil(estimate));
}
