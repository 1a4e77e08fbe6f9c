import { findBuiltInModel, splitModelId } from '../catalog/index.ts';
import type { Random } from '../kernel/index.ts';
import { learningScopesOf, selectScope } from './adaptive/learning-scopes.ts';
import { featureCount } from './adaptive/prompt-features.ts';
import type { CompiledModel, ModelEstimates, RoutingSnapshot } from './compile-snapshot.ts';
import { explainRoute } from './explain-route.ts';
import { maxListed, type OrderContext, type OrderedModel, orderModels } from './order-models.ts';
import type { BeliefRecorder } from './record-beliefs.ts';
import { rejectModel, toNano } from './reject-model.ts';
import type { RejectedModel, RouteCandidate, RoutePlan } from './route-plan.ts';
import type { RouteConstraints, RouteRequest } from './route-request.ts';
import { applyRules, type RuleOutcome } from './rules/compile-rules.ts';
import { RequestFacts, TimeFacts } from './rules/rule-facts.ts';
import { describeCriteria, type EligibleModel, type RankedModel, scoreCriteria } from './score-criteria.ts';
import type { Strategy } from './strategy.ts';

export interface PlanOptions {
  /** Works out the propensity of every candidate of `adaptive`, not only of the chosen: for dry runs. */
  readonly wantsAllPropensities?: boolean;
  /** Notes what the decision reads of what was learned, so that it can be made again. */
  readonly recorder?: BeliefRecorder;
}

/**
 * Decides which models shall serve a request, in which order, and why. Pure: the same request, snapshot and sequence of
 * chance give the same plan. Rules are applied first, then what the request needs and limits, then the strategy; adaptive
 * choices are made among what is left, so exploring never leaves rules, limits or abilities. An empty list of candidates
 * comes with a reason for each model. Throws `RangeError` for another team's snapshot and for counts of tokens that are none.
 */
export function planRoute(
  request: RouteRequest,
  snapshot: RoutingSnapshot,
  random: Random,
  options: PlanOptions = {},
): RoutePlan {
  const { inputs } = snapshot;
  if (request.teamId !== inputs.teamId) throw new RangeError('The routing snapshot belongs to another team.');
  if (!(request.inputTokens >= 0 && request.maxOutputTokens >= 0)) {
    throw new RangeError('A request to be routed needs its tokens of input and answer as numbers of 0 or more.');
  }
  const asked = request.strategy ?? inputs.defaultStrategy;
  const time = new TimeFacts(snapshot.clock(request.atMs));
  const facts = { ...snapshot.facts, request: new RequestFacts(request, asked), time };
  const rules = applyRules(snapshot.rules, facts, snapshot.models.length, snapshot.facts);
  const strategy = rules.strategy ?? asked;
  const weights = rules.weights ?? request.weights ?? inputs.weights;
  const isStrict = rules.isStrict || (request.isStrict ?? false);

  const rejected: RejectedModel[] = [];
  const eligible = findEligible(request, snapshot, rules, isStrict, rejected);
  const ranked = scoreCriteria(eligible, request);
  const groups = groupByPreference(ranked, rules.preferred, strategy);
  const scopeNames = learningScopesOf(request);
  const scope = selectScope(scopeNames, snapshot.scopes, snapshot.emptyScope);
  const context: OrderContext = {
    request,
    features: readFeatures(request.features),
    strategy,
    weights,
    adaptive: request.adaptive ? { ...inputs.adaptive, ...request.adaptive } : inputs.adaptive,
    scope: strategy === 'adaptive' && options.recorder ? options.recorder.watch(scope) : scope,
    random,
    wantsAllPropensities: options.wantsAllPropensities ?? false,
  };
  const { models, isExploration, isSticky } = orderGroups(groups, context);
  const listed = strategy === 'parallel' ? models : models.slice(0, maxListed);
  let candidates = listed.map((model) => toCandidate(model, request));
  if (isStrict && strategy !== 'parallel') {
    for (const { modelId } of candidates.slice(1)) {
      rejected.push({ modelId, code: 'STRICT', reason: 'falling back is forbidden' });
    }
    candidates = candidates.slice(0, 1);
  }
  const plan: Omit<RoutePlan, 'explanation'> = {
    candidates,
    rejected,
    strategy,
    ...(strategy === 'balanced' && { weights }),
    matchedRules: rules.matched.map(({ rule, actions }) => ({
      ruleId: rule.id,
      name: rule.name,
      effects: actions.map(({ effect }) => effect),
    })),
    failedRules: rules.failed,
    isExploration,
    isSticky,
    learningScopes: strategy === 'adaptive' && candidates.length > 0 ? scopeNames : [],
    snapshotVersion: snapshot.version,
  };
  const explanation = explainRoute(plan);
  return { ...plan, explanation: request.remark === undefined ? explanation : `${explanation} ${request.remark}` };
}

