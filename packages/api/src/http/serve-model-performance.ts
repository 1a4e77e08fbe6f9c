import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatUsd } from '@switchyard/core/kernel';
import {
  costPerSuccessUsd,
  latencyMeanMs,
  MetricsQueryError,
  successRate,
  tokensPerSecond,
} from '@switchyard/core/metrics';
import { mayDo } from '../auth/identity.ts';
import type { Services } from '../container.ts';
import { type ModelPerformance, readModelPerformance } from '../features/metrics/model-performance.ts';
import { readCredential } from './credential.ts';
import { respondJson } from './respond.ts';

export const modelPerformancePath = '/api/models/performance';

/**
 * `GET /api/models/performance?hours=24&origin=live&workflow=…&step=…`: how each model did lately, as JSON for whoever may
 * read (`Authorization: Bearer sk-…`). `origin` is `live` unless it says `simulated`.
 */
export function createModelPerformanceHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const credential = readCredential(request.headers);
    const identity = credential && (await services.identities.resolve(credential));
    if (!identity) {
      const message = 'Send an API key with the scope READ: Authorization: Bearer sk-…';
      return respondJson(response, 401, { code: 'UNAUTHENTICATED', message }, { 'www-authenticate': 'Bearer' });
    }
    if (!mayDo(identity, 'READ', 'REPORTS')) {
      const message = 'The scopes of this API key do not allow this.';
      return respondJson(response, 403, { code: 'FORBIDDEN', message });
    }
    if (request.method !== 'GET') {
      const message = 'Ask with GET.';
      return respondJson(response, 405, { code: 'METHOD_NOT_ALLOWED', message }, { allow: 'GET' });
    }
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const origin = searchParams.get('origin') ?? 'live';
    const [workflow, step] = ['workflow', 'step'].map((name) => searchParams.get(name)?.replaceAll('\0', ''));
    const hours = Number(searchParams.get('hours') ?? 24);
    try {
      if (origin !== 'live' && origin !== 'simulated')
        throw new MetricsQueryError([{ part: 'origin', message: 'The origin is live or simulated.' }]);
      const models = await readModelPerformance(services, identity.teamId, {
        ...{ hours, origin },
        ...(workflow && { workflow }),
        ...(step && { step }),
      });
      respondJson(response, 200, { hours, origin, models: models.map(toJson) });
    } catch (error) {
      if (!(error instanceof MetricsQueryError)) throw error;
      respondJson(response, 400, { code: 'BAD_USER_INPUT', message: error.message });
    }
  };
}

/** Durations in milliseconds, shares from 0 to 1, money in USD as decimal text; null where there is nothing to tell. */
function toJson({ provider, model, figures }: ModelPerformance): object {
  const { latency, timeToFirstToken } = figures;
  return {
    provider,
    model,
    calls: figures.calls,
    succeeded: figures.succeeded,
    failed: figures.failed,
    cancelled: figures.cancelled,
    retries: figures.retries,
    successRate: successRate(figures) ?? null,
    failures: figures.failures,
    latencyMeanMs: latencyMeanMs(figures) ?? null,
    latencyP50Ms: latency?.p50Ms ?? null,
    latencyP95Ms: latency?.p95Ms ?? null,
    latencyP99Ms: latency?.p99Ms ?? null,
    timeToFirstTokenP50Ms: timeToFirstToken?.p50Ms ?? null,
    timeToFirstTokenP95Ms: timeToFirstToken?.p95Ms ?? null,
    tokensPerSecond: tokensPerSecond(figures) ?? null,
    inputTokens: figures.inputTokens,
    outputTokens: figures.outputTokens,
    costUsd: formatUsd(figures.costNanoUsd),
    costPerSuccessUsd: costPerSuccessUsd(figures) ?? null,
    unknownCostCalls: figures.unknownCost,
  };
}
