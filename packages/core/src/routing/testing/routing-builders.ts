import { defaultAdaptiveSettings } from '../adaptive/adaptive-settings.ts';
import { emptyAdaptiveState } from '../adaptive/adaptive-state.ts';
import { compileSnapshot, type RoutingSnapshot } from '../compile-snapshot.ts';
import type { RouteRequest } from '../route-request.ts';
import type { MeasuredFigures, RoutedModel, RoutingInputs } from '../routing-snapshot.ts';
import type { RoutingRule } from '../rules/routing-rule.ts';
import { defaultCriterionWeights } from '../strategy.ts';

const capabilities = { text: true, vision: true, tools: true, json: true, reasoning: true, streaming: true };

/** A healthy model that can do everything at one USD per million tokens. */
export function aModel(modelId: string, changes: Partial<RoutedModel> = {}): RoutedModel {
  return {
    modelId,
    providerId: modelId.split('/')[0] ?? '',
    equivalents: [],
    capabilities,
    contextWindowTokens: 100_000,
    price: priceOf('1'),
    health: 'healthy',
    inFlight: 0,
    ...changes,
  };
}

export function priceOf(perMillionUsd: string): NonNullable<RoutedModel['price']> {
  return { price: { input: { perMillionUsd }, output: { perMillionUsd } }, source: 'test' };
}

/** Figures of a thousand calls without errors. */
export function figures(changes: Partial<MeasuredFigures> = {}): MeasuredFigures {
  return { calls: 1_000, failedCalls: 0, ...changes };
}

export function aSnapshot(models: readonly RoutedModel[], changes: Partial<RoutingInputs> = {}): RoutingSnapshot {
  return compileSnapshot({
    version: 'v1',
    teamId: 'team',
    builtAtMs: 0,
    models,
    rules: [],
    timeZone: 'UTC',
    budgets: [],
    defaultStrategy: 'balanced',
    weights: defaultCriterionWeights,
    adaptive: defaultAdaptiveSettings,
    learned: emptyAdaptiveState,
    ...changes,
  });
}

/** A request for a thousand tokens in and at most a thousand out, on a Tuesday at 14:30 UTC. */
export function aRequest(changes: Partial<RouteRequest> = {}): RouteRequest {
  return {
    teamId: 'team',
    atMs: Date.UTC(2025, 6, 1, 14, 30),
    inputTokens: 1_000,
    maxOutputTokens: 1_000,
    ...changes,
  };
}

export function aRule(when: string, changes: Partial<RoutingRule> = {}): RoutingRule {
  return { id: when, name: when, isEnabled: true, when, actions: [], isFinal: false, ...changes };
}
