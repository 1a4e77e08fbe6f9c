import { circuitKeyOf, type DispatchTarget } from '@switchyard/core/dispatch';
import type { CircuitBreakers, RecentCalls } from '@switchyard/core/policies';
import { circuitOpen, deriveTier, type HealthState, type RoutedModel } from '@switchyard/core/routing';
import type { OfferedModel, ProviderRegistry } from '../providers/provider-registry.ts';
import type { ModelPerformance } from './performance-reader.ts';

/** A model that a team may use, with what changes rarely: read once per change of providers and prices. */
export interface RoutableModel {
  readonly modelId: string;
  readonly origin: 'live' | 'simulated';
  /** Undefined when it cannot be called now; {@link unavailableReason} says why. */
  readonly target: DispatchTarget | undefined;
  readonly unavailableReason: string | undefined;
  readonly routed: Omit<RoutedModel, 'health' | 'healthReason' | 'inFlight' | 'measured' | 'measuredByTaskClass'>;
}

/**
 * Everything that `teamId` can name, in catalogue order; `named` are ids that somebody asked for and no list holds. While
 * a live model can be called no simulated one is chosen unasked: simulation never stands in silently.
 */
export function listRoutableModels(
  providers: ProviderRegistry,
  teamId: string,
  named: ReadonlySet<string>,
): readonly RoutableModel[] {
  const offered = providers.models(teamId);
  const listed = new Set(offered.map(({ modelId }) => modelId));
  const extra = [...named].flatMap((modelId) =>
    listed.has(modelId) ? [] : (providers.findModel(teamId, modelId) ?? []),
  );
  const hasLive = offered.some((model) => model.instance.origin === 'live' && model.unavailableReason === undefined);
  const models = offered.map((model) => {
    const isAutomatic = !model.catalog.capabilities.embeddings && !(hasLive && model.instance.origin === 'simulated');
    return describe(providers, teamId, model, isAutomatic);
  });
  return [...models, ...extra.map((model) => describe(providers, teamId, model, false))];
}

function describe(
  providers: ProviderRegistry,
  teamId: string,
  model: OfferedModel,
  isAutomatic: boolean,
): RoutableModel {
  const { modelId, instance, catalog } = model;
  const found = model.unavailableReason === undefined ? providers.resolveTarget(teamId, modelId) : undefined;
  const target = found && 'adapter' in found ? found : undefined;
  const price = target ? target.price : providers.price(teamId, model);
  const tier = deriveTier(catalog.vendorModelId, price);
  const { maxConcurrent } = instance.limits;
  return {
    modelId,
    origin: instance.origin,
    target,
    unavailableReason:
      model.unavailableReason ?? (found && 'reason' in found ? found.reason : target ? undefined : 'not set up'),
    routed: {
      modelId,
      providerId: instance.slug,
      ...(instance.teamId !== undefined && { instanceId: instance.id }),
      catalogId: catalog.id,
      equivalents: catalog.equivalents,
      capabilities: catalog.capabilities,
      ...(catalog.contextWindowTokens !== undefined && { contextWindowTokens: catalog.contextWindowTokens }),
      ...(catalog.maxOutputTokens !== undefined && { maxOutputTokens: catalog.maxOutputTokens }),
      ...(catalog.retiresOn !== undefined && { retiresOn: catalog.retiresOn }),
      ...(price && { price }),
      ...(tier && { tier }),
      ...(maxConcurrent !== undefined && { maxConcurrent }),
      ...(!isAutomatic && { isAutomatic }),
    },
  };
}

/** How far back this process's own calls tell how a model is, and from which share of failures on it is degraded. */
const recentMs = 600_000;
const fewestRecent = 5;
const degradedShare = 0.2;

export interface ModelHealth {
  readonly health: HealthState;
  readonly healthReason?: string;
}

/** How a model is now, by its circuit and the last calls of this process. */
export function readModelHealth(
  { target, unavailableReason }: RoutableModel,
  circuits: CircuitBreakers,
  recentCalls: RecentCalls | undefined,
  hasPerformance: boolean,
): ModelHealth {
  if (!target) return { health: 'down', healthReason: unavailableReason ?? 'not set up' };
  const key = circuitKeyOf(target);
  const status = circuits.readStatus(key);
  if (status === 'open' && !circuits.canEnter(key)) return { health: 'down', healthReason: circuitOpen };
  const judged = (recentCalls?.read(key, recentMs) ?? []).filter(({ outcome }) => outcome !== undefined);
  const faults = judged.filter(({ outcome }) => outcome === 'fault').length;
  const isFailing = judged.length >= fewestRecent && faults / judged.length >= degradedShare;
  if (status !== 'closed' || isFailing) return { health: 'degraded' };
  return { health: judged.length > 0 || hasPerformance ? 'healthy' : 'unknown' };
}

/** The models as core decides upon them. */
export function toRoutedModels(
  models: readonly RoutableModel[],
  healths: readonly ModelHealth[],
  performance: ReadonlyMap<string, ModelPerformance>,
  inFlight: ReadonlyMap<string, number>,
): readonly RoutedModel[] {
  return models.map(({ modelId, routed }, place): RoutedModel => {
    const measured = performance.get(modelId);
    return {
      ...routed,
      ...(healths[place] ?? { health: 'unknown' }),
      inFlight: inFlight.get(modelId) ?? 0,
      ...(measured && { measured: measured.overall, measuredByTaskClass: measured.byTaskClass }),
    };
  });
}
