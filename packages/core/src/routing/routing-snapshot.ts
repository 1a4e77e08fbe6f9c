import type { ModelCapabilities, PriceQuote } from '../catalog/index.ts';
import type { AdaptiveSettings } from './adaptive/adaptive-settings.ts';
import type { AdaptiveState } from './adaptive/adaptive-state.ts';
import type { RoutingRule } from './rules/routing-rule.ts';
import type { CriterionWeights, Strategy } from './strategy.ts';

/** How good the catalogue takes a model to be before anything was measured. */
export type ModelTier = 'frontier' | 'strong' | 'fast' | 'small';

/** `unknown` (never tried) may be chosen, `down` may not. */
export type HealthState = 'healthy' | 'degraded' | 'down' | 'unknown';

/** The reason of a model that is down for its circuit's sake only: in need it may be asked all the same. */
export const circuitOpen = 'its circuit is open after repeated failures';

/** What was measured of one model over the window of the snapshot; a figure that nobody measured is absent. */
export interface MeasuredFigures {
  readonly calls: number;
  readonly failedCalls: number;
  readonly latencyP50Ms?: number;
  readonly latencyP95Ms?: number;
  readonly timeToFirstTokenP50Ms?: number;
  readonly timeToFirstTokenP95Ms?: number;
  /** Mean of the tokens answered; expected costs rest on it. */
  readonly outputTokensMean?: number;
  /** Ratings and judgements brought to 0–1. */
  readonly quality?: { readonly mean: number; readonly standardError: number; readonly count: number };
}

/** One model of one provider instance. */
export interface RoutedModel {
  /** `provider/model`. */
  readonly modelId: string;
  readonly providerId: string;
  readonly instanceId?: string;
  /** Name in the catalogue (`openai/gpt-5`); two instances of one vendor share it. */
  readonly catalogId?: string;
  /** Catalogue ids of models that do a comparable job, nearest first. */
  readonly equivalents: readonly string[];
  readonly capabilities: ModelCapabilities;
  readonly contextWindowTokens?: number;
  readonly maxOutputTokens?: number;
  /** ISO date from which the vendor no longer serves it. */
  readonly retiresOn?: string;
  readonly price?: PriceQuote;
  readonly tier?: ModelTier;
  /** False: only for requests that name it, or for a rule that pins it. Absent means that it may be chosen unasked. */
  readonly isAutomatic?: boolean;
  readonly health: HealthState;
  /** For people, when the model is down: `circuit open since 12:03`. */
  readonly healthReason?: string;
  readonly inFlight: number;
  /** Calls at a time that the provider takes; absent means any number. */
  readonly maxConcurrent?: number;
  /** Share for `weighted`; absent means 1. */
  readonly weight?: number;
  readonly measured?: MeasuredFigures;
  readonly measuredByTaskClass?: Readonly<Record<string, MeasuredFigures>>;
}

/** A budget as rules see it. */
export interface BudgetUse {
  readonly name: string;
  /** Spent and reserved over the limit: 0.8 is 80 %; above 1 is overdrawn. */
  readonly usedShare: number;
}

/** Everything that a snapshot of one team is built from: plain data, gathered off the request path. */
export interface RoutingInputs {
  readonly version: string;
  readonly teamId: string;
  /** Epoch milliseconds of the youngest measurement in it. */
  readonly builtAtMs: number;
  readonly models: readonly RoutedModel[];
  readonly rules: readonly RoutingRule[];
  /** IANA name (`Europe/Berlin`) in which rules see hour and weekday. */
  readonly timeZone: string;
  readonly budgets: readonly BudgetUse[];
  readonly defaultStrategy: Strategy;
  readonly weights: CriterionWeights;
  readonly adaptive: AdaptiveSettings;
  readonly learned: AdaptiveState;
}
