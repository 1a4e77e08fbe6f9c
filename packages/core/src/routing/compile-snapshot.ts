import type { ScopeStatistics } from './adaptive/adaptive-state.ts';
import { type CompiledScope, compileContextualScope, compileSimpleScope } from './adaptive/compile-scope.ts';
import { compilePrice, type TokenPrice } from './compile-price.ts';
import {
  circuitOpen,
  type MeasuredFigures,
  type ModelTier,
  type RoutedModel,
  type RoutingInputs,
} from './routing-snapshot.ts';
import { type CompiledRules, compileRules } from './rules/compile-rules.ts';
import { type SnapshotFacts, snapshotFacts } from './rules/rule-facts.ts';
import { createZonedClock, type ZonedTime } from './rules/zoned-time.ts';

/** What criteria of one model are computed from, for all tasks or for one class. */
export interface ModelEstimates {
  readonly calls: number;
  readonly latencyMs: number | undefined;
  readonly timeToFirstTokenMs: number | undefined;
  readonly outputTokens: number;
  /** 0–1, smoothed: a model with few calls is taken to fail like most. */
  readonly errorRate: number;
  /** 0–1, drawn towards the tier when there are few ratings. */
  readonly quality: number;
  readonly isQualityMeasured: boolean;
}

export interface CompiledModel {
  readonly model: RoutedModel;
  readonly place: number;
  readonly price: TokenPrice | undefined;
  readonly retiresAtMs: number;
  readonly tierQuality: number;
  readonly overall: ModelEstimates;
  readonly byTaskClass: ReadonlyMap<string, ModelEstimates>;
}

/** A team's routing inputs, compiled and immutable: what `planRoute` decides upon. Share it; swap it whole. */
export interface RoutingSnapshot {
  readonly version: string;
  readonly inputs: RoutingInputs;
  /** What it was compiled from before fresh counts of calls in flight were put in: the same object while nothing else changes. */
  readonly origin: RoutingInputs;
  /** Calls in flight by model id, where there are any. */
  readonly load: Readonly<Record<string, number>>;
  /** See {@link askedInNeed}. */
  readonly isInNeed: boolean;
  readonly models: readonly CompiledModel[];
  /** Places by model id and by catalogue id. */
  readonly placesById: ReadonlyMap<string, readonly number[]>;
  readonly rules: CompiledRules;
  readonly facts: SnapshotFacts;
  readonly clock: (atMs: number) => ZonedTime;
  /** What was learned, by scope, as the team's algorithm reads it. */
  readonly scopes: ReadonlyMap<string, CompiledScope>;
  readonly emptyScope: CompiledScope;
}

/** Quality promised by a tier, 0–1, before anything is known: a guess that some observations outweigh. */
const tierQualities: Readonly<Record<ModelTier, number>> = { frontier: 0.7, strong: 0.62, fast: 0.55, small: 0.45 };
const unknownTierQuality = 0.55;
const qualityPriorCount = 5;
const usualErrorRate = 0.02;
const errorPriorCount = 20;
const degradedErrorRate = 0.1;
const usualOutputTokens = 400;

/**
 * Compiles a snapshot: prices, rules, posteriors. Takes milliseconds with many learned models; do it off the request path.
 * Throws `RangeError` for a time zone that nobody knows.
 */
export function compileSnapshot(inputs: RoutingInputs): RoutingSnapshot {
  const placesById = new Map<string, number[]>();
  for (const [place, { modelId, catalogId }] of inputs.models.entries()) {
    for (const id of new Set([modelId, catalogId ?? modelId]))
      placesById.set(id, [...(placesById.get(id) ?? []), place]);
  }
  const isContextual = inputs.adaptive.algorithm === 'contextual';
  const scopes = new Map<string, CompiledScope>();
  for (const [name, statistics] of inputs.learned.scopes) {
    // Prompts are learned over all classes together; the class is one of the features.
    if (isContextual && name.includes('#')) continue;
    const compiled = isContextual ? compileOnce(statistics) : compileSimpleScope(statistics, inputs.adaptive);
    scopes.set(name, compiled);
  }
  return {
    version: inputs.version,
    inputs,
    origin: inputs,
    load: loadOf(inputs),
    isInNeed: false,
    models: inputs.models.map(compileModel),
    placesById,
    rules: compileRules(inputs.rules, inputs.models),
    facts: snapshotFacts(inputs),
    clock: createZonedClock(inputs.timeZone),
    scopes,
    emptyScope: isContextual ? compileContextualScope(undefined) : compileSimpleScope(undefined, inputs.adaptive),
  };
}

