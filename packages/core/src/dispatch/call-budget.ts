import { computeCost, type PriceQuote } from '../catalog/index.ts';
import {
  asksForLength,
  type BudgetLedger,
  type BudgetRefusal,
  type BudgetWarning,
  boundCall,
  type CallAttributes,
  type CallRoom,
  checkLimits,
  type EstimatedModel,
  measureUse,
  type RequestLimits,
  type ReserveRequest,
  roomOfLimits,
  tighterRoom,
} from '../guardrails/index.ts';
import type { CallPurpose, CallRecord } from '../metrics/index.ts';
import type { ModelCall, Usage } from '../spec/index.ts';
import type { DispatchTarget } from './dispatch-target.ts';
import { RequestUse, tokensOf } from './request-use.ts';

/** What stands against a call: a budget, or a limit of the model in its step, or of the request. */
export interface CallBreach {
  readonly limitedBy: 'budget' | 'model' | 'request';
  readonly refusal: BudgetRefusal;
  readonly attributes: CallAttributes;
  /** What the call was expected to cost; undefined without a price. */
  readonly expectedNanoUsd: bigint | undefined;
}

/** Leave to make one call, with its reservation. */
export interface CallPermit {
  readonly isGranted: true;
  /** As it may be made: perhaps with a shorter answer than the model's longest. */
  readonly call: ModelCall;
  readonly limitedTo: number | undefined;
  readonly expectedNanoUsd: bigint | undefined;
  readonly attributes: CallAttributes;
  readonly warnings: readonly BudgetWarning[];
  /** The call has ended: books what it used and answers the record with what the vendor did not say filled in. */
  settle(record: CallRecord, receivedText: string): CallRecord;
  /** The call was never made. */
  release(): void;
}

export interface PermitRequest {
  /** Its price must not change any more. */
  readonly target: DispatchTarget;
  readonly call: ModelCall;
  readonly purpose: CallPurpose;
  /** Of the record that the call will leave. */
  readonly callId: string;
  readonly requestLimits: RequestLimits | undefined;
  /** What the other calls of the request use; absent: there are none. */
  readonly use?: RequestUse;
}

/** Asks limits and ledger for leave to make one call. Never throws for a ledger that is away. */
export async function askPermit(
  request: PermitRequest,
  ledger: BudgetLedger | undefined,
): Promise<CallPermit | { readonly isGranted: false; readonly breach: CallBreach }> {
  const { target, call, purpose, callId, requestLimits, use = new RequestUse() } = request;
  const { limits, modelId, price } = target;
  const attributes = toAttributes(purpose, target);
  const model = modelOf(target);
  const ofLedger = ledger?.room(attributes);
  const ofLimits = roomOfLimits(limits, use.read(modelId), requestLimits, use.read());
  if (!ofLedger && !ofLimits) {
    const settle = (record: CallRecord, text: string) => completeRecord(record, text, call, price);
    const nothing = { limitedTo: undefined, expectedNanoUsd: undefined, warnings: [], release: () => {} };
    return { isGranted: true, call, attributes, ...nothing, settle };
  }
  const room = tighterRoom(ofLedger, ofLimits);
  let breach: CallBreach | undefined;
  for (const isTight of [false, true]) {
    const bound = boundCall(call, model, price, isTight ? roomAfter(breach, room) : room, isTight);
    const { upperBound, expectedNanoUsd } = bound;
    const limited = checkLimits(modelId, limits, use.read(modelId), requestLimits, use.read(), upperBound);
    if (limited) {
      breach = { ...limited, attributes, expectedNanoUsd };
    } else {
      // Held before anything is waited for, so that no call beside it takes the same room.
      use.hold(callId, modelId, upperBound);
      const reservation: ReserveRequest = { reservationId: callId, callId, attributes, upperBound };
      const answer = ofLedger && ledger ? await ledger.reserve(reservation) : undefined;
      if (!answer || answer.isGranted) {
        return {
          isGranted: true,
          call: bound.call,
          limitedTo: bound.limitedTo,
          expectedNanoUsd,
          attributes,
          warnings: answer?.warnings ?? [],
          settle(record, text) {
            const settled = completeRecord(record, text, bound.call, price);
            if (answer) ledger?.settle(callId, toActual(settled), reservation);
            return settled;
          },
          release() {
            use.drop(callId);
            ledger?.release(callId);
          },
        };
      }
      use.drop(callId);
      breach = { limitedBy: 'budget', refusal: answer.refusal, attributes, expectedNanoUsd };
    }
    // A shorter answer only helps where the amount was too large, and where the call leaves its length open.
    if (breach.refusal.reason !== 'budget-exceeded' || asksForLength(call)) break;
  }
  if (!breach) throw new Error('A permit was neither granted nor refused.');
  return { isGranted: false, breach };
}

