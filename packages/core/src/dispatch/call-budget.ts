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
  nothingUsed,
  type RequestLimits,
  type ReserveRequest,
  roomOfLimits,
  type UsedSoFar,
} from '../guardrails/index.ts';
import type { CallPurpose, CallRecord } from '../metrics/index.ts';
import type { ModelCall } from '../spec/index.ts';
import type { DispatchTarget } from './dispatch-target.ts';

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
  readonly used: UsedSoFar;
  readonly usedByModel: UsedSoFar;
}

/** Asks limits and ledger for leave to make one call. Never throws for a ledger that is away. */
export async function askPermit(
  request: PermitRequest,
  ledger: BudgetLedger | undefined,
): Promise<CallPermit | { readonly isGranted: false; readonly breach: CallBreach }> {
  const { target, call, purpose, callId } = request;
  const attributes = toAttributes(purpose, target);
  const model = modelOf(target);
  const { price } = target;
  const ofLedger = ledger?.room(attributes);
  const ofLimits = roomOfLimits(target.limits, request.usedByModel, request.requestLimits, request.used);
  if (!ofLedger && !ofLimits) {
    const settle = (record: CallRecord, text: string) => completeRecord(record, text, call, price);
    const nothing = { limitedTo: undefined, expectedNanoUsd: undefined, warnings: [], release: () => {} };
    return { isGranted: true, call, attributes, ...nothing, settle };
  }
  const room = smallest(ofLedger, ofLimits);
  let breach: CallBreach | undefined;
  for (const isTight of [false, true]) {
    const bound = boundCall(call, model, price, isTight ? roomAfter(breach, room) : room, isTight);
    const { upperBound, expectedNanoUsd } = bound;
    const limited = checkLimits(
      target.modelId,
      target.limits,
      request.usedByModel,
      request.requestLimits,
      request.used,
      upperBound,
    );
    if (limited) {
      breach = { ...limited, attributes, expectedNanoUsd };
    } else {
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
          release: () => ledger?.release(callId),
        };
      }
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

/** What calls have used together, as far as it is known. */
export function sumUse(records: readonly CallRecord[]): UsedSoFar {
  if (records.length === 0) return nothingUsed;
  let costNanoUsd = 0n;
  let tokens = 0n;
  for (const record of records) {
    costNanoUsd += record.costNanoUsd ?? 0n;
    tokens += tokensOf(record) ?? 0n;
  }
  return { costNanoUsd, tokens };
}

function toAttributes(purpose: CallPurpose, target: DispatchTarget): CallAttributes {
  const { teamId, userId, apiKeyId, role, workflowId, runId, stepId, tags } = purpose;
  const { origin, providerId, modelId } = target;
  return { teamId, origin, providerId, modelId, memberId: userId, apiKeyId, role, workflowId, runId, stepId, tags };
}

/**
 * Vendors bill what was sent and written although a call was given up or broke off; what they did not report is counted
 * by us and marked. A call that was refused with an error status, or never reached the vendor, has used nothing.
 */
function completeRecord(record: CallRecord, text: string, call: ModelCall, price: PriceQuote | undefined): CallRecord {
  const { usage } = record;
  if (usage.inputTokens !== undefined && usage.outputTokens !== undefined) return record;
  // Refused with an error status: known to be free.
  if (record.costNanoUsd !== undefined) return record;
  const isUnreached = record.errorKind === 'network' && text === '' && record.timeToFirstTokenMs === undefined;
  const use = isUnreached ? { usage: { inputTokens: 0, outputTokens: 0 } } : measureUse({ usage, text }, call, price);
  const cost = computeCost(use.usage, price);
  const { costUnknownReason, ...rest } = record;
  return {
    ...rest,
    usage: use.usage,
    isUsageEstimated: true,
    ...(cost.kind === 'known' ? { costNanoUsd: cost.costNanoUsd } : { costUnknownReason: cost.reason }),
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

function tokensOf({ usage: { inputTokens, outputTokens } }: CallRecord): bigint | undefined {
  const sum = (inputTokens ?? Number.NaN) + (outputTokens ?? Number.NaN);
  return Number.isSafeInteger(sum) && sum >= 0 ? BigInt(sum) : undefined;
}

function smallest(a: CallRoom | undefined, b: CallRoom | undefined): CallRoom | undefined {
  if (!a || !b) return a ?? b;
  return { costNanoUsd: least(a.costNanoUsd, b.costNanoUsd), tokens: least(a.tokens, b.tokens) };
}

/** What there is room for according to the refusal, which knows better than the guess before it. */
function roomAfter(breach: CallBreach | undefined, room: CallRoom | undefined): CallRoom | undefined {
  if (!breach) return room;
  const { unit, limit, spent, reserved } = breach.refusal;
  if (unit === 'requests') return room;
  const free = limit - spent - reserved;
  const told = { [unit === 'cost' ? 'costNanoUsd' : 'tokens']: free > 0n ? free : 0n };
  return smallest(room, told);
}

function least(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
