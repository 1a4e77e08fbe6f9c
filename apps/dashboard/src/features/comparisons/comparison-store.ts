import { applyEvent, expectRetry } from './apply-event.ts';
import type { ComparisonEvent, ComparisonRecord, LaneRecord } from './comparison-record.ts';
import { laneAt } from './lane-at.ts';
import { laneOriginMs } from './race-geometry.ts';

/** What the page around the lanes needs; a new object only when one of these changed. */
export interface ComparisonSummary {
  state: ComparisonRecord['state'];
  laneIds: readonly string[];
  laneStates: readonly LaneRecord['state'][];
  totalCostUsd: string | null;
  hasGap: boolean;
  isReplaying: boolean;
  /** True when the marks of every lane's whole text are known. */
  isRecorded: boolean;
}

const noticeIntervalMs = 50;
const whole = '*';

function summaryOf(record: ComparisonRecord, isReplaying: boolean): ComparisonSummary {
  return {
    state: record.state,
    laneIds: record.laneIds,
    laneStates: record.laneIds.map((id) => (record.lanes[id] as LaneRecord).state),
    totalCostUsd: record.totalCostUsd,
    hasGap: record.hasGap,
    isReplaying,
    isRecorded: record.laneIds.every((id) => record.lanes[id]?.unmarkedLength === 0),
  };
}

/**
 * Holds one comparison outside React. Events are applied at once; listeners hear of them in one animation frame, at most 20 times a second,
 * and only those of the lanes that changed.
 */
export class ComparisonStore {
  #record: ComparisonRecord;
  #summary: ComparisonSummary;
  #replayMs: number | null = null;
  #shown = new Map<string, { source: LaneRecord; atMs: number; view: LaneRecord }>();
  #listeners = new Map<string, Set<() => void>>();
  #touched = new Set<string>();
  #isScheduled = false;
  #lastNoticeMs = 0;
  /** Server clock minus own clock, from the fastest event seen. */
  clockSkewMs = 0;
  #hasSkew = false;

  constructor(record: ComparisonRecord) {
    this.#record = record;
    this.#summary = summaryOf(record, false);
  }

  get record(): ComparisonRecord {
    return this.#record;
  }

  /** Milliseconds since the start of each lane that the replay shows; null when it is not on. */
  get replayMs(): number | null {
    return this.#replayMs;
  }

  /** The moment that a lane is shown at, as server time. */
  momentOf(lane: LaneRecord, nowMs: number): number {
    return this.#replayMs === null ? nowMs + this.clockSkewMs : laneOriginMs(this.#record, lane) + this.#replayMs;
  }

  summary = (): ComparisonSummary => this.#summary;

  /** A lane as it is shown: live, or as it was at the replay's moment. */
  lane = (laneId: string): LaneRecord => {
    const source = this.#record.lanes[laneId] as LaneRecord;
    if (this.#replayMs === null) return source;
    const atMs = laneOriginMs(this.#record, source) + this.#replayMs;
    const shown = this.#shown.get(laneId);
    if (shown && shown.source === source && shown.atMs === atMs) return shown.view;
    const view = laneAt(source, atMs);
    this.#shown.set(laneId, { source, atMs, view });
    return view;
  };

  subscribeLane = (laneId: string, listener: () => void): (() => void) => {
    const listeners = this.#listeners.get(laneId) ?? new Set();
    this.#listeners.set(laneId, listeners.add(listener));
    return () => listeners.delete(listener);
  };

  subscribe = (listener: () => void): (() => void) => this.subscribeLane(whole, listener);

  apply(event: ComparisonEvent): void {
    const skew = Date.parse(event.at) - Date.now();
    if (!this.#hasSkew || skew > this.clockSkewMs) {
      this.clockSkewMs = skew;
      this.#hasSkew = true;
    }
    this.#replace(applyEvent(this.#record, event));
  }

  expectRetry(laneId: string): void {
    this.#replace(expectRetry(this.#record, laneId));
  }

  /** Takes a fresh answer of the server when it is ahead of what is known. */
  load(record: ComparisonRecord): void {
    if (record.lastSeq > this.#record.lastSeq || this.#record.hasGap) this.#replace(record);
  }

  /** Puts in the recorded marks of a finished stream that was not seen live. */
  addRecording(recording: ComparisonRecord): void {
    const lanes = Object.fromEntries(
      Object.entries(this.#record.lanes).map(([id, lane]) => {
        const recorded = recording.lanes[id];
        const fits = recorded && recorded.attempt === lane.attempt && recorded.output === lane.output;
        return [
          id,
          fits && lane.unmarkedLength > 0
            ? { ...lane, marks: recorded.marks, unmarkedLength: 0, firstTokenAtMs: recorded.firstTokenAtMs }
            : lane,
        ];
      }),
    );
    this.#replace({ ...this.#record, lanes });
  }

  /** Shows the lanes as they were this long after their start; null goes back to now. */
  showAt(replayMs: number | null): void {
    this.#replayMs = replayMs;
    for (const id of this.#record.laneIds) this.#touched.add(id);
    this.#refreshSummary();
    this.#notify();
  }

  #replace(next: ComparisonRecord): void {
    const previous = this.#record;
    if (next === previous) return;
    this.#record = next;
    for (const id of next.laneIds) if (next.lanes[id] !== previous.lanes[id]) this.#touched.add(id);
    this.#refreshSummary();
    this.#schedule();
  }

  #refreshSummary(): void {
    const next = summaryOf(this.#record, this.#replayMs !== null);
    const last = this.#summary;
    const isSame =
      next.state === last.state &&
      next.totalCostUsd === last.totalCostUsd &&
      next.hasGap === last.hasGap &&
      next.isReplaying === last.isReplaying &&
      next.isRecorded === last.isRecorded &&
      next.laneIds === last.laneIds &&
      next.laneStates.every((state, index) => state === last.laneStates[index]);
    if (isSame) return;
    this.#summary = next;
    this.#touched.add(whole);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const wait = (callback: () => void) =>
      document.hidden ? setTimeout(callback, 250) : requestAnimationFrame(callback);
    const run = () => {
      if (performance.now() - this.#lastNoticeMs < noticeIntervalMs - 4) {
        wait(run);
        return;
      }
      this.#isScheduled = false;
      this.#notify();
    };
    wait(run);
  }

  #notify(): void {
    this.#lastNoticeMs = performance.now();
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const key of touched) for (const listener of this.#listeners.get(key) ?? []) listener();
  }
}