/** Features of another version, or spoilt ones, say nothing. */
function readFeatures(features: readonly number[] | undefined): Float64Array | undefined {
  if (features?.length !== featureCount) return undefined;
  const read = new Float64Array(featureCount);
  for (let index = 0; index < featureCount; index++) {
    const value = features[index] as number;
    if (!Number.isFinite(value)) return undefined;
    read[index] = value;
  }
  return read;
}

function findEligible(
  request: RouteRequest,
  snapshot: RoutingSnapshot,
  rules: RuleOutcome,
  isStrict: boolean,
  rejected: RejectedModel[],
): readonly EligibleModel[] {
  const constraints = tighten(request.constraints, rules);
  const allowed = request.allowedModels && new Set(request.allowedModels);
  const seen = new Uint8Array(snapshot.models.length);
  const eligible: EligibleModel[] = [];
  const admit = (place: number, group: number, substituteFor?: string): boolean => {
    const compiled = snapshot.models[place];
    if (!compiled || seen[place] === 1) return false;
    seen[place] = 1;
    const estimates = estimatesFor(compiled, request.taskClass);
    const rejection = rejectModel(compiled, estimates, request, constraints, rules, allowed);
    if (rejection) rejected.push(rejection);
    else eligible.push({ compiled, estimates, group, substituteFor });
    return !rejection;
  };
  if (rules.pinned) {
    for (const place of rules.pinned) admit(place, 0);
    return eligible;
  }
  if (!request.wantedModels) {
    if (request.allowedModels) {
      for (const id of request.allowedModels) for (const place of snapshot.placesById.get(id) ?? []) admit(place, 0);
    } else {
      for (const { place, model } of snapshot.models) if (model.isAutomatic !== false) admit(place, 0);
    }
    return eligible;
  }
  const isEligible = (place: number) => eligible.some(({ compiled }) => compiled.place === place);
  const missing: string[] = [];
  for (const wanted of request.wantedModels) {
    const places = snapshot.placesById.get(wanted) ?? [];
    if (places.length === 0)
      rejected.push({ modelId: wanted, code: 'UNKNOWN_MODEL', reason: 'not set up in this team' });
    const admitted = places.filter((place) => admit(place, 0));
    if (admitted.length === 0 && !places.some((place) => isEligible(place))) missing.push(wanted);
  }
  if (isStrict || request.allowsEquivalents === false) return eligible;
  for (const wanted of missing) {
    for (const catalogId of equivalentsOf(wanted, snapshot)) {
      for (const place of snapshot.placesById.get(catalogId) ?? []) {
        if (snapshot.models[place]?.model.isAutomatic !== false) admit(place, 1, wanted);
      }
    }
  }
  return eligible;
}

function tighten(constraints: RouteConstraints = {}, rules: RuleOutcome): RouteConstraints {
  const cap = rules.maxCostNanoUsd;
  if (cap === undefined) return constraints;
  const own = constraints.maxCostNanoUsd;
  return { ...constraints, maxCostNanoUsd: own !== undefined && own < cap ? own : cap };
}