/** Scopes are immutable, and a snapshot is rebuilt far more often than any one of them learns. */
const compiledScopes = new WeakMap<ScopeStatistics, CompiledScope>();

function compileOnce(statistics: ScopeStatistics): CompiledScope {
  const known = compiledScopes.get(statistics);
  if (known) return known;
  const compiled = compileContextualScope(statistics);
  compiledScopes.set(statistics, compiled);
  return compiled;
}

/** The same snapshot with fresh counts of calls in flight, by model id: cheap enough for several times a second. */
export function withLoad(snapshot: RoutingSnapshot, inFlight: ReadonlyMap<string, number>): RoutingSnapshot {
  const models = snapshot.models.map((compiled) => ({
    ...compiled,
    model: { ...compiled.model, inFlight: inFlight.get(compiled.model.modelId) ?? 0 },
  }));
  const inputs = { ...snapshot.inputs, models: models.map(({ model }) => model) };
  return { ...snapshot, inputs, load: loadOf(inputs), models, facts: snapshotFacts(inputs) };
}

/** The same snapshot, but with the models that are down for their circuits' sake only: for a request that nobody else could serve. */
export function askedInNeed(snapshot: RoutingSnapshot): RoutingSnapshot {
  const models = snapshot.models.map((compiled) =>
    compiled.model.healthReason === circuitOpen
      ? { ...compiled, model: { ...compiled.model, health: 'degraded' as const } }
      : compiled,
  );
  return { ...snapshot, isInNeed: true, models };
}

function loadOf({ models }: RoutingInputs): Readonly<Record<string, number>> {
  return Object.fromEntries(models.flatMap(({ modelId, inFlight }) => (inFlight > 0 ? [[modelId, inFlight]] : [])));
}

function compileModel(model: RoutedModel, place: number): CompiledModel {
  const tierQuality = model.tier ? tierQualities[model.tier] : unknownTierQuality;
  const overall = estimate(model, model.measured, undefined, tierQuality);
  const byTaskClass = Object.entries(model.measuredByTaskClass ?? {}).map(
    ([taskClass, figures]) => [taskClass, estimate(model, figures, overall, tierQuality)] as const,
  );
  const retiresAtMs = model.retiresOn === undefined ? Number.POSITIVE_INFINITY : Date.parse(model.retiresOn);
  return {
    model,
    place,
    price: compilePrice(model.price),
    retiresAtMs: Number.isNaN(retiresAtMs) ? Number.POSITIVE_INFINITY : retiresAtMs,
    tierQuality,
    overall,
    byTaskClass: new Map(byTaskClass),
  };
}

/** Draws each figure towards what is known more generally, by how little was seen. */
function estimate(
  model: RoutedModel,
  figures: MeasuredFigures | undefined,
  general: ModelEstimates | undefined,
  tierQuality: number,
): ModelEstimates {
  const quality = figures?.quality;
  const count = quality && Number.isFinite(quality.mean) ? quality.count : 0;
  const priorQuality = general?.quality ?? tierQuality;
  const calls = figures?.calls ?? 0;
  const priorErrors = (general?.errorRate ?? usualErrorRate) * errorPriorCount;
  const errorRate = ((figures?.failedCalls ?? 0) + priorErrors) / (calls + errorPriorCount);
  return {
    calls,
    latencyMs: known(figures?.latencyP50Ms) ?? general?.latencyMs,
    timeToFirstTokenMs: known(figures?.timeToFirstTokenP50Ms) ?? general?.timeToFirstTokenMs,
    outputTokens: known(figures?.outputTokensMean) ?? general?.outputTokens ?? usualOutputTokens,
    errorRate: model.health === 'degraded' ? Math.max(errorRate, degradedErrorRate) : errorRate,
    quality:
      ((count > 0 ? count * (quality?.mean ?? 0) : 0) + qualityPriorCount * priorQuality) / (count + qualityPriorCount),
    isQualityMeasured: count > 0 || (general?.isQualityMeasured ?? false),
  };
}

/** A measured figure, unless it is none. */
function known(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}
