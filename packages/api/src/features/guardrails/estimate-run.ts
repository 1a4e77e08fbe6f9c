import type { DispatchTarget } from '@switchyard/core/dispatch';
import {
  type BoundCall,
  type Budget,
  boundCall,
  type CallAttributes,
  type CallEstimate,
  type CallRoom,
  type CostRange,
  demandsOf,
  type EstimatedModel,
  estimateCall,
  estimateCostRange,
  needsRoom,
  type UpperBound,
  WindowCalendar,
} from '@switchyard/core/guardrails';
import type { CallOrigin, CallPurpose } from '@switchyard/core/metrics';
import { mergeParameters, parametersOf } from '@switchyard/core/roles';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { parseInput } from '../../parse-input.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import {
  buildCall,
  imagesInput,
  parametersInput,
  promptInput,
  systemPromptInput,
} from '../comparisons/generation-input.ts';
import { routeCall } from '../routing/route-call.ts';
import type { LiveWindow } from './live-windows.ts';
import { readWindows } from './read-windows.ts';

const nameInput = z.string().min(1).max(300).nullish();
const input = z.object({
  models: z.array(z.string().min(1).max(300)).min(1, 'Choose a model.').max(8, 'Choose at most 8 models.'),
  prompt: promptInput,
  systemPrompt: systemPromptInput,
  images: imagesInput,
  parameters: parametersInput,
  role: nameInput,
  workflowId: nameInput,
  stepId: nameInput,
  tags: z.array(z.string().min(1).max(100)).max(20).nullish(),
});

/** What one model of the run will probably cost. */
export interface ModelEstimate {
  /** As it was asked for. */
  readonly requested: string;
  /** The first that would be called; undefined when none can be. */
  readonly modelId: string | undefined;
  readonly origin: CallOrigin | undefined;
  readonly unavailableReason: string | undefined;
  readonly inputTokens: number | undefined;
  /** The longest answer. */
  readonly maxOutputTokens: number | undefined;
  /** The longest answer was cut to this, so that the call fits into the budgets. */
  readonly answerLimitedTo: number | undefined;
  readonly range: CostRange | undefined;
  readonly maxNanoUsd: bigint | undefined;
  /** Whether every hard budget has room for it, beside the models before it. */
  readonly fits: boolean;
}

/** A budget that the run counts in, and whether it has room. */
export interface BudgetRoom {
  readonly budget: Budget;
  readonly origin: CallOrigin;
  readonly subject: string;
  readonly windowId: string;
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly limit: bigint;
  readonly free: bigint;
  /** The most that all models together can use, in the budget's unit. */
  readonly requested: bigint;
  readonly hasUnpriced: boolean;
}

export interface RunEstimate {
  readonly models: readonly ModelEstimate[];
  readonly budgets: readonly BudgetRoom[];
}

const nothing: UpperBound = { costNanoUsd: 0n, tokens: 0n };
const historyMs = 28 * 86_400_000;
const mostRecords = 200;

/**
 * What a prompt would cost on these models and whether the budgets have room for it: nothing is called and nothing is
 * reserved, so the answer holds for this moment. Three queries. Throws `ValidationFailure`.
 */
