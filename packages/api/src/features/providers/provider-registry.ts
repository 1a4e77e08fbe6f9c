import {
  builtInModels,
  type CatalogModel,
  findBuiltInModel,
  lookUpPrice,
  type PriceQuote,
  splitModelId,
} from '@switchyard/core/catalog';
import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { Clock } from '@switchyard/core/kernel';
import { providerProfiles } from '@switchyard/core/providers';
import { ProviderError } from '@switchyard/core/spec';
import type { ProviderInstance, ProviderStatus } from './provider-instance.ts';

/** A model as one provider instance offers it. */
export interface OfferedModel {
  /** `provider/model`. */
  readonly modelId: string;
  readonly instance: ProviderInstance;
  readonly catalog: CatalogModel;
  readonly unavailableReason: string | undefined;
}

/** Why a model cannot be called, in words that say what to do. */
export interface TargetRefusal {
  readonly modelId: string;
  readonly reason: string;
}

/** What one connection test found. */
export interface ConnectionReport {
  readonly isOk: boolean;
  /** The vendor's own words where there are any. */
  readonly message: string;
  readonly modelCount: number | undefined;
  readonly latencyMs: number;
}

const connectionTestLimitMs = 5_000;

/** The providers of the installation, what they offer and how they fared; all in memory, no query on the hot path. */
export class ProviderRegistry {
  readonly instances: readonly ProviderInstance[];
  readonly #clock: Clock;
  readonly #bySlug: ReadonlyMap<string, ProviderInstance>;
  readonly #status = new Map<string, ProviderStatus>();

  constructor(instances: readonly ProviderInstance[], clock: Clock) {
    this.instances = instances;
    this.#clock = clock;
    this.#bySlug = new Map(instances.map((instance) => [instance.slug, instance]));
  }

  find(slug: string): ProviderInstance | undefined {
    return this.#bySlug.get(slug);
  }

  status(instance: ProviderInstance): ProviderStatus {
    const known = this.#status.get(instance.slug);
    if (known) return known;
    if (instance.adapter) return { state: 'UNTESTED', listedModels: [] };
    return { state: 'KEY_MISSING', message: remedyForMissing(instance), listedModels: [] };
  }

  /** All models that all providers offer, in catalogue order, with what their vendors listed behind. */
  models(): readonly OfferedModel[] {
    return this.instances.flatMap((instance) => this.modelsOf(instance));
  }

