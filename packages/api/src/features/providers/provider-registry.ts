import { type CatalogModel, type PriceBook, type PriceQuote, splitModelId } from '@switchyard/core/catalog';
import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { Clock } from '@switchyard/core/kernel';
import type { CircuitSettings } from '@switchyard/core/policies';
import { acceptsPrefill } from '@switchyard/core/providers';
import { emptyConfiguration, type ProviderLimits, resolveModelName } from '@switchyard/core/provisioning';
import type { ModelAdapter } from '@switchyard/core/spec';
import { TeamPriceBooks } from '../pricing/team-price-books.ts';
import { type ConnectionReport, testAdapter } from './connection-test.ts';
import type { ModelResolution, TargetRefusal } from './model-resolution.ts';
import { policyOf } from './policy-of-chain.ts';
import type { ProviderInstance, ProviderStatus } from './provider-instance.ts';
import { ProviderSnapshot } from './provider-snapshot.ts';

export type { ModelResolution, TargetRefusal } from './model-resolution.ts';

/** A model as one provider instance offers it. */
export interface OfferedModel {
  /** `provider/model`. */
  readonly modelId: string;
  readonly instance: ProviderInstance;
  readonly catalog: CatalogModel;
  readonly unavailableReason: string | undefined;
}

/** The providers as they stand now, what they offer and how they fared; all in memory, no query on the hot path. */
export class ProviderRegistry {
  readonly #clock: Clock;
  readonly #prices: TeamPriceBooks;
  #snapshot = new ProviderSnapshot({
    installation: [],
    ofTeams: [],
    configuration: emptyConfiguration,
    fileName: '',
  });
  /** By connection: what was found holds as long as address and key stay. */
  #status = new Map<string, ProviderStatus>();
  /** Tests under way, by connection: who asks meanwhile gets the same report. */
  readonly #tests = new Map<string, Promise<ConnectionReport>>();

  /** Knows nothing until the first {@link replace}. */
  constructor(clock: Clock, prices: TeamPriceBooks = new TeamPriceBooks()) {
    this.#clock = clock;
    this.#prices = prices;
  }

  /** Changes with every reload; whoever needs several answers of one moment keeps it. */
  get snapshot(): ProviderSnapshot {
    return this.#snapshot;
  }

  /** The providers of the whole installation. */
  get instances(): readonly ProviderInstance[] {
    return this.#snapshot.installation;
  }

  /** Swaps in what holds from now on; calls that are running keep what they began with. */
  replace(snapshot: ProviderSnapshot): void {
    this.#snapshot = snapshot;
    this.#prices.replaceConfigured(snapshot.configuration.prices, snapshot.fileName);
    const keys = new Set([...snapshot.installation, ...snapshot.ofTeams].map(({ connectionKey }) => connectionKey));
    this.#status = new Map([...this.#status].filter(([key]) => keys.has(key)));
  }

  /** What a team may use: the installation's providers and its own. */
  instancesOf(teamId: string): readonly ProviderInstance[] {
    return this.#snapshot.instancesOf(teamId);
  }

  /** By the id that is unique over all teams; another team's is not found. */
  find(teamId: string, id: string): ProviderInstance | undefined {
    return this.#snapshot.findById(teamId, id);
  }

  status(instance: ProviderInstance): ProviderStatus {
    if (instance.block) return { ...instance.block, listedModels: [] };
    return this.#status.get(instance.connectionKey) ?? { state: 'UNTESTED', listedModels: [] };
  }

  /** All models that a team's providers offer, in catalogue order, with what their vendors listed behind. */
  models(teamId: string): readonly OfferedModel[] {
    return this.instancesOf(teamId).flatMap((instance) => this.modelsOf(instance));
  }

  modelsOf(instance: ProviderInstance): readonly OfferedModel[] {
    if (instance.block?.state === 'SHADOWED') return [];
    // Vendors with a catalogue list hundreds of models that cannot chat; local and custom ones list what they serve.
    const listsItsOwn = (instance.type === 'ollama' || instance.type === 'custom') && instance.origin === 'live';
    const listed = listsItsOwn ? this.status(instance).listedModels : [];
    return this.#snapshot.modelsOf(instance, listed).map((catalog) => this.#offer(instance, catalog));
  }

  /** A model by `provider/model`, as the team sees it. */
  findModel(teamId: string, modelId: string): OfferedModel | undefined {
    const parts = splitModelId(modelId);
    const instance = parts && this.#snapshot.findBySlug(teamId, parts.providerId);
    if (!parts || !instance) return undefined;
    const { listedModels } = this.status(instance);
    const catalog = this.#snapshot.findModel(instance, parts.vendorModelId, listedModels);
    return catalog && this.#offer(instance, catalog);
  }

  /** What a call of the team costs that starts now; undefined when nobody knows. */
  price(teamId: string, { instance, catalog }: OfferedModel): PriceQuote | undefined {
    return this.priceBook(teamId).lookUp(instance.type, instance.slug, catalog.vendorModelId, this.#clock.nowMs());
  }

  /** All prices of the team as they are now. */
  priceBook(teamId: string): PriceBook {
    return this.#prices.of(teamId);
  }

  /** The model ready to be called, or why it cannot be. */
  resolveTarget(teamId: string, modelId: string): DispatchTarget | TargetRefusal {
    const model = this.findModel(teamId, modelId);
    if (!model) return { modelId, reason: this.#explainUnknown(teamId, modelId) };
    const { instance, catalog } = model;
    if (!instance.adapter) {
      return { modelId, reason: model.unavailableReason ?? `${instance.displayName} is not set up.` };
    }
    const { defaults } = this.#snapshot.configuration;
    const hasDeadlines = hasKeys(defaults.deadlines) || hasKeys(instance.deadlines);
    const hasRetry = hasKeys(instance.retry);
    const priceNow = () => this.price(teamId, model);
    return {
      providerId: instance.slug,
      ...(instance.teamId !== undefined && { instanceId: instance.id }),
      modelId,
      vendorModelId: catalog.vendorModelId,
      origin: instance.origin,
      adapter: instance.adapter,
      // Read anew by each attempt: a price that changes in the middle of a run holds for the calls that start after it.
      get price() {
        return priceNow();
      },
      model: {
        providerType: instance.type,
        vendorModelId: catalog.vendorModelId,
        ...(catalog.maxOutputTokens !== undefined && { maxOutputTokens: catalog.maxOutputTokens }),
      },
      acceptsPrefill: acceptsPrefill(instance.type, catalog.vendorModelId),
      ...((hasDeadlines || hasRetry) && {
        overrides: {
          ...(hasDeadlines && { deadlines: { ...defaults.deadlines, ...instance.deadlines } }),
          ...(hasRetry && { retry: instance.retry }),
        },
      }),
    };
  }

  /** What could be called in place of the model `target` stands for: the catalogue's equivalents, nearest first. */
  equivalentsOf(teamId: string, { modelId }: Pick<DispatchTarget, 'modelId'>): readonly DispatchTarget[] {
    const equivalents = this.findModel(teamId, modelId)?.catalog.equivalents ?? [];
    return equivalents
      .map((id) => this.resolveTarget(teamId, id))
      .filter((candidate): candidate is DispatchTarget => 'adapter' in candidate);
  }

  /** What a model, an alias or a chain stands for in this team, or why none of it can be called. */
  resolve(teamId: string, name: string): ModelResolution | TargetRefusal {
    const { configuration } = this.#snapshot;
    const resolved = resolveModelName(name, configuration);
    if (!resolved) return { modelId: name, reason: this.#explainUnknown(teamId, name) };
    const { models, chain } = resolved;
    const kind = chain ? 'chain' : models[0] === name ? 'model' : 'alias';
    const found = models.map((modelId) => this.resolveTarget(teamId, modelId));
    const [first, ...others] = found.filter((candidate) => 'adapter' in candidate);
    const refused = found.filter((candidate) => 'reason' in candidate);
    if (first) {
      const policy = policyOf(configuration, chain);
      const strategy = chain?.strategy && { strategy: chain.strategy };
      return { requested: name, kind, targets: [first, ...others], refused, policy, ...strategy };
    }
    return { modelId: name, reason: refused.map(({ reason }) => reason).join(' ') };
  }

  /** When a model's circuit opens, by the file's defaults. */
  get circuitSettings(): CircuitSettings {
    return this.#snapshot.circuitSettings;
  }

  /** How many calls a provider takes; `instanceId` as in the target, or the provider's id. */
  limitsOf(instanceId: string): ProviderLimits {
    return this.#snapshot.findInstance(instanceId)?.limits ?? {};
  }

  /** Tests one connection by the vendor's cheapest free call and remembers the outcome. Never throws. */
  testConnection(instance: ProviderInstance): Promise<ConnectionReport> {
    const { adapter, block, connectionKey } = instance;
    if (!adapter) {
      const message = block?.message ?? 'It is not set up.';
      return Promise.resolve({ isOk: false, message, modelCount: undefined, latencyMs: 0 });
    }
    const running = this.#tests.get(connectionKey);
    if (running) return running;
    const test = this.#test(instance, adapter).finally(() => this.#tests.delete(connectionKey));
    this.#tests.set(connectionKey, test);
    return test;
  }

  async #test(instance: ProviderInstance, adapter: ModelAdapter): Promise<ConnectionReport> {
    const { report, state, listedModels } = await testAdapter(
      instance,
      adapter,
      this.#clock,
      this.#snapshot.configuration.health.deadlineMs,
    );
    this.#status.set(instance.connectionKey, {
      state,
      ...(report.isOk ? {} : { message: report.message }),
      testedAtMs: this.#clock.nowMs(),
      // A vendor that is away for a moment still serves what it listed before.
      listedModels: listedModels ?? this.status(instance).listedModels,
    });
    return report;
  }

  /** Tests all providers that can be called at once; with `onlyUntested` those of which nothing is known yet. */
  async testAll(onlyUntested = false): Promise<void> {
    const { installation, ofTeams } = this.#snapshot;
    const wanted = [...installation, ...ofTeams].filter(
      (instance) => instance.adapter && !(onlyUntested && this.#status.has(instance.connectionKey)),
    );
    await Promise.all(wanted.map((instance) => this.testConnection(instance)));
  }

  #offer(instance: ProviderInstance, catalog: CatalogModel): OfferedModel {
    const status = this.status(instance);
    const unavailableReason =
      !instance.adapter || status.state === 'KEY_REJECTED' ? (status.message ?? 'It is not set up.') : undefined;
    return { modelId: `${instance.slug}/${catalog.vendorModelId}`, instance, catalog, unavailableReason };
  }

  #explainUnknown(teamId: string, modelId: string): string {
    const parts = splitModelId(modelId);
    const { aliases, chains } = this.#snapshot.configuration;
    if (!parts) {
      const names = [...aliases, ...chains].map(({ name }) => name);
      const known = names.length > 0 ? ` Known aliases and chains are ${names.slice(0, 20).join(', ')}.` : '';
      return `"${modelId}" is not of the form provider/model, for example openai/gpt-5-mini.${known}`;
    }
    const instance = this.#snapshot.findBySlug(teamId, parts.providerId);
    if (!instance) {
      const slugs = this.instancesOf(teamId).map(({ slug }) => slug);
      return `There is no provider "${parts.providerId}". Known are ${slugs.join(', ')}.`;
    }
    const offered = this.modelsOf(instance).map((model) => model.catalog.vendorModelId);
    const some = offered.slice(0, 5).join(', ');
    return `${instance.displayName} offers no model "${parts.vendorModelId}"${some ? `. It offers ${some}${offered.length > 5 ? ', …' : ''}` : ''}.`;
  }
}

function hasKeys(record: object): boolean {
  for (const _key in record) return true;
  return false;
}
