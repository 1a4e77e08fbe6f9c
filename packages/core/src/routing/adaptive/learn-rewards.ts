import { SwitchyardError } from '../../kernel/index.ts';
import { type AdaptiveSettings, rewardNoise } from './adaptive-settings.ts';
import type { AdaptiveState, ArmStatistics, ScopeStatistics } from './adaptive-state.ts';
import { featureCount } from './prompt-features.ts';
import { fitPromptMap, mapPrompt, type PromptExample, type PromptMap } from './prompt-map.ts';
import { addPrompt, emptyPromptSums, sumPrompts } from './prompt-sums.ts';

/** A reward for a decision made earlier: what the decision's record holds, plus the quality that came in since. */
export interface RewardObservation {
  /** The scopes that learn from it, from `scopesOf`. */
  readonly scopes: readonly string[];
  readonly modelId: string;
  /** The prompt's features at the decision; absent when they were not taken. */
  readonly features?: readonly number[];
  /** What the router expected of the chosen model then; lets it notice that the world changed. */
  readonly expectedQuality?: number;
  /** 0 is useless, 1 is perfect. */
  readonly quality: number;
  /** The quality reported before for the same decision, which this one replaces. */
  readonly replacesQuality?: number;
  /** How much it is trusted, above 0 to 1, which it counts as; 1 unless given. One that replaces has that of the replaced. */
  readonly weight?: number;
}

/**
 * Slack and alarm of the two-sided CUSUM test on errors of prediction, in standard deviations. With unbiased predictions a
 * false alarm is rarer than one in a million rewards (Siegmund); a fall by 0.4 is noticed after about 35.
 */
const driftSlack = 0.45;
const driftAlarm = 18;
/** Rewards of a scope, at the start and after an alarm, before its predictions are good enough to be tested. */
const driftWarmUp = 300;
/** How much of everything a scope keeps after an alarm, and at most how many observations of each model. */
const keptAfterDrift = 0.15;
const countAfterDrift = 40;
/** Examples after which a scope makes its map of prompts, and makes it anew; with the last one the map is final. */
const mapSizes: readonly number[] = [256, 512, 1_024, 2_048];
/** After drift the old map serves until there is enough to outweigh what was kept. */
const mapSizesAfterDrift: readonly number[] = [1_024, 2_048];

/**
 * The state after `observations`, in their order. Each counts as its weight and fades by half per `halfLifeRewards` further rewards of
 * its scope. Features of another length were taken by another version and say nothing; the reward counts all the same.
 * Throws `SwitchyardError` (INPUT.INVALID) for a quality outside 0–1 or a vector that is not finite; then nothing is learned.
 */
export function learnRewards(
  state: AdaptiveState,
  observations: readonly RewardObservation[],
  settings: AdaptiveSettings,
): AdaptiveState {
  for (const observation of observations) checkObservation(observation);
  const readable = observations.map(withoutForeignFeatures);
  const byScope = new Map<string, RewardObservation[]>();
  for (const observation of readable) {
    for (const scope of observation.scopes) {
      const list = byScope.get(scope);
      if (list) list.push(observation);
      else byScope.set(scope, [observation]);
    }
  }
  const scopes = new Map(state.scopes);
  for (const [scope, list] of byScope) scopes.set(scope, learnInScope(scopes.get(scope), scope, list, settings));
  return { scopes };
}

function checkObservation({ quality, replacesQuality, expectedQuality, features, weight }: RewardObservation): void {
  if (weight !== undefined && !(weight > 0 && weight <= 1)) {
    throw new SwitchyardError('INPUT.INVALID', `A weight must lie above 0 and at most at 1, not ${weight}.`, {
      path: ['weight'],
    });
  }
  for (const value of [quality, replacesQuality ?? 0]) {
    if (!(value >= 0 && value <= 1)) {
      throw new SwitchyardError('INPUT.INVALID', `A quality must be a number from 0 to 1, not ${value}.`, {
        path: ['quality'],
      });
    }
  }
  if (![...(features ?? []), expectedQuality ?? 0].every(Number.isFinite)) {
    throw new SwitchyardError('INPUT.INVALID', 'Prompt features and an expected quality must be finite numbers.', {
      path: ['features'],
    });
  }
}

function withoutForeignFeatures({ features, ...rest }: RewardObservation): RewardObservation {
  return features?.length === featureCount ? { ...rest, features } : rest;
}

/** Sums that a batch may change in place before they are handed out as {@link ArmStatistics}. */
type OpenArm = { -readonly [Field in keyof ArmStatistics]: ArmStatistics[Field] };

