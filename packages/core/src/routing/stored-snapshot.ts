import type { AdaptiveSettings } from './adaptive/adaptive-settings.ts';
import type { BudgetUse, HealthState, MeasuredFigures, RoutedModel, RoutingInputs } from './routing-snapshot.ts';
import type { RoutingRule } from './rules/routing-rule.ts';
import type { CriterionWeights, Strategy } from './strategy.ts';

/** Grows when the form changes. */
const formVersion = 1;

/**
 * A snapshot as it is kept for replays, in two texts: what people set up and vendors list changes rarely, what was measured
 * changes every few seconds. Without the calls in flight and without what was learned: these belong to the single decision.
 * Equal contents make equal texts.
 */
export interface SnapshotTexts {
  readonly frame: string;
  readonly figures: string;
}

type FramedModel = Omit<RoutedModel, 'health' | 'healthReason' | 'inFlight' | 'measured' | 'measuredByTaskClass'>;

interface Frame {
  readonly version: number;
  readonly teamId: string;
  readonly models: readonly FramedModel[];
  readonly rules: readonly RoutingRule[];
  readonly timeZone: string;
  readonly defaultStrategy: Strategy;
  readonly weights: CriterionWeights;
  readonly adaptive: AdaptiveSettings;
}

interface ModelFigures {
  readonly health: HealthState;
  readonly healthReason?: string;
  readonly measured?: MeasuredFigures;
  readonly measuredByTaskClass?: Readonly<Record<string, MeasuredFigures>>;
}

interface Figures {
  readonly version: number;
  /** In the order of the frame's models. */
  readonly models: readonly ModelFigures[];
  readonly budgets: readonly BudgetUse[];
}

/** All that a decision is made upon, but for calls in flight and what was learned. */
export type StoredSnapshot = Omit<RoutingInputs, 'version' | 'builtAtMs' | 'learned'>;

/** Writes a snapshot down. Takes about a millisecond for a hundred models: do it off the request path. */
export function writeSnapshot(inputs: RoutingInputs): SnapshotTexts {
  const framed: FramedModel[] = [];
  const figured: ModelFigures[] = [];
  for (const { health, healthReason, inFlight: _, measured, measuredByTaskClass, ...model } of inputs.models) {
    framed.push(model);
    figured.push({
      health,
      ...(healthReason !== undefined && { healthReason }),
      ...(measured && { measured }),
      ...(measuredByTaskClass && { measuredByTaskClass }),
    });
  }
  const { teamId, rules, timeZone, defaultStrategy, weights, adaptive, budgets } = inputs;
  const frame: Frame = {
    version: formVersion,
    teamId,
    models: framed,
    rules,
    timeZone,
    defaultStrategy,
    weights,
    adaptive,
  };
  const figures: Figures = { version: formVersion, models: figured, budgets };
  return { frame: canonicalJson(frame), figures: canonicalJson(figures) };
}

/** The inverse of {@link writeSnapshot}. Throws `RangeError` for texts of another version or that do not belong together. */
export function readSnapshot(texts: SnapshotTexts): StoredSnapshot {
  const { version, models, ...frame } = JSON.parse(texts.frame) as Frame;
  const figures = JSON.parse(texts.figures) as Figures;
  if (version !== formVersion || figures.version !== formVersion) {
    throw new RangeError('This snapshot was stored by another version of Switchyard and cannot be read.');
  }
  if (models.length !== figures.models.length) {
    throw new RangeError('The two parts of this snapshot do not belong together.');
  }
  const joined = models.map(
    (model, place): RoutedModel => ({ ...model, ...(figures.models[place] as ModelFigures), inFlight: 0 }),
  );
  return { ...frame, models: joined, budgets: figures.budgets };
}

/** JSON with the keys of every object in alphabetical order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
