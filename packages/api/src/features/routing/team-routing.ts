import type { DispatchTarget } from '@switchyard/core/dispatch';
import type { Clock } from '@switchyard/core/kernel';
import type { CircuitBreakers, RecentCalls } from '@switchyard/core/policies';
import {
  askedInNeed,
  type BudgetUse,
  compileSnapshot,
  defaultCriterionWeights,
  mergePreferences,
  type RoutingPreferences,
  type RoutingRule,
  type RoutingSnapshot,
  toAdaptiveSettings,
  withLoad,
} from '@switchyard/core/routing';
import type { ProviderRegistry } from '../providers/provider-registry.ts';
import type { AdaptiveMemory } from './adaptive-memory.ts';
import {
  listRoutableModels,
  type ModelHealth,
  type RoutableModel,
  readModelHealth,
  toRoutedModels,
} from './gather-models.ts';
import type { ModelPerformance } from './performance-reader.ts';
import type { RuleVersion, TeamRoutingRows } from './routing.repository.ts';

/** Prices may begin to apply while nothing else changes. */
const relistAfterMs = 60_000;
/** Names beyond those in lists that are remembered. */
const mostNamed = 500;

export interface TeamRoutingParts {
  readonly clock: Clock;
  readonly providers: ProviderRegistry;
  readonly circuits: CircuitBreakers;
  readonly recentCalls: RecentCalls | undefined;
  /** Whether the adaptive strategy may be used; asked anew each time. */
  readonly isAdaptiveOn: () => boolean;
  readonly readBudgets: (teamId: string) => readonly BudgetUse[];
}

/** What one team's requests are decided upon: rules, settings, models and what is known of them, as one snapshot that is swapped whole. */
export class TeamRouting {
  readonly teamId: string;
  readonly memory: AdaptiveMemory;
  readonly #parts: TeamRoutingParts;
  readonly #named = new Set<string>();
  readonly #inFlight = new Map<string, number>();
  #rows: TeamRoutingRows;
  #performance: ReadonlyMap<string, ModelPerformance> = new Map();
  #models: readonly RoutableModel[] = [];
  #listedAs = '';
  #listedFrom: object | undefined;
  #listedAtMs = Number.NEGATIVE_INFINITY;
  #targets: ReadonlyMap<string, DispatchTarget> = new Map();
  #healths: readonly ModelHealth[] = [];
  #base: RoutingSnapshot | undefined;
  #loaded: RoutingSnapshot | undefined;
  #inNeed: RoutingSnapshot | undefined;
  #builds = 0;
  #isLoadChanged = false;
  #isStale = true;
  /** Shares in steps of half a percent: finer ones are not worth a new snapshot. */
  #budgetsWere = '';
  #hasAdaptiveRule = false;
  #scopes: ReadonlyMap<string, RoutingPreferences> = new Map();
  /** On the monotonic clock. */
  usedAtMs: number;

  constructor(teamId: string, rows: TeamRoutingRows, memory: AdaptiveMemory, parts: TeamRoutingParts) {
    this.teamId = teamId;
    this.memory = memory;
    this.#parts = parts;
    this.#rows = rows;
    this.usedAtMs = parts.clock.monotonicMs();
  }

  get revision(): bigint {
    return this.#rows.revision;
  }

  get publishedVersion(): RuleVersion | undefined {
    return this.#rows.version;
  }

  get performance(): ReadonlyMap<string, ModelPerformance> {
    return this.#performance;
  }

  get models(): readonly RoutableModel[] {
    return this.#models;
  }

  /** Epoch milliseconds. */
  get nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  /** Whether a rule in force may ask for the adaptive strategy. */
  get hasAdaptiveRule(): boolean {
    return this.#hasAdaptiveRule;
  }

  get isAdaptiveOn(): boolean {
    return this.#parts.isAdaptiveOn();
  }

