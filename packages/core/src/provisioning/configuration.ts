import type { ModelCapabilities, ModelPrice, ProviderType } from '../catalog/index.ts';
import type { ChainPolicy, ChainTriggers, DeliveryMode, HedgeSettings } from '../dispatch/index.ts';
import type { FailoverPlan } from '../failover/index.ts';
import type { AlertKind, Budget, UnpricedPolicy } from '../guardrails/index.ts';
import type { CircuitSettings, Deadlines, RetrySettings } from '../policies/index.ts';
import type { Role } from '../roles/index.ts';
import type { RoutingPreferences, RoutingRule, Strategy } from '../routing/index.ts';
import type { ProviderErrorKind } from '../spec/index.ts';
import type { WorkflowDefinition } from '../workflows/index.ts';

/** Where something stands in the file; lines and columns count from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with the file, where, and what to do. */
export interface ConfigurationProblem {
  readonly severity: 'error' | 'warning';
  /** From the closed catalogue of this module, for example `UNKNOWN_FIELD`, `DUPLICATE_ID`, `CYCLIC_CHAIN`. */
  readonly code: string;
  /** For people: what is wrong, without the place. */
  readonly message: string;
  /** `providers[1].base_url`; empty for the file as a whole. */
  readonly path: string;
  readonly position: SourcePosition;
  /** What to write instead, or which name is nearest. */
  readonly suggestion?: string;
}

