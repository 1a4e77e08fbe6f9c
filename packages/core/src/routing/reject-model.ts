import { formatUsd, type NanoUsd } from '../kernel/index.ts';
import type { CompiledModel, ModelEstimates } from './compile-snapshot.ts';
import type { RejectedModel, RejectionCode } from './route-plan.ts';
import type { RouteConstraints, RouteNeeds, RouteRequest } from './route-request.ts';
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
  const reject = (code: RejectionCode, reason: string, ruleId?: string): RejectedModel => ({
    modelId: model.modelId,
    code,
    reason,
    ...(ruleId !== undefined && { ruleId }),
  });
  if (allowed && !allowed.has(model.modelId)) return reject('NOT_ALLOWED', 'not among the models that are allowed');
  const removed = rules.removedBy.get(compiled.place);
  if (removed) {
    const isDenied = removed.type === 'deny';
    return reject(
      isDenied ? 'DENIED_BY_RULE' : 'RESTRICTED_BY_RULE',
      `${isDenied ? 'denied' : 'left out'} by the rule "${removed.rule.name}"`,
      removed.rule.id,
    );
  }
  if (model.health === 'down') return reject('UNAVAILABLE', model.healthReason ?? 'down');
  if (request.atMs >= compiled.retiresAtMs) return reject('RETIRED', `no longer served since ${model.retiresOn}`);
  return (
    rejectForNeeds(compiled, request, reject) ?? rejectForLimits(compiled, estimates, request, constraints, reject)
  );
}

type Reject = (code: RejectionCode, reason: string) => RejectedModel;

function rejectForNeeds({ model }: CompiledModel, request: RouteRequest, reject: Reject): RejectedModel | undefined {
  const { needs } = request;
  if (needs) {
    for (const need of capabilityNeeds) {
      if (needs[need] && !model.capabilities[need]) return reject('MISSING_CAPABILITY', `not known to support ${need}`);
    }
  }
  const window = model.contextWindowTokens;
  const tokens = Math.max(request.inputTokens + request.maxOutputTokens, needs?.contextTokens ?? 0);
  if (window !== undefined && tokens > window) {
    return reject('CONTEXT_TOO_SMALL', `context of ${window} tokens, ${tokens} needed`);
  }
  if (model.maxOutputTokens !== undefined && request.maxOutputTokens > model.maxOutputTokens) {
    return reject(
      'ANSWER_TOO_LONG',
      `answers of at most ${model.maxOutputTokens} tokens, ${request.maxOutputTokens} wanted`,
    );
  }
  return undefined;
}

function rejectForLimits(
  compiled: CompiledModel,
  estimates: ModelEstimates,
  request: RouteRequest,
  limits: RouteConstraints,
  reject: Reject,
): RejectedModel | undefined {
  if (limits.maxCostNanoUsd !== undefined) {
    const cost = compiled.price?.costNanoUsd(request.inputTokens, request.maxOutputTokens);
    if (cost === undefined) return reject('PRICE_UNKNOWN', 'no price is known, and there is a cost limit');
    if (cost > Number(limits.maxCostNanoUsd)) {
      return reject(
        'OVER_COST_LIMIT',
        `up to ${formatUsd(toNano(cost))} USD, over the limit of ${formatUsd(limits.maxCostNanoUsd)}`,
      );
    }
  }
  const { latencyMs, timeToFirstTokenMs, quality } = estimates;
  if (limits.maxLatencyMs !== undefined && latencyMs !== undefined && latencyMs > limits.maxLatencyMs) {
    return reject(
      'OVER_LATENCY_LIMIT',
      `usually ${Math.round(latencyMs)} ms, over the limit of ${limits.maxLatencyMs}`,
    );
  }
  const firstTokenLimit = limits.maxTimeToFirstTokenMs;
  if (firstTokenLimit !== undefined && timeToFirstTokenMs !== undefined && timeToFirstTokenMs > firstTokenLimit) {
    return reject(
      'OVER_LATENCY_LIMIT',
      `first token usually after ${Math.round(timeToFirstTokenMs)} ms, over the limit of ${firstTokenLimit}`,
    );
  }
  if (limits.minQuality !== undefined && quality < limits.minQuality) {
    return reject(
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