  /** What was published or set has changed. */
  replaceRows(rows: TeamRoutingRows): void {
    this.#rows = rows;
    this.#isStale = true;
  }

  replacePerformance(performance: ReadonlyMap<string, ModelPerformance>): void {
    this.#performance = performance;
    this.#isStale = true;
  }

  /** Something was learned or forgotten. */
  noteLearned(): void {
    this.#isStale = true;
  }

  /** The file's rules, then the team's, then the file's preferences for classes of task: the order in which they are applied. */
  rulesWith(own: readonly RoutingRule[]): readonly RoutingRule[] {
    const { routing, taskPreferences } = this.#parts.providers.snapshot.configuration;
    return [...(routing?.rules ?? []), ...own, ...(taskPreferences ?? [])];
  }

  /** What the file says for everybody and a scope of the team says for itself; undefined when it says nothing. */
  preferencesOf(scope: string): RoutingPreferences | undefined {
    return this.#scopes.get(scope);
  }

  /** What holds where no narrower scope says otherwise. */
  get preferences(): RoutingPreferences {
    return mergePreferences([
      this.#scopes.get('team'),
      this.#parts.providers.snapshot.configuration.routing?.preferences,
    ]);
  }

  /** How to call a model, as of the snapshot. */
  findTarget(modelId: string): DispatchTarget | undefined {
    return this.#targets.get(modelId);
  }