  modelsOf(instance: ProviderInstance): readonly OfferedModel[] {
    const known = builtInModels.filter(
      (model) =>
        model.providerType === instance.type && (instance.type !== 'custom' || instance.origin === 'simulated'),
    );
    const names = new Set(known.map((model) => model.vendorModelId));
    // Vendors with a catalogue list hundreds of models that cannot chat; local and custom ones list what they serve.
    const listsItsOwn = instance.type === 'ollama' || instance.type === 'custom';
    const listed = listsItsOwn && instance.origin === 'live' ? this.status(instance).listedModels : [];
    const extra = listed.filter((name) => !names.has(name)).map((name) => describeUnknownModel(instance, name));
    return [...known, ...extra].map((catalog) => this.#offer(instance, catalog));
  }

  findModel(modelId: string): OfferedModel | undefined {
    const parts = splitModelId(modelId);
    const instance = parts && this.#bySlug.get(parts.providerId);
    if (!parts || !instance) return undefined;
    const builtIn = findBuiltInModel(instance.type, parts.vendorModelId);
    if (builtIn) return this.#offer(instance, builtIn);
    const isListed = this.status(instance).listedModels.includes(parts.vendorModelId);
    return isListed ? this.#offer(instance, describeUnknownModel(instance, parts.vendorModelId)) : undefined;
  }

  price(model: OfferedModel): PriceQuote | undefined {
    return lookUpPrice(model.instance.type, model.catalog.vendorModelId, this.#clock.nowMs());
  }

  /** The model ready to be called, or why it cannot be. */
  resolveTarget(modelId: string): DispatchTarget | TargetRefusal {
    const model = this.findModel(modelId);
    if (!model) return { modelId, reason: this.#explainUnknown(modelId) };
    const { instance, catalog } = model;
    if (!instance.adapter) return { modelId, reason: model.unavailableReason ?? remedyForMissing(instance) };
    return {
      providerId: instance.slug,
      modelId,
      vendorModelId: catalog.vendorModelId,
      origin: instance.origin,
      adapter: instance.adapter,
      price: this.price(model),
    };
  }

  /** Tests one connection by the vendor's cheapest free call and remembers the outcome. Never throws. */
  async testConnection(instance: ProviderInstance): Promise<ConnectionReport> {
    if (!instance.adapter) {
      return { isOk: false, message: remedyForMissing(instance), modelCount: undefined, latencyMs: 0 };
    }
    const startMs = this.#clock.monotonicMs();
    const limit = new AbortController();
    const timer = this.#clock.startTimer(connectionTestLimitMs, () => limit.abort(new Error('timeout')));
    const finish = (status: ProviderStatus, isOk: boolean, message: string): ConnectionReport => {
      this.#status.set(instance.slug, { ...status, testedAtMs: this.#clock.nowMs() });
      const latencyMs = Math.round(this.#clock.monotonicMs() - startMs);
      return { isOk, message, modelCount: isOk ? status.listedModels.length : undefined, latencyMs };
    };
    try {
      const { models } = await instance.adapter.testConnection(limit.signal);
      return finish({ state: 'READY', listedModels: models }, true, `Connected: ${models.length} models listed.`);
    } catch (error) {
      const listedModels = this.status(instance).listedModels;
      const message = limit.signal.aborted
        ? `No answer from ${instance.baseUrl} within ${connectionTestLimitMs / 1000} s.`
        : error instanceof ProviderError
          ? error.message
          : 'The connection test failed.';
      const isKey = error instanceof ProviderError && error.kind === 'auth';
      const remedy = isKey && instance.keyVariable ? ` Check ${instance.keyVariable}${at(instance.keyPageUrl)}.` : '';
      return finish(
        { state: isKey ? 'KEY_REJECTED' : 'UNREACHABLE', message: message + remedy, listedModels },
        false,
        message + remedy,
      );
    } finally {
      timer.cancel();
    }
  }

  /** Tests all configured providers at once. */
  async testAll(): Promise<void> {
    await Promise.all(
      this.instances.filter((instance) => instance.adapter).map((instance) => this.testConnection(instance)),
    );
  }

  #offer(instance: ProviderInstance, catalog: CatalogModel): OfferedModel {
    const status = this.status(instance);
    const unavailableReason =
      !instance.adapter || status.state === 'KEY_REJECTED' ? (status.message ?? remedyForMissing(instance)) : undefined;
    return { modelId: `${instance.slug}/${catalog.vendorModelId}`, instance, catalog, unavailableReason };
  }

  #explainUnknown(modelId: string): string {
    const parts = splitModelId(modelId);
    if (!parts) return `"${modelId}" is not of the form provider/model, for example openai/gpt-5-mini.`;
    const instance = this.#bySlug.get(parts.providerId);
    if (!instance) {
      return `There is no provider "${parts.providerId}". Known are ${this.instances.map((known) => known.slug).join(', ')}.`;
    }
    const offered = this.modelsOf(instance).map((model) => model.catalog.vendorModelId);
    const some = offered.slice(0, 5).join(', ');
    return `${instance.displayName} offers no model "${parts.vendorModelId}"${some ? `. It offers ${some}${offered.length > 5 ? ', …' : ''}` : ''}.`;
  }
}

function at(url: string | undefined): string {
  return url === undefined ? '' : ` (keys: ${url})`;
}

function remedyForMissing(instance: ProviderInstance): string {
  const profile = providerProfiles[instance.type];
  if (!profile.needsKey) return `Set ${profile.baseUrlVariable} to the address of your server and restart.`;
  return `Set ${profile.keyVariable} and restart${at(profile.keyPageUrl)}.`;
}

function describeUnknownModel(instance: ProviderInstance, vendorModelId: string): CatalogModel {
  return {
    id: `${instance.slug}/${vendorModelId}`,
    providerType: instance.type,
    vendorModelId,
    displayName: vendorModelId,
    description: `Listed by ${instance.displayName}; not in the catalogue, so its abilities are unknown.`,
    capabilities: { text: true, vision: false, tools: false, json: false, reasoning: false, streaming: true },
    useCases: [],
    equivalents: [],
  };
}
