import type { PriceQuote } from '../catalog/index.ts';
import type { ModelCall } from '../spec/index.ts';
import { tighter } from './amounts.ts';
import type { UpperBound } from './budget-ledger.ts';
import {
  affordableOutputTokens,
  asksForLength,
  type EstimatedModel,
  estimateCall,
  usualOutputOf,
} from './estimate-call.ts';

/** What hard limits leave for a call: nano-USD and tokens; undefined where nothing limits. */
export interface CallRoom {
  readonly costNanoUsd?: bigint | undefined;
  readonly tokens?: bigint | undefined;
}

/** What two sets of limits leave together. */
export function tighterRoom(a: CallRoom | undefined, b: CallRoom | undefined): CallRoom | undefined {
  if (!a || !b) return a ?? b;
  return { costNanoUsd: tighter(a.costNanoUsd, b.costNanoUsd), tokens: tighter(a.tokens, b.tokens) };
}

/** A call with the most that it can use. */
export interface BoundCall {
  readonly call: ModelCall;
  readonly upperBound: UpperBound;
  /** A guess of what it will cost, from above; undefined without a price. */
  readonly expectedNanoUsd: bigint | undefined;
  /** The longest answer it was cut to, in tokens; absent when it was left as it was asked for. */
  readonly limitedTo?: number;
}

/** One call should not hold more than this part of what is free, so that others can run beside it. */
const fairShare = 16n;
/** An answer is only cut below a fair share of the room when it may still be this many times a usual one. */
const comfort = 4;

/**
 * The most that `call` can use. A call that does not say how long its answer may get would hold the model's longest
 * answer, which few ever give and many budgets cannot hold: its answer is limited to a fair share (one sixteenth) of
 * `room`, though not below four usual answers; with `isTight`, to what fits into `room`, though not below one usual
 * answer. A call that names its own length is left alone.
 */
export function boundCall(
  call: ModelCall,
  model: EstimatedModel,
  price: PriceQuote | undefined,
  room: CallRoom | undefined,
  isTight = false,
): BoundCall {
  const whole = estimateCall(call, model, price);
  const expectedNanoUsd = whole.expected?.highNanoUsd;
  const uncut = { call, upperBound: whole.upperBound, expectedNanoUsd };
  if (!room || asksForLength(call)) return uncut;
  const usual = usualOutputOf(call);
  const least = isTight ? usual : usual * comfort;
  const share = isTight ? 1n : fairShare;
  const fitting = Math.min(
    room.costNanoUsd !== undefined && price
      ? affordableOutputTokens(call, model, price, room.costNanoUsd / share)
      : Number.POSITIVE_INFINITY,
    room.tokens === undefined
      ? Number.POSITIVE_INFINITY
      : Number(room.tokens / share - whole.upperBound.tokens) + whole.maxOutputTokens,
  );
  const most = isTight ? usual * comfort : Number.POSITIVE_INFINITY;
  const limit = Math.min(Math.max(fitting, least), Math.max(most, least));
  if (limit >= whole.maxOutputTokens) return uncut;
  const limitedTo = Math.floor(limit);
  const cut = { ...call, maxOutputTokens: limitedTo };
  return { call: cut, upperBound: estimateCall(cut, model, price).upperBound, expectedNanoUsd, limitedTo };
}