  /** Makes sure that rules can be applied to a model that somebody names and no list holds. */
  include(modelIds: readonly string[]): void {
    const known = this.#base?.placesById;
    const missing = modelIds.filter((id) => !this.#named.has(id) && !known?.has(id));
    if (missing.length === 0 || this.#named.size + missing.length > mostNamed) return;
    for (const id of missing) this.#named.add(id);
    this.#listedAtMs = Number.NEGATIVE_INFINITY;
    this.renew();
  }

  /** One more (1) or one less (-1) call of a model is running. */
  countCall(modelId: string, change: 1 | -1): void {
    this.#inFlight.set(modelId, Math.max(0, (this.#inFlight.get(modelId) ?? 0) + change));
    this.#isLoadChanged = true;
  }

  /** The snapshot to decide upon. Providers that were changed or removed count at once; the rest as of the last {@link renew}. */
  get snapshot(): RoutingSnapshot {
    if (!this.#base || this.#parts.providers.snapshot !== this.#listedFrom) this.renew();
    return this.#loaded ?? (this.#base as RoutingSnapshot);
  }

  /** The same, but with the models that are down for their circuits' sake only: for a request that nobody else could serve. */
  get snapshotInNeed(): RoutingSnapshot {
    const { snapshot } = this;
    if (this.#inNeed?.version === `${snapshot.version}!`) return this.#inNeed;
    this.#inNeed = { ...askedInNeed(snapshot), version: `${snapshot.version}!` };
    return this.#inNeed;
  }

  /** A snapshot of the same moment with other rules, strategy or weights: for drafts. */
  compileDraft(rules: readonly RoutingRule[], preferences: RoutingPreferences = {}): RoutingSnapshot {
    const { inputs } = this.snapshot;
    const merged = mergePreferences([preferences, this.preferences]);
    return compileSnapshot({
      ...inputs,
      version: `${inputs.version}?`,
      rules: this.#withoutAdaptive(this.rulesWith(rules)),
      defaultStrategy: this.#allowed(merged.strategy ?? 'balanced'),
      weights: merged.weights ?? defaultCriterionWeights,
    });
  }

  /** Brings the snapshot up to date if anything has changed. Milliseconds at most; never on the way of a request but the first. */
  renew(): void {
    this.#list();
    const { circuits, recentCalls, clock } = this.#parts;
    const healths = this.#models.map((model) =>
      readModelHealth(model, circuits, recentCalls, (this.#performance.get(model.modelId)?.overall.calls ?? 0) > 0),
    );
    const budgets = this.#parts.readBudgets(this.teamId);
    const budgetsAre = budgets.map(({ name, usedShare }) => `${name}:${Math.round(usedShare * 200)}`).join();
    if (budgetsAre !== this.#budgetsWere) this.#isStale = true;
    this.#budgetsWere = budgetsAre;
    const isHealthChanged = healths.some(({ health }, place) => health !== this.#healths[place]?.health);
    if (this.#base && !this.#isStale && !isHealthChanged && healths.length === this.#healths.length) {
      this.#renewLoad();
      return;
    }
    this.#healths = healths;
    this.#scopes = new Map(this.#rows.settings.map(({ scope, preferences }) => [scope, preferences]));
    const { preferences } = this;
    this.#builds += 1;
    const rules = this.#withoutAdaptive(this.rulesWith(this.#rows.version?.rules ?? []));
    this.#hasAdaptiveRule = rules.some(({ isEnabled, actions }) =>
      actions.some((action) => isEnabled && action.type === 'strategy' && action.strategy === 'adaptive'),
    );
    this.#base = compileSnapshot({
      version: `${this.#rows.version?.version ?? 0}.${clock.nowMs().toString(36)}.${this.#builds}`,
      teamId: this.teamId,
      builtAtMs: clock.nowMs(),
      models: toRoutedModels(this.#models, healths, this.#performance, this.#inFlight),
      rules,
      timeZone: preferences.timeZone ?? 'UTC',
      budgets,
      defaultStrategy: this.#allowed(preferences.strategy ?? 'balanced'),
      weights: preferences.weights ?? defaultCriterionWeights,
      adaptive: toAdaptiveSettings(preferences),
      learned: this.memory.state,
    });
    this.#loaded = undefined;
    this.#isStale = false;
    this.#isLoadChanged = false;
  }

  #renewLoad(): void {
    if (!this.#isLoadChanged || !this.#base) return;
    this.#isLoadChanged = false;
    this.#builds += 1;
    const loaded = withLoad(this.#base, this.#inFlight);
    this.#loaded = { ...loaded, version: `${this.#base.version}+${this.#builds}` };
  }

  /** Changes with what vendors list, whether they take the key, and the switch of the adaptive strategy. */
  #listingKey(): string {
    const { providers } = this.#parts;
    const states = providers.instancesOf(this.teamId).map((instance) => {
      const { state, listedModels } = providers.status(instance);
      return `${instance.connectionKey}${state}${listedModels.length}${instance.isEnabled}`;
    });
    return `${this.isAdaptiveOn}|${states.join()}`;
  }

  #list(): void {
    const { providers, clock } = this.#parts;
    const key = this.#listingKey();
    const nowMs = clock.monotonicMs();
    if (providers.snapshot === this.#listedFrom && key === this.#listedAs && nowMs - this.#listedAtMs < relistAfterMs)
      return;
    this.#models = listRoutableModels(providers, this.teamId, this.#named);
    this.#targets = new Map(this.#models.flatMap(({ modelId, target }) => (target ? [[modelId, target]] : [])));
    this.#listedAs = key;
    this.#listedFrom = providers.snapshot;
    this.#listedAtMs = nowMs;
    this.#isStale = true;
  }

  #allowed<Given extends string>(strategy: Given): Given | 'balanced' {
    return strategy === 'adaptive' && !this.isAdaptiveOn ? 'balanced' : strategy;
  }

  /** While the adaptive strategy is switched off, a rule that asks for it gets the balanced one. */
  #withoutAdaptive(rules: readonly RoutingRule[]): readonly RoutingRule[] {
    if (this.isAdaptiveOn) return rules;
    return rules.map((rule) => ({
      ...rule,
      actions: rule.actions.map((action) =>
        action.type === 'strategy' && action.strategy === 'adaptive'
          ? { ...action, strategy: 'balanced' as const }
          : action,
      ),
    }));
  }
}
