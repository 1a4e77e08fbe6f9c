import type { ChainOutcome, DispatchTarget } from '@switchyard/core/dispatch';
import type { ModelLimits } from '@switchyard/core/guardrails';
import type { CallPurpose } from '@switchyard/core/metrics';
import { mergeParameters, parametersOf, parseRoleReference } from '@switchyard/core/roles';
import {
  extractPromptFeatures,
  mergePreferences,
  type RouteNeeds,
  type RoutePlan,
  type RouteRequest,
  type RoutingPreferences,
  type Strategy,
  toRequestWishes,
} from '@switchyard/core/routing';
import type { ModelCall } from '@switchyard/core/spec';
import type { ApiKeyRules } from '../../auth/api-key-rules.ts';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { resolveLanes } from '../comparisons/resolve-lanes.ts';
import { withFailover } from '../failover/with-failover.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';
import { policyOf } from '../providers/policy-of-chain.ts';
import { withLimits } from '../providers/with-limits.ts';
import { resolveRoleName } from '../roles/resolve-role.ts';
import { admitCall } from './admit-call.ts';
import { automaticName } from './automatic-name.ts';
import { sizeOfCall } from './call-size.ts';
import { allowedModelsOf, assertMayName, nameMeant, notAllowed, permittedResolution } from './key-rules.ts';
import { narrowPreferences } from './narrow-preferences.ts';
import { forbidsFallback, orderNamed } from './order-named.ts';
import { pricedResolution } from './priced-resolution.ts';
import type { MadeDecision } from './routing-desk.ts';
import type { TeamRouting } from './team-routing.ts';

export { automaticName };

/** Of the models that could stand in, so many are asked after the chosen one. */
const mostFallbacks = 4;
const mostReasons = 20;

/** A call whose models were chosen. */
export interface RoutedCall {
  readonly resolution: ModelResolution;
  /** With the id of the decision, where one was made. */
  readonly purpose: CallPurpose;
  /** Undefined when there was nothing to decide: a model was named and no rule had a say. */
  readonly decision: MadeDecision | undefined;
  /** Notes how the call went; must be given the call's promise. Answers the same outcome. */
  follow(running: Promise<ChainOutcome>): Promise<ChainOutcome>;
}

type RoutedRequest = Omit<ModelCall, 'model'>;
type RoutingServices = Pick<Services, 'routing' | 'providers' | 'roles'>;

/** What a call names: at least a model, an alias, a chain, `role:name` or `auto`. */
export interface WantedModel {
  readonly model: string;
  /** What its model may use. */
  readonly limits?: ModelLimits | undefined;
  /** Names that stand in for it, in order. */
  readonly fallbacks?: readonly string[];
  /** Only to know where it would go: nothing is recorded. */
  readonly isPreview?: boolean;
  /** What `model` stands for, where the caller has resolved it: a step of a workflow has models with limits of their own. */
  readonly resolution?: ModelResolution;
  /** In place of the name's own strategy; settings of step and role win over it. */
  readonly strategy?: Strategy;
  /** What a model must be able to do beside what the call itself shows. */
  readonly needs?: RouteNeeds;
  /** Shares for the strategy `weighted`, by model id. */
  readonly modelWeights?: Readonly<Record<string, number>>;
}

/** With what a role adds to models that it does not name itself: those of a rule, or of the router. */
interface TunedModel extends WantedModel {
  readonly rules?: ApiKeyRules | undefined;
  readonly tune?: (target: DispatchTarget) => DispatchTarget;
}

/**
 * The one way from what a call names to candidates. The team's rules and limits apply whatever was named. `path` is where
 * the input has the name. Asks nothing and nobody but for a team's first call.
 * Throws `NoEligibleModelFailure` with the reason for each model that was looked at.
 */
