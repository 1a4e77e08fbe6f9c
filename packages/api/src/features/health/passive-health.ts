import { judgeFailure, judgeSpeed } from '@switchyard/core/health';
import type { Clock } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import { MinuteCounters } from './minute-counters.ts';
import { OutcomeWindow } from './outcome-window.ts';
import { UsualSpeed } from './usual-speed.ts';

/** Finds the provider that a team means by the id before the slash of a model's id. */
export type FindSubject = (
  teamId: string,
  slug: string,
) => { readonly id: string; readonly origin: string } | undefined;

const maxMessageCharacters = 500;

/** What real calls say of providers: remembered as they end, in memory alone. */
export class PassiveHealth {
  readonly minutes = new MinuteCounters();
  readonly usual = new UsualSpeed();
  readonly #windows = new Map<string, OutcomeWindow>();
  readonly #clock: Clock;
  readonly #findSubject: FindSubject;
  /** Told of each provider about which something was heard that may change its status. */
  readonly #onNews: (subjectId: string, isFault: boolean) => void;

  constructor(clock: Clock, findSubject: FindSubject, onNews: (subjectId: string, isFault: boolean) => void) {
    this.#clock = clock;
    this.#findSubject = findSubject;
    this.#onNews = onNews;
  }

  /** A call has ended. Neither waits nor throws. */
  note(record: CallRecord): void {
    const subject = this.#findSubject(record.teamId, record.providerId);
    if (!subject || subject.origin !== record.origin || record.outcome === 'cancelled') return;
    const atMs = this.#clock.nowMs();
    const { modelId } = record;
    const isSuccess = record.outcome === 'succeeded';
    const verdict = isSuccess ? 'success' : judgeFailure(record.errorKind);
    // How long an answer takes depends on its length; how long it takes to begin depends on the provider.
    const latencyMs = isSuccess ? (record.timeToFirstTokenMs ?? record.latencyMs) : undefined;
    const speed =
      latencyMs === undefined
        ? 'very-slow'
        : judgeSpeed(latencyMs, this.usual.measure(`${subject.id} ${modelId}`, latencyMs, atMs));
    const errorKind = isSuccess ? undefined : (record.errorKind ?? 'other');
    this.minutes.add({ subjectId: subject.id, modelId, atMs, verdict, speed, errorKind, latencyMs });
    if (verdict === undefined) return;
    const failure = isSuccess
      ? undefined
      : {
          atMs,
          kind: record.errorKind,
          message: (record.errorMessage ?? 'It failed without a word.').slice(0, maxMessageCharacters),
          modelId,
        };
    this.windowOf(subject.id).add({ atMs, source: 'call', verdict, speed, modelId }, failure);
    this.#onNews(subject.id, verdict === 'fault');
  }

  windowOf(subjectId: string): OutcomeWindow {
    let window = this.#windows.get(subjectId);
    if (!window) {
      window = new OutcomeWindow();
      this.#windows.set(subjectId, window);
    }
    return window;
  }

  get windows(): ReadonlyMap<string, OutcomeWindow> {
    return this.#windows;
  }

  /** Forgets providers that are gone. */
  keepOnly(subjectIds: ReadonlySet<string>): void {
    for (const id of this.#windows.keys()) if (!subjectIds.has(id)) this.#windows.delete(id);
  }
}
