import type { Clock } from '../kernel/index.ts';
import type { FailoverReturn } from './failover-plan.ts';
import { judgeStatus, type TriggerVerdict, type WatchedStatus } from './judge-triggers.ts';

/** A model that a plan passes over now. */
export interface PassedOver {
  readonly planId: string;
  /** Provider instance and the vendor's model. */
  readonly key: string;
  readonly modelId: string;
  readonly verdict: TriggerVerdict;
  /** Epoch milliseconds. */
  readonly outAtMs: number;
  /** On the monotonic clock. */
  readonly sinceMs: number;
  /** Good answers in a row since then. */
  readonly answers: number;
}

/** Why a model is asked first again. */
export type ReturnReason = 'answers' | 'by-hand' | 'plan-changed';

export interface WatchListener {
  onOut(out: PassedOver): void;
  onReturn(out: PassedOver, reason: ReturnReason): void;
}

/**
 * Which models the plans pass over now, in this process: from the moment at which a trigger fires until the plan's condition for
 * the return is met. Asks nobody; who keeps it tells it what others found out.
 */
export class FailoverWatch {
  readonly #clock: Clock;
  readonly #listener: WatchListener | undefined;
  readonly #out = new Map<string, PassedOver>();

  constructor(clock: Clock, listener?: WatchListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  get all(): readonly PassedOver[] {
    return [...this.#out.values()];
  }

  find(planId: string, key: string): PassedOver | undefined {
    return this.#out.get(nameOf(planId, key));
  }

  /** How long it has been passed over, in milliseconds. */
  ageMs({ sinceMs }: PassedOver): number {
    return this.#clock.monotonicMs() - sinceMs;
  }

  /** A trigger fired. Told once: nothing happens while it is passed over already. */
  pass(planId: string, key: string, modelId: string, verdict: TriggerVerdict): void {
    const name = nameOf(planId, key);
    if (this.#out.has(name)) return;
    const outAtMs = this.#clock.nowMs();
    const out = { planId, key, modelId, verdict, outAtMs, sinceMs: this.#clock.monotonicMs(), answers: 0 };
    this.#out.set(name, out);
    this.#listener?.onOut(out);
  }

  /** What another process, or this one in an earlier life, found out; the listener is not told. */
  adopt(out: Omit<PassedOver, 'sinceMs' | 'answers'>): void {
    const name = nameOf(out.planId, out.key);
    if (!this.#out.has(name)) this.#out.set(name, { ...out, sinceMs: this.#clock.monotonicMs(), answers: 0 });
  }

  /**
   * A call on trial, or a check, showed how the model is. True when it is asked first again from now on. `status`: that of
   * its provider; one that is passed over for its status does not return before that is well.
   */
  noteAnswer(
    planId: string,
    key: string,
    isGood: boolean,
    returning: FailoverReturn,
    status: WatchedStatus | undefined,
    triggers: Parameters<typeof judgeStatus>[1],
  ): boolean {
    const out = this.find(planId, key);
    if (!out) return false;
    const answers = isGood ? out.answers + 1 : 0;
    this.#out.set(nameOf(planId, key), { ...out, answers });
    if (returning.kind === 'by-hand' || judgeStatus(status, triggers)) return false;
    const needed = returning.kind === 'at-once' ? 1 : returning.answers;
    if (answers < needed) return false;
    this.release(planId, key, 'answers');
    return true;
  }

  /** It is asked first again. `isTold`: somebody else has told it already. */
  release(planId: string, key: string, reason: ReturnReason, isTold = false): void {
    const name = nameOf(planId, key);
    const out = this.#out.get(name);
    if (!out) return;
    this.#out.delete(name);
    if (!isTold) this.#listener?.onReturn(out, reason);
  }
}

const nameOf = (planId: string, key: string) => `${planId} ${key}`;