export async function routeCall(
  services: RoutingServices,
  asked: WantedModel,
  call: RoutedRequest,
  purpose: CallPurpose,
  path: readonly string[],
): Promise<RoutedCall> {
  // Whoever came with the key has noted its rules already; only runs wait for them.
  const read = services.routing.keys?.of(purpose.apiKeyId);
  const rules = read instanceof Promise ? await read : read;
  const wanted: TunedModel = { ...asked, model: nameMeant(rules, asked.model, purpose.source), rules };
  // The first call of a team waits for its rules; all others find them in memory.
  const found = services.routing.of(purpose.teamId);
  const team = found instanceof Promise ? await found : found;
  const role = parseRoleReference(wanted.model);
  assertMayName(rules, wanted.model, role ?? (wanted.resolution ? purpose.role : undefined), path);
  for (const name of wanted.fallbacks ?? []) assertMayName(rules, name, parseRoleReference(name), path);
  const route =
    role !== undefined
      ? routeRole(services, team, role, wanted, call, purpose, path)
      : wanted.model === automaticName
        ? routeAutomatically(services, team, wanted, call, purpose, path)
        : routeNamed(services, team, wanted, call, purpose, path);
  const { purpose: made } = route;
  const permitted = permittedResolution(rules, route.resolution, path);
  const resolution = services.routing.needsPrice(purpose.teamId) ? pricedResolution(permitted, path) : permitted;
  const failing = withFailover(services, {
    ...{ resolution, purpose: made, requested: wanted.model },
    size: () => sizeOfCall(call),
    describe: () => ({
      request: describeRequest(team, call, made, team.preferences, { strategy: 'manual' }, needsOf(call)),
      snapshot: team.snapshot,
    }),
  });
  const ready = { ...route, resolution: permittedResolution(rules, failing, path) };
  return rules && !wanted.isPreview ? admitCall(services, rules, ready, call) : ready;
}

/** The models of a role like those of a chain, or the router's choice; the role's parameters hold under the caller's. */
function routeRole(
  services: RoutingServices,
  team: TeamRouting,
  name: string,
  wanted: WantedModel,
  call: RoutedRequest,
  purpose: CallPurpose,
  path: readonly string[],
): RoutedCall {
  const { resolution, parameters, tune } = resolveRoleName(services, team.teamId, name, path);
  const route = resolution ? routeNamed : routeAutomatically;
  const tuned = { ...call, ...mergeParameters(parameters, parametersOf(call)) };
  return route(services, team, { ...wanted, tune }, tuned, { ...purpose, role: name }, path);
}

function routeAutomatically(
  services: RoutingServices,
  team: TeamRouting,
  {
    model: requested,
    limits,
    fallbacks = [],
    strategy,
    needs,
    isPreview,
    tune = (target) => target,
    rules,
  }: TunedModel,
  call: RoutedRequest,
  purpose: CallPurpose,
  path: readonly string[],
): RoutedCall {
  const ofStep = strategy && { strategy };
  const preferences = mergePreferences([...narrowPreferences(team, purpose), ofStep, team.preferences]);
  const asked = preferences.strategy ?? 'balanced';
  const allowedModels = onlyAutomatic(team, allowedModelsOf(services, rules, team.teamId));
  if (rules && allowedModels?.length === 0) throw notAllowed(rules, requested, path);
  const wishes = { ...wishFor(team, asked), ...(allowedModels && { allowedModels }) };
  const request = describeRequest(team, call, purpose, preferences, wishes, {
    ...needsOf(call),
    ...needs,
  });
  const decision = services.routing.decide(team, request);
  const { plan } = decision;
  const isStrict = request.isStrict || forbidsFallback(plan);
  const chosen = plan.candidates.slice(0, 1 + mostFallbacks).flatMap(({ modelId }) => team.findTarget(modelId) ?? []);
  const others = isStrict || fallbacks.length === 0 ? [] : planFallbacks(services, team, fallbacks, request, path);
  const known = new Set(chosen.map(({ modelId }) => modelId));
  const targets = [
    ...chosen.map((target) => tune(withLimits(target, limits))),
    ...others.filter(({ modelId }) => !known.has(modelId)),
  ];
  if (!isFilled(targets)) throw noCandidate(plan, path);
  const { configuration } = services.providers.snapshot;
  const policy = policyOf(configuration, undefined);
  const resolution: ModelResolution = { requested, kind: 'auto', targets, refused: [], policy };
  return record(services, team, decision, request, resolution, purpose, isPreview);
}