/** What is known of the model for estimates. */
export function modelOf(target: DispatchTarget): EstimatedModel {
  return target.model ?? { providerType: 'custom', vendorModelId: target.vendorModelId };
}

function toAttributes(purpose: CallPurpose, target: DispatchTarget): CallAttributes {
  const { teamId, userId, apiKeyId, role, workflowId, runId, stepId, tags } = purpose;
  const { origin, providerId, modelId } = target;
  return { teamId, origin, providerId, modelId, memberId: userId, apiKeyId, role, workflowId, runId, stepId, tags };
}

/**
 * Vendors bill what was sent and written although a call was given up or broke off; what they did not report, or what
 * cannot be true, is counted by us and marked. A call that was refused with an error status, or never reached the
 * vendor, has used nothing.
 */
function completeRecord(record: CallRecord, text: string, call: ModelCall, price: PriceQuote | undefined): CallRecord {
  const usage = withoutNonsense(record.usage);
  const isReported = usage.inputTokens !== undefined && usage.outputTokens !== undefined;
  if (isReported && usage === record.usage) return record;
  // Refused with an error status: known to be free.
  if (usage === record.usage && record.costNanoUsd !== undefined) return record;
  const isUnreached = record.errorKind === 'network' && text === '' && record.timeToFirstTokenMs === undefined;
  // Of an answer in one piece that never came nobody knows how much of it was written.
  const isUnseen = call.isWhole && text === '' && usage.outputTokens === undefined;
  const known =
    isUnseen && call.maxOutputTokens !== undefined ? { ...usage, outputTokens: call.maxOutputTokens } : usage;
  const use = isUnreached ? unreachedUse : measureUse({ usage: known, text }, call, price);
  const cost = computeCost(use.usage, price);
  const { costUnknownReason, costNanoUsd, ...rest } = record;
  return {
    ...rest,
    usage: use.usage,
    isUsageEstimated: true,
    ...(cost.kind === 'known' ? { costNanoUsd: cost.costNanoUsd } : { costUnknownReason: cost.reason }),
  };
}

const unreachedUse = { usage: { inputTokens: 0, outputTokens: 0 } } as const;

/** Far above what any model takes or writes; and what tables and sums hold. */
const mostTokens = 2_147_483_647;

/** Leaves out counts that cannot be true: what a vendor (or somebody's own server) reports must not break the books. */
function withoutNonsense(usage: Usage): Usage {
  const isCount = (count: number | undefined) =>
    count === undefined || (Number.isInteger(count) && count >= 0 && count <= mostTokens);
  const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0, longCacheWriteTokens = 0 } = usage;
  const isCacheTrue =
    cachedInputTokens >= 0 &&
    longCacheWriteTokens >= 0 &&
    longCacheWriteTokens <= cacheWriteTokens &&
    (inputTokens === undefined || cachedInputTokens + cacheWriteTokens <= inputTokens);
  if (Object.values(usage).every(isCount) && isCacheTrue) return usage;
  return {
    ...(inputTokens !== undefined && isCount(inputTokens) && { inputTokens }),
    ...(outputTokens !== undefined && isCount(outputTokens) && { outputTokens }),
  };
}

function toActual(record: CallRecord) {
  // Free although nobody counted tokens: the vendor refused it.
  const isFree = record.costNanoUsd === 0n && record.usage.inputTokens === undefined;
  return {
    costNanoUsd: record.costNanoUsd,
    tokens: isFree ? 0n : tokensOf(record),
    isEstimated: record.isUsageEstimated ?? false,
  };
}

/** What there is room for according to the refusal, which knows better than the guess before it. */
function roomAfter(breach: CallBreach | undefined, room: CallRoom | undefined): CallRoom | undefined {
  if (!breach) return room;
  const { unit, limit, spent, reserved } = breach.refusal;
  if (unit === 'requests') return room;
  const free = limit - spent - reserved;
  const told = { [unit === 'cost' ? 'costNanoUsd' : 'tokens']: free > 0n ? free : 0n };
  return tighterRoom(room, told);
}
