import { type CallSpec, defaultRepairs, defaultRoundDelayMs } from '../definition/workflow-definition.ts';
import type { CallAnswer, RunError } from './run-fact.ts';
import { newSlot, type SlotState } from './run-state.ts';

/** What is to be done about the questions of one step or entry. */
export interface SlotsPlan {
  /** Calls to begin now, as far as calls may be begun. */
  readonly starts: readonly {
    readonly slot: number;
    readonly attempt: number;
    readonly purpose: 'answer' | 'repair';
  }[];
  /** The earliest time (epoch milliseconds) at which a failed one is asked again. */
  readonly wakeAtMs?: number;
  /** Why a budget refused; set when a person has to be asked before anything goes on. */
  readonly refusal?: { readonly message: string; readonly budgetApprovalId?: string };
  /** Set when no slot will change any more. */
  readonly result?: {
    /** In the order of the slots, those that were answered. */
    readonly answers: readonly CallAnswer[];
    /** Of the first slot that was not. */
    readonly error?: RunError;
  };
}

/** How many models are asked side by side. */
export function slotCount({ strategy, models }: Pick<CallSpec, 'strategy' | 'models'>): number {
  return strategy === 'parallel' && models ? models.length : 1;
}

/** Decides for all slots of one question. `mayStart`: how many calls may be begun. */
export function planSlots(call: CallSpec, slots: readonly SlotState[], nowMs: number, mayStart: number): SlotsPlan {
  const starts: { slot: number; attempt: number; purpose: 'answer' | 'repair' }[] = [];
  const answers: CallAnswer[] = [];
  let error: RunError | undefined;
  let refusal: SlotsPlan['refusal'];
  let wakeAtMs: number | undefined;
  let isOpen = false;
  for (let index = 0; index < slotCount(call); index += 1) {
    const slot = slots[index] ?? newSlot;
    const verdict = judgeSlot(slot, call, nowMs);
    if (verdict.type === 'answered') answers.push(verdict.answer);
    else if (verdict.type === 'lost') error ??= verdict.error;
    else isOpen = true;
    if (verdict.type === 'refused') {
      const { error: { message } = { message: 'A budget refused the call.' }, budgetApprovalId } = slot;
      refusal ??= { message, ...(budgetApprovalId !== undefined && { budgetApprovalId }) };
    }
    if (verdict.type === 'wait') wakeAtMs = Math.min(wakeAtMs ?? verdict.untilMs, verdict.untilMs);
    if (verdict.type === 'start' && starts.length < mayStart) {
      starts.push({ slot: index, attempt: slot.attempt + 1, purpose: verdict.purpose });
    }
  }
  return {
    starts,
    ...(wakeAtMs !== undefined && { wakeAtMs }),
    ...(refusal && { refusal }),
    ...(!isOpen && { result: { answers, ...(error && { error }) } }),
  };
}

type Verdict =
  | { readonly type: 'answered'; readonly answer: CallAnswer }
  | { readonly type: 'lost'; readonly error: RunError }
  | { readonly type: 'start'; readonly purpose: 'answer' | 'repair' }
  | { readonly type: 'wait'; readonly untilMs: number }
  | { readonly type: 'open' | 'refused' };

function judgeSlot(slot: SlotState, { output, retry }: CallSpec, nowMs: number): Verdict {
  const lost: Verdict = {
    type: 'lost',
    error: slot.error ?? { code: 'MODEL.FAILED', message: 'The call failed.' },
  };
  switch (slot.status) {
    case 'idle':
      return { type: 'start', purpose: 'answer' };
    case 'started':
      return { type: 'open' };
    case 'refused':
      return { type: 'refused' };
    case 'answered':
      return slot.answer ? { type: 'answered', answer: slot.answer } : lost;
    case 'invalid':
      return slot.repairs < (output?.repairs ?? defaultRepairs) ? { type: 'start', purpose: 'repair' } : lost;
    case 'failed': {
      if (!slot.isTransient || slot.rounds >= (retry?.rounds ?? 1)) return lost;
      const waitMs = (retry?.roundDelayMs ?? defaultRoundDelayMs) * 2 ** (slot.rounds - 1);
      const untilMs = (slot.endedAtMs ?? nowMs) + waitMs;
      return nowMs >= untilMs ? { type: 'start', purpose: 'answer' } : { type: 'wait', untilMs };
    }
  }
}