/** What the router may choose unasked; the others of the allowed ones only where there is nothing else. */
function onlyAutomatic(team: TeamRouting, allowed: readonly string[] | undefined): readonly string[] | undefined {
  if (!allowed) return undefined;
  const automatic = new Set(
    team.snapshot.models.flatMap(({ model }) => (model.isAutomatic === false ? [] : [model.modelId])),
  );
  const left = allowed.filter((modelId) => automatic.has(modelId));
  return left.length > 0 ? left : allowed;
}

/** Those of the fallbacks that rules and limits let through, in their order. */
function planFallbacks(
  services: RoutingServices,
  team: TeamRouting,
  fallbacks: readonly string[],
  request: RouteRequest,
  path: readonly string[],
): readonly DispatchTarget[] {
  const [first, ...rest] = fallbacks;
  if (first === undefined) return [];
  const [lane] = resolveLanes(services, team.teamId, [{ model: first, limits: undefined, fallbacks: rest }], path);
  const targets = lane?.resolution.targets ?? [];
  const wantedModels = targets.map(({ modelId }) => modelId);
  team.include(wantedModels);
  const { plan } = services.routing.decide(team, {
    ...request,
    strategy: 'manual',
    wantedModels,
    allowsEquivalents: false,
  });
  return orderNamed(plan, targets, () => undefined);
}

function routeNamed(
  services: RoutingServices,
  team: TeamRouting,
  wantedModel: TunedModel,
  call: RoutedRequest,
  purpose: CallPurpose,
  path: readonly string[],
): RoutedCall {
  const {
    model: requestedName,
    limits,
    fallbacks = [],
    tune = (target) => target,
    needs,
    modelWeights,
    rules,
  } = wantedModel;
  const [lane] = wantedModel.resolution
    ? [wantedModel]
    : resolveLanes(services, purpose.teamId, [{ model: requestedName, limits, fallbacks }], path);
  if (!lane?.resolution) throw new Error('A model that was resolved has its place in the list.');
  const resolved = permittedResolution(rules, lane.resolution, path);
  const ofName = team.preferencesOf(`name:${requestedName}`);
  const chosen = mergePreferences([...narrowPreferences(team, purpose), ofName]);
  const asked = chosen.strategy ?? wantedModel.strategy ?? resolved.strategy ?? 'manual';
  // The team's own strategy is for `auto`: who names models in order wants them in this order.
  const { strategy: _ofAuto, ...general } = team.preferences;
  const preferences = mergePreferences([chosen, general]);
  const hasWishes = preferences.limits !== undefined || preferences.isStrict === true || preferences.allowsEquivalents;
  if (asked === 'manual' && !hasWishes && team.snapshot.rules.rules.length === 0) {
    return { resolution: resolved, purpose, decision: undefined, follow: (running) => running };
  }
  const wanted = resolved.targets.map(({ modelId }) => modelId);
  team.include(wanted);
  const allowedModels = allowedModelsOf(services, rules, team.teamId, resolved.targets);
  const wishes = {
    ...{ ...wishFor(team, asked), wantedModels: wanted },
    ...(modelWeights && { modelWeights }),
    ...(allowedModels && { allowedModels }),
  };
  const named = { allowsEquivalents: false, ...preferences };
  const request = describeRequest(
    team,
    call,
    purpose,
    named,
    wishes,
    asked === 'manual' ? undefined : { ...needsOf(call), ...needs },
  );
  const decision = services.routing.decide(team, request);
  const findTarget = (modelId: string) => {
    const target = team.findTarget(modelId);
    return target && tune(withLimits(target, limits));
  };
  const targets = orderNamed(decision.plan, resolved.targets, findTarget, request.isStrict);
  if (!isFilled(targets)) throw noCandidate(decision.plan, path);
  const resolution: ModelResolution = { ...resolved, targets };
  const isChoice = decision.plan.candidates.length > 1 && asked !== 'manual';
  const isRuled =
    decision.plan.matchedRules.length > 0 || decision.plan.failedRules.some(({ isEnforced }) => isEnforced);
  if (!isChoice && !isRuled) return { resolution, purpose, decision: undefined, follow: (running) => running };
  return record(services, team, decision, request, resolution, purpose, wantedModel.isPreview);
}

