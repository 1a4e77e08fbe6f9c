import { larger, smaller } from './amounts.ts';
import type { CallRoom } from './bound-call.ts';
import type { Budget, CallAttributes } from './budget.ts';
import { demandsOf, type WindowCalendar } from './budget-demand.ts';
import type { UpperBound } from './budget-ledger.ts';

const nothing: UpperBound = { costNanoUsd: 0n, tokens: 0n };

/**
 * What the hard budgets that such a call counts in leave free, as far as this process knows; undefined when it counts
 * in no budget at all. A guess for planning: only a reservation is sure.
 */
export function readRoom(
  attributes: CallAttributes,
  budgets: readonly Budget[],
  calendar: WindowCalendar,
  nowMs: number,
  figuresOf: (windowId: string) => { readonly spent: bigint; readonly reserved: bigint } | undefined,
): CallRoom | undefined {
  const request = { reservationId: '', callId: '', attributes, upperBound: nothing };
  const demands = demandsOf(request, budgets, calendar, nowMs);
  if (demands.length === 0) return undefined;
  const room: { costNanoUsd?: bigint; tokens?: bigint } = {};
  for (const { budget, account, limit } of demands) {
    if (budget.mode !== 'hard' || budget.unit === 'requests') continue;
    const figures = figuresOf(account.windowId);
    const free = larger(limit - (figures?.spent ?? 0n) - (figures?.reserved ?? 0n), 0n);
    const unit = budget.unit === 'cost' ? 'costNanoUsd' : 'tokens';
    const before = room[unit];
    room[unit] = before === undefined ? free : smaller(before, free);
  }
  return room;
}