export async function estimateRun(services: Services, identity: Identity, rawInput: unknown): Promise<RunEstimate> {
  const wanted = parseInput(input, rawInput);
  const { teamId } = identity;
  const nowMs = services.clock.nowMs();
  const resolutions = await Promise.all(
    wanted.models.map(async (name) => ({ name, found: await preview(services, identity, name, wanted) })),
  );
  const budgets = services.budgets.book.read(teamId);
  const targets = resolutions.flatMap(({ found }) => ('target' in found ? [found] : []));
  const calendar = new WindowCalendar();
  const windowIds = targets.flatMap(({ target, role }) => {
    const request = {
      reservationId: '',
      callId: '',
      attributes: attributesOf(identity, target, wanted, role),
      upperBound: nothing,
    };
    return demandsOf(request, budgets, calendar, nowMs).map(({ account }) => account.windowId);
  });
  const [windows, history] = await Promise.all([
    readWindows(services, budgets, [...new Set(windowIds)]),
    services.spend.readOutputTokens(
      {
        teamId,
        modelIds: [...new Set(targets.map(({ target }) => target.modelId))],
        stepId: wanted.stepId ?? undefined,
      },
      nowMs - historyMs,
      mostRecords,
    ),
  ]);
  const rooms = new RoomBook(budgets, windows, calendar, nowMs);
  const models = resolutions.map(({ name, found }): ModelEstimate => {
    if ('reason' in found) return unavailable(name, found.reason);
    const { target, role } = found;
    const built = buildCall({ ...wanted, vendorModelId: target.vendorModelId });
    const call = { ...built, ...mergeParameters(target.parameters, parametersOf(built)) };
    const model = estimatedModelOf(services, teamId, target);
    const attributes = attributesOf(identity, target, wanted, role);
    const { bound, fits } = rooms.take(attributes, (room, isTight) =>
      boundCall(call, model, target.price, room, isTight),
    );
    const estimate: CallEstimate = estimateCall(bound.call, model, target.price);
    return {
      requested: name,
      modelId: target.modelId,
      origin: target.origin,
      unavailableReason: undefined,
      inputTokens: estimate.inputTokens,
      maxOutputTokens: estimate.maxOutputTokens,
      answerLimitedTo: bound.limitedTo,
      range: estimateCostRange(estimate, target.price, history.get(target.modelId) ?? []),
      maxNanoUsd: bound.upperBound.costNanoUsd,
      fits,
    };
  });
  return { models, budgets: rooms.rooms() };
}

/** What is free in each window, less what the models before would take. */
class RoomBook {
  readonly #budgets: readonly Budget[];
  readonly #windows: ReadonlyMap<string, LiveWindow>;
  readonly #rooms = new Map<string, BudgetRoom>();
  readonly #calendar: WindowCalendar;
  readonly #nowMs: number;

  constructor(budgets: readonly Budget[], windows: readonly LiveWindow[], calendar: WindowCalendar, nowMs: number) {
    this.#budgets = budgets;
    this.#calendar = calendar;
    this.#windows = new Map(windows.map((window) => [window.windowId, window]));
    this.#nowMs = nowMs;
  }

  rooms(): readonly BudgetRoom[] {
    return [...this.#rooms.values()];
  }

  /** Bounds a call as the dispatcher would: with a comfortable answer, else with one that just fits. */
  take(
    attributes: CallAttributes,
    bind: (room: CallRoom | undefined, isTight: boolean) => BoundCall,
  ): { readonly bound: BoundCall; readonly fits: boolean } {
    const room = this.#roomOf(attributes);
    const tries = [false, true].map((isTight) => {
      const bound = bind(room, isTight);
      return { bound, demands: this.#demands(attributes, bound.upperBound) };
    });
    const fitting = tries.find(({ demands }) => demands.every((demand) => this.#fits(demand)));
    const { bound, demands } = fitting ?? tries[0] ?? { bound: bind(room, false), demands: [] };
    for (const demand of demands) {
      const before = this.#roomFor(demand);
      this.#rooms.set(demand.account.windowId, {
        ...before,
        requested: before.requested + demand.amount,
        hasUnpriced: before.hasUnpriced || demand.isUnpriced,
      });
    }
    return { bound, fits: fitting !== undefined };
  }

  #demands(attributes: CallAttributes, upperBound: BoundCall['upperBound']) {
    const request = { reservationId: '', callId: '', attributes, upperBound };
    return demandsOf(request, this.#budgets, this.#calendar, this.#nowMs);
  }

  #roomOf(attributes: CallAttributes): CallRoom | undefined {
    const demands = this.#demands(attributes, nothing);
    if (demands.length === 0) return undefined;
    const least = (unit: Budget['unit']) =>
      demands
        .filter(({ budget }) => budget.mode === 'hard' && budget.unit === unit)
        .map((demand) => this.#left(demand))
        .reduce<bigint | undefined>((low, left) => (low === undefined || left < low ? left : low), undefined);
    return { costNanoUsd: least('cost'), tokens: least('tokens') };
  }

  #fits(demand: ReturnType<typeof demandsOf>[number]): boolean {
    if (demand.isUnpriced) return false;
    return !needsRoom(demand) || demand.amount <= this.#left(demand);
  }

  #left(demand: ReturnType<typeof demandsOf>[number]): bigint {
    const { free, requested } = this.#roomFor(demand);
    return free > requested ? free - requested : 0n;
  }