function isFilled(targets: readonly DispatchTarget[]): targets is readonly [DispatchTarget, ...DispatchTarget[]] {
  return targets.length > 0;
}

/** The strategy as asked; while the adaptive one is switched off, the balanced one, and the decision says so. */
export function wishFor(
  team: TeamRouting,
  asked: NonNullable<RouteRequest['strategy']>,
): Pick<RouteRequest, 'strategy' | 'remark'> {
  if (asked !== 'adaptive' || team.isAdaptiveOn) return { strategy: asked };
  return {
    strategy: 'balanced',
    remark: 'The adaptive strategy is switched off (models.adaptiveRouting), so the balanced one was used.',
  };
}

/** The request as rules and strategies see it; it holds no prompt. */
export function describeRequest(
  team: TeamRouting,
  call: RoutedRequest,
  purpose: CallPurpose,
  preferences: RoutingPreferences,
  wishes: Pick<RouteRequest, 'strategy' | 'wantedModels' | 'allowedModels' | 'modelWeights' | 'remark'>,
  needs: RouteNeeds | undefined,
): RouteRequest {
  const { teamId, role, workflowId, stepId, taskClass, tags, apiKeyId, userId } = purpose;
  const mayLearn = team.isAdaptiveOn && (wishes.strategy === 'adaptive' || team.hasAdaptiveRule);
  return {
    teamId,
    atMs: team.nowMs,
    ...(role !== undefined && { role }),
    ...(workflowId !== undefined && { workflowId }),
    ...(stepId !== undefined && { stepId }),
    ...(taskClass !== undefined && { taskClass }),
    ...(tags && { tags }),
    ...(apiKeyId !== undefined && { keyId: apiKeyId }),
    ...(userId !== undefined && { userId }),
    ...(mayLearn && { features: extractPromptFeatures(lastText(call), taskClass) }),
    ...sizeOfCall(call),
    ...(needs && Object.keys(needs).length > 0 && { needs }),
    ...toRequestWishes(preferences),
    ...wishes,
  };
}

/** What a model must be able to do to serve the call as it stands. */
export function needsOf(call: RoutedRequest): RouteNeeds {
  const hasImage = call.messages.some(
    (message) => message.role !== 'tool' && message.content.some(({ type }) => type === 'image'),
  );
  const thinks = call.reasoningEffort !== undefined && !['none', 'minimal'].includes(call.reasoningEffort);
  return {
    ...(hasImage && { vision: true }),
    ...(call.tools && call.tools.length > 0 && { tools: true }),
    ...(call.output?.type === 'json' && { json: true }),
    ...(thinks && { reasoning: true }),
  };
}

/** The words that the kind of work is told from: the last thing that was asked, else the system prompt. */
function lastText(call: RoutedRequest): string {
  for (const message of call.messages.toReversed()) {
    if (message.role !== 'user') continue;
    return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  }
  return call.system ?? '';
}

function record(
  services: RoutingServices,
  team: TeamRouting,
  decision: MadeDecision,
  request: RouteRequest,
  resolution: ModelResolution,
  purpose: CallPurpose,
  isPreview = false,
): RoutedCall {
  const { source, sourceId } = purpose;
  const facts = { requestedName: resolution.requested, source, sourceId, decidedAtMs: request.atMs };
  if (!isPreview) services.routing.record(decision, request, facts);
  return {
    resolution,
    purpose: { ...purpose, decisionId: decision.id },
    decision,
    follow: (running) => services.routing.follow(team, decision, running),
  };
}

function noCandidate({ rejected, matchedRules, failedRules }: RoutePlan, path: readonly string[]): Error {
  const reasons = rejected
    .slice(0, mostReasons)
    .map(({ modelId, reason }) => ({ modelId, reason: `${modelId}: ${reason}.` }));
  const rules = [...matchedRules, ...failedRules.filter(({ isEnforced }) => isEnforced)];
  const hint =
    rules.length > 0
      ? `Rules that had a say: ${rules.map(({ name }) => `"${name}"`).join(', ')}.`
      : 'No model is set up that could serve it.';
  const all = reasons.length > 0 ? reasons : [{ modelId: automaticName, reason: hint }];
  return new NoEligibleModelFailure(all, path, 'ROUTING.NO_CANDIDATE');
}