/** How many calls a provider takes; absent means any number. */
export interface ProviderLimits {
  /** Calls at a time, per server process. */
  readonly maxConcurrent?: number;
  /** Calls that may wait for a slot; one more is refused at once. */
  readonly maxQueued?: number;
  /** Longest wait for a slot. */
  readonly queueMs?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/** A model that the catalogue does not know, or knows differently. */
export interface ConfiguredModel {
  /** The vendor's own name of it. */
  readonly vendorModelId: string;
  readonly displayName?: string;
  readonly description?: string;
  /** Replaces what the catalogue says, one by one. */
  readonly capabilities?: Partial<ModelCapabilities>;
  readonly contextWindowTokens?: number;
  readonly maxOutputTokens?: number;
}

/** A live provider as the file describes it. References to the environment are resolved: secrets are in here. */
export interface ConfiguredProvider {
  /** What stands before the slash of a model id: lower-case letters, digits and dashes. */
  readonly id: string;
  readonly type: ProviderType;
  readonly displayName?: string;
  readonly baseUrl?: string;
  /** Name of the environment variable that holds the key, for messages. */
  readonly keyVariable?: string;
  /** Absent when the variable is not set. */
  readonly apiKey?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether private addresses may be called; metadata and link-local ones never. */
  readonly allowsPrivateNetwork: boolean;
  readonly isEnabled: boolean;
  readonly limits: ProviderLimits;
  readonly retry: Partial<RetrySettings>;
  readonly deadlines: Partial<Deadlines>;
  readonly models: readonly ConfiguredModel[];
  readonly position: SourcePosition;
}

/** How long a model may be silent while another one could answer; alone it has its deadlines. */
export type ConfiguredPatience = Pick<ChainPolicy, 'firstTokenPatienceMs' | 'thinkingPatienceMs' | 'idlePatienceMs'>;

/** A short name for one model or chain. */
export interface ConfiguredAlias {
  readonly name: string;
  /** A model id, another alias or a chain. */
  readonly target: string;
  readonly position: SourcePosition;
}

/** Candidates to be asked in order, and when to go to the next. */
export interface ConfiguredChain {
  readonly name: string;
  /** Model ids, aliases or other chains, in order; never leads to itself. */
  readonly models: readonly string[];
  /** In which order the models are asked; absent means as they stand. */
  readonly strategy?: Strategy;
  readonly delivery?: DeliveryMode;
  readonly contentPolicy?: RetrySettings['onContentFilter'];
  /** Which failures lead to the next candidate; absent means all that could be survived. */
  readonly failoverOn?: readonly ProviderErrorKind[];
  /** When a candidate is passed over without being asked. */
  readonly triggers?: ChainTriggers;
  readonly overallMs?: number;
  readonly patience?: ConfiguredPatience;
  readonly hedge?: HedgeSettings;
  readonly position: SourcePosition;
}

/** A price that replaces the price library's, from a day on. */
export interface ConfiguredPrice {
  /** A model id (`openai-eu/gpt-5`) or a catalogue id (`openai/gpt-5`). */
  readonly model: string;
  readonly price: ModelPrice;
  /** ISO date; absent means always. */
  readonly effectiveFrom?: string;
  readonly position: SourcePosition;
}

/** What holds where provider, chain or call say nothing. */
export interface ConfiguredDefaults {
  readonly retry: Partial<RetrySettings>;
  readonly deadlines: Partial<Deadlines>;
  readonly circuit: Partial<CircuitSettings>;
  readonly delivery?: DeliveryMode;
  /** One deadline for everything a chain does. */
  readonly overallMs?: number;
  readonly patience?: ConfiguredPatience;
  readonly hedge?: HedgeSettings;
}

/** How the installation routes, for all teams; a team's own settings come before these, its own rules after. */
export interface ConfiguredRouting {
  readonly preferences: RoutingPreferences;
  readonly rules: readonly RoutingRule[];
}

/** What holds for every request, and for the budgets of the file. */
export interface ConfiguredCostControls {
  /** What one request may cost, all its attempts together. */
  readonly maxCostPerRequestNanoUsd?: bigint;
  /** What one request may use, input and output of all its attempts. */
  readonly maxTokensPerRequest?: number;
  /** What budgets of the file do with unpriced calls where they say nothing themselves. */
  readonly unpriced?: UnpricedPolicy;
}

/** A budget that every team has. */
export interface ConfiguredBudget extends Omit<Budget, 'id' | 'teamId' | 'version'> {
  /** By which it is found again after a change; unique in the file. */
  readonly key: string;
  readonly position: SourcePosition;
}

/** Where every team's alerts are sent. URL and secret are secrets: never log it. */
export interface ConfiguredAlertChannel {
  /** Unique in the file. */
  readonly name: string;
  readonly type: 'slack' | 'teams' | 'webhook';
  /** Absent when its variable is not set: nothing can be sent. */
  readonly url?: string;
  readonly secret?: string;
  /** Empty: all. */
  readonly kinds: readonly AlertKind[];
  readonly isEnabled: boolean;
  readonly position: SourcePosition;
}

/** A role that every team has. */
export interface ConfiguredRole extends Role {
  readonly position: SourcePosition;
}

/** A workflow that every team has, in force as it stands in the file. */
export interface ConfiguredWorkflow {
  readonly definition: WorkflowDefinition;
  readonly position: SourcePosition;
}

/** A plan that every team has. */
export interface ConfiguredFailover extends FailoverPlan {
  readonly position: SourcePosition;
}

/** A provider that is called with one token from time to time, which costs money. */
export interface ConfiguredPaidProbe {
  readonly providerId: string;
  /** `provider/model`. */
  readonly modelId: string;
  readonly everyMs?: number;
  readonly maxPerDay?: number;
  /** Decimal text. */
  readonly maxUsdPerDay?: string;
  readonly position: SourcePosition;
}

/** How providers are looked after; absent: as always. */
export interface ConfiguredHealth {
  readonly intervalMs?: number;
  readonly deadlineMs?: number;
  /** Share of calls that should succeed. */
  readonly successObjective?: number;
  readonly firstTokenObjectiveMs?: number;
  readonly paidProbes: readonly ConfiguredPaidProbe[];
}

export interface FeatureFlags {
  readonly 'workflow.multiModel': boolean;
  readonly 'models.adaptiveRouting': boolean;
}

/** `switchyard.yaml` as the program uses it. */
export interface Configuration {
  /** `allowed_providers`; undefined means all types. */
  readonly allowedProviders: readonly ProviderType[] | undefined;
  readonly defaults: ConfiguredDefaults;
  readonly providers: readonly ConfiguredProvider[];
  readonly aliases: readonly ConfiguredAlias[];
  readonly chains: readonly ConfiguredChain[];
  readonly prices: readonly ConfiguredPrice[];
  readonly costControls: ConfiguredCostControls;
  /** The daily budget of `cost_controls` is among them. */
  readonly budgets: readonly ConfiguredBudget[];
  readonly alertChannels: readonly ConfiguredAlertChannel[];
  readonly routing?: ConfiguredRouting;
  /** Rules that prefer models for classes of task; they come after all others. */
  readonly taskPreferences?: readonly RoutingRule[];
  readonly roles: readonly ConfiguredRole[];
  /** The role that stands in for roles without models, where a team names no other. */
  readonly defaultRole?: string;
  readonly workflows: readonly ConfiguredWorkflow[];
  readonly failover: readonly ConfiguredFailover[];
  readonly health: ConfiguredHealth;
  readonly features: Partial<FeatureFlags>;
}

/** The file that is not there. */
export const emptyConfiguration: Configuration = {
  allowedProviders: undefined,
  defaults: { retry: {}, deadlines: {}, circuit: {} },
  providers: [],
  aliases: [],
  chains: [],
  prices: [],
  costControls: {},
  budgets: [],
  alertChannels: [],
  roles: [],
  workflows: [],
  failover: [],
  health: { paidProbes: [] },
  features: {},
};