  #roomFor({ budget, account, limit }: ReturnType<typeof demandsOf>[number]): BudgetRoom {
    const known = this.#rooms.get(account.windowId);
    if (known) return known;
    const { windowId, origin, subject } = account;
    const { spent, reserved, free } = this.#windows.get(windowId) ?? { spent: 0n, reserved: 0n, free: limit };
    return { budget, origin, subject, windowId, spent, reserved, free, limit, requested: 0n, hasUnpriced: false };
  }
}

/** Who would be asked first, as the router sees it now, rules and limits put in; or why nobody can be. */
async function preview(
  services: Services,
  identity: Identity,
  model: string,
  wanted: z.output<typeof input>,
): Promise<{ readonly target: DispatchTarget; readonly role: string | undefined } | { readonly reason: string }> {
  const { teamId, userId, apiKeyId } = identity;
  const { role, workflowId, stepId, tags } = wanted;
  const purpose: CallPurpose = {
    teamId,
    source: 'complete',
    ...(userId !== undefined && { userId }),
    ...(apiKeyId !== undefined && { apiKeyId }),
    ...(role && { role }),
    ...(workflowId && { workflowId }),
    ...(stepId && { stepId }),
    ...(tags && { tags }),
  };
  const call = buildCall({ ...wanted, vendorModelId: '' });
  try {
    const routed = await routeCall(services, { model, isPreview: true }, call, purpose, ['input', 'models']);
    return { target: routed.resolution.targets[0], role: routed.purpose.role };
  } catch (error) {
    if (!(error instanceof NoEligibleModelFailure)) throw error;
    const [first, ...more] = error.rejected;
    const others = more.length > 0 ? ` So it is with ${more.length} more.` : '';
    return { reason: `${first?.reason ?? error.message}${others}` };
  }
}

function estimatedModelOf(services: Services, teamId: string, target: DispatchTarget): EstimatedModel {
  if (target.model) return target.model;
  const offered = services.providers.findModel(teamId, target.modelId);
  const maxOutputTokens = offered?.catalog.maxOutputTokens;
  return {
    providerType: offered?.instance.type ?? 'custom',
    vendorModelId: target.vendorModelId,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

function attributesOf(
  identity: Identity,
  { providerId, modelId, origin }: DispatchTarget,
  { workflowId, stepId, tags }: z.output<typeof input>,
  role: string | undefined,
): CallAttributes {
  return {
    teamId: identity.teamId,
    origin,
    providerId,
    modelId,
    memberId: identity.userId,
    apiKeyId: identity.apiKeyId,
    role,
    workflowId: workflowId ?? undefined,
    stepId: stepId ?? undefined,
    tags: tags ?? undefined,
  };
}

function unavailable(requested: string, unavailableReason: string): ModelEstimate {
  return {
    requested,
    modelId: undefined,
    origin: undefined,
    unavailableReason,
    inputTokens: undefined,
    maxOutputTokens: undefined,
    answerLimitedTo: undefined,
    range: undefined,
    maxNanoUsd: undefined,
    fits: false,
  };
}