function estimatesFor(compiled: CompiledModel, taskClass: string | undefined): ModelEstimates {
  return (taskClass ? compiled.byTaskClass.get(taskClass) : undefined) ?? compiled.overall;
}

/** What comparable models are called, from the snapshot or, for a model that is not set up here, from the catalogue. */
function equivalentsOf(wanted: string, snapshot: RoutingSnapshot): readonly string[] {
  const places = snapshot.placesById.get(wanted);
  const known = places?.flatMap((place) => snapshot.models[place]?.model ?? []);
  const ownName = known?.flatMap(({ catalogId }) => catalogId ?? []) ?? [];
  if (known && known.length > 0) return [...ownName, ...known.flatMap(({ equivalents }) => equivalents)];
  const parts = splitModelId(wanted);
  const listed =
    parts && findBuiltInModel(parts.providerId as Parameters<typeof findBuiltInModel>[0], parts.vendorModelId);
  return listed?.equivalents ?? [];
}

/** Substitutes come after what was wanted; what rules prefer comes first of all, in the order of the rule. */
function groupByPreference(
  ranked: readonly RankedModel[],
  preferred: readonly number[],
  strategy: Strategy,
): readonly (readonly RankedModel[])[] {
  if (preferred.length === 0 && !ranked.some(({ group }) => group !== 0)) return ranked.length === 0 ? [] : [ranked];
  const groups = new Map<number, RankedModel[]>();
  for (const model of ranked) {
    const preference = preferred.length > 0 ? preferred.indexOf(model.compiled.place) : -1;
    const key = preference >= 0 ? preference - preferred.length : model.group;
    const members = groups.get(key);
    if (members) members.push(model);
    else groups.set(key, [model]);
  }
  const ordered = [...groups].sort(([a], [b]) => a - b).map(([, members]) => members);
  return strategy === 'parallel' && ordered.length > 0 ? [ordered.flat()] : ordered;
}

/** Chance plays in the first group only; the others are there to fall back on. The session's model is a group of its own. */
function orderGroups(groups: readonly (readonly RankedModel[])[], context: OrderContext) {
  const [best, ...lower] = groups;
  if (!best) return { models: [], isExploration: false, isSticky: false };
  const kept = findSticky(best, context);
  const first = kept ? [kept] : best;
  const others = kept ? [best.filter((model) => model !== kept), ...lower] : lower;
  const order = orderModels(first, context);
  const models: OrderedModel[] = [...order.models];
  for (const group of others) {
    if (group.length === 0 || models.length >= maxListed) continue;
    for (const model of orderModels(group, context).models) models.push({ ...model, propensity: 0 });
  }
  return { models, isExploration: order.isExploration, isSticky: kept !== undefined };
}

function findSticky(models: readonly RankedModel[], { request, strategy }: OrderContext): RankedModel | undefined {
  const last = request.session?.lastModelId;
  if (last === undefined || strategy === 'manual' || strategy === 'parallel') return undefined;
  return models.find(({ compiled }) => compiled.model.modelId === last);
}

function toCandidate(ordered: OrderedModel, request: RouteRequest): RouteCandidate {
  const { compiled, expectedCostNanoUsd, substituteFor } = ordered.ranked;
  const { modelId, providerId, instanceId } = compiled.model;
  const maxCost = compiled.price?.costNanoUsd(request.inputTokens, request.maxOutputTokens);
  return {
    modelId,
    providerId,
    ...(instanceId !== undefined && { instanceId }),
    score: ordered.score,
    criteria: describeCriteria(ordered.ranked),
    ...(expectedCostNanoUsd !== undefined && { expectedCostNanoUsd: toNano(expectedCostNanoUsd) }),
    ...(maxCost !== undefined && { maxCostNanoUsd: toNano(maxCost) }),
    ...(ordered.propensity !== undefined && { propensity: ordered.propensity }),
    ...(ordered.expectedQuality !== undefined && { expectedQuality: ordered.expectedQuality }),
    ...(substituteFor !== undefined && { substituteFor }),
  };
}