function learnInScope(
  known: ScopeStatistics | undefined,
  scope: string,
  observations: readonly RewardObservation[],
  settings: AdaptiveSettings,
): ScopeStatistics {
  const arms = new Map<string, OpenArm>();
  for (const [modelId, arm] of known?.arms ?? []) arms.set(modelId, copyArm(arm));
  const seesPrompts = !scope.includes('#');
  let observed = known?.observed ?? 0;
  let drifts = known?.drifts ?? 0;
  let sinceDrift = known?.sinceDrift ?? 0;
  let map = known?.map;
  let examples = known ? known.examples && [...known.examples] : seesPrompts ? [] : undefined;
  const fresh = observations.filter(({ replacesQuality }) => replacesQuality === undefined).length;
  const fading = 0.5 ** (fresh / settings.halfLifeRewards);
  if (fading < 1) for (const arm of arms.values()) scaleArm(arm, fading);
  for (const observation of observations) {
    const arm = openArm(arms, observation.modelId);
    addReward(arm, observation, seesPrompts ? map : undefined);
    if (examples) keepExample(examples, observation);
    if (observation.replacesQuality !== undefined) continue;
    observed += 1;
    sinceDrift += 1;
    const sizes = drifts === 0 ? mapSizes : mapSizesAfterDrift;
    if (examples && observation.features && sizes.includes(examples.length)) {
      map = fitPromptMap(examples);
      renewSums(arms, map, examples, settings);
      if (examples.length === sizes.at(-1)) examples = undefined;
    }
    if (
      settings.detectsDrift &&
      sinceDrift > driftWarmUp &&
      hasDrifted(openArm(arms, observation.modelId), observation)
    ) {
      for (const each of arms.values()) forget(each);
      if (map) examples = [];
      drifts += 1;
      sinceDrift = 0;
    }
  }
  return { arms, observed, drifts, sinceDrift, ...(map && { map }), ...(examples && { examples }) };
}

function keepExample(examples: PromptExample[], observation: RewardObservation): void {
  const { modelId, features, quality, replacesQuality, weight } = observation;
  const trust = weight !== undefined && { weight };
  if (!features) return;
  const single = Float32Array.from(features);
  if (replacesQuality === undefined) {
    examples.push({ modelId, features: single, quality, ...trust });
    return;
  }
  const place = examples.findLastIndex(
    (example) =>
      example.modelId === modelId &&
      example.quality === replacesQuality &&
      example.features.every((value, index) => value === single[index]),
  );
  if (place >= 0) examples[place] = { modelId, features: single, quality, ...trust };
}

/** Sums over mapped prompts hold for one map only. Of what is older than the examples, levels remain. */
function renewSums(
  arms: Map<string, OpenArm>,
  map: PromptMap,
  examples: readonly PromptExample[],
  settings: AdaptiveSettings,
): void {
  const sums = sumPrompts(map, examples, 0.5 ** (1 / settings.halfLifeRewards));
  for (const [modelId, { gram, moments, ...rest }] of arms) arms.set(modelId, { ...rest, ...sums.get(modelId) });
}

function openArm(arms: Map<string, OpenArm>, modelId: string): OpenArm {
  const known = arms.get(modelId);
  if (known) return known;
  const arm: OpenArm = { count: 0, qualitySum: 0, qualitySquares: 0, rise: 0, fall: 0 };
  arms.set(modelId, arm);
  return arm;
}

function copyArm(arm: ArmStatistics): OpenArm {
  return {
    ...arm,
    ...(arm.gram && { gram: new Float64Array(arm.gram) }),
    ...(arm.moments && { moments: new Float64Array(arm.moments) }),
  };
}

function addReward(arm: OpenArm, observation: RewardObservation, map: PromptMap | undefined): void {
  const { quality, replacesQuality, features, weight = 1 } = observation;
  arm.qualitySum += weight * (quality - (replacesQuality ?? 0));
  arm.qualitySquares += weight * (quality ** 2 - (replacesQuality ?? 0) ** 2);
  if (replacesQuality === undefined) arm.count += weight;
  if (!features || !map) return;
  if (!arm.gram || !arm.moments) Object.assign(arm, emptyPromptSums());
  const { gram, moments } = arm;
  if (!gram || !moments) return;
  const times = replacesQuality === undefined ? weight : 0;
  addPrompt({ gram, moments }, mapPrompt(map, features), times, weight * (quality - (replacesQuality ?? 0)));
}

function hasDrifted(arm: OpenArm, { quality, expectedQuality, weight = 1 }: RewardObservation): boolean {
  if (expectedQuality === undefined) return false;
  const error = (quality - expectedQuality) / rewardNoise;
  arm.rise = Math.max(0, arm.rise + weight * (error - driftSlack));
  arm.fall = Math.max(0, arm.fall - weight * (error + driftSlack));
  return Math.max(arm.rise, arm.fall) > driftAlarm;
}

function forget(arm: OpenArm): void {
  arm.rise = 0;
  arm.fall = 0;
  scaleArm(arm, Math.min(keptAfterDrift, arm.count > 0 ? countAfterDrift / arm.count : 1));
}

function scaleArm(arm: OpenArm, factor: number): void {
  arm.count *= factor;
  arm.qualitySum *= factor;
  arm.qualitySquares *= factor;
  for (const vector of [arm.gram, arm.moments]) {
    if (vector) for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] as number) * factor;
  }
}
