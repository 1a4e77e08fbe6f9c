import type { AttemptDetails, RunEntry, RunStep, StepDetails } from './run-record.ts';
import type { Span } from './time-axis.ts';

/** One attempt at one vendor. Times are milliseconds since the run was started. */
export interface AttemptBar extends Span {
  readonly kind: 'attempt';
  readonly key: string;
  readonly attempt: AttemptDetails;
  /** When its text began; null when none came. */
  readonly firstTokenMs: number | null;
}

/** A time in which nothing was asked: before the first attempt, before a retry, or for a person. */
export interface WaitBar extends Span {
  readonly kind: 'queue' | 'retry-wait' | 'person';
  readonly key: string;
}

/** Work without a model. */
export interface WorkBar extends Span {
  readonly kind: 'work';
  readonly key: string;
}

/** Something that happened at one moment. */
export interface MomentMark {
  readonly kind: 'failover' | 'skipped' | 'breach' | 'voided' | 'circuit' | 'hedge';
  readonly key: string;
  readonly atMs: number;
}

/** A line of the waterfall: what one slot of a step did, or a step without models. */
export interface WaterfallRow {
  readonly key: string;
  readonly stepId: string;
  /** Of a map: the entry, from 0. */
  readonly itemIndex: number | null;
  readonly slot: number;
  readonly bars: readonly (AttemptBar | WaitBar | WorkBar)[];
  readonly marks: readonly MomentMark[];
}

const markKinds: Readonly<Partial<Record<RunEntry['entry']['kind'], MomentMark['kind']>>> = {
  FAILOVER_HAPPENED: 'failover',
  CANDIDATE_SKIPPED: 'skipped',
  BUDGET_REFUSED: 'breach',
  LATENCY_TARGET_MISSED: 'breach',
  OUTPUT_VOIDED: 'voided',
  CIRCUIT_CHANGED: 'circuit',
  HEDGE_STARTED: 'hedge',
};
/** A wait that is too short to be seen is none. */
const shortestQueueMs = 5;

/**
 * The lines of a run's waterfall, in the order of its steps. `nowMs` is where open bars end; all times are epoch
 * milliseconds of the server, `originMs` that of the start of the run.
 */
export function waterfallRows(
  steps: readonly StepDetails[],
  stepOf: (stepId: string) => RunStep | undefined,
  entries: readonly RunEntry[],
  originMs: number,
  nowMs: number,
): readonly WaterfallRow[] {
  return steps.flatMap((step) => {
    const live = stepOf(step.stepId);
    const startedAtMs = live?.startedAtMs ?? (step.startedAt === null ? null : Date.parse(step.startedAt));
    if (startedAtMs === null) return [];
    const endedAtMs = live?.endedAtMs ?? (step.endedAt === null ? nowMs : Date.parse(step.endedAt));
    const base = { stepId: step.stepId, itemIndex: null, slot: 0 };
    if (step.attempts.length === 0) {
      const kind = step.type === 'APPROVAL' ? 'person' : 'work';
      const bar = { kind, key: 'whole', startMs: startedAtMs - originMs, endMs: endedAtMs - originMs } as const;
      return [{ ...base, key: step.stepId, bars: [bar], marks: [] }];
    }
    return rowsOfCalls(step, startedAtMs, entries, originMs, nowMs);
  });
}

function rowsOfCalls(
  step: StepDetails,
  startedAtMs: number,
  entries: readonly RunEntry[],
  originMs: number,
  nowMs: number,
): WaterfallRow[] {
  const bySlot = new Map<string, AttemptDetails[]>();
  for (const attempt of step.attempts) {
    const key = slotKey(attempt.place);
    bySlot.set(key, [...(bySlot.get(key) ?? []), attempt]);
  }
  const rows = [...bySlot].map(([slot, attempts]): WaterfallRow => {
    const ordered = [...attempts].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
    const own = entries.filter(({ place }) => place?.stepId === step.stepId && slotKey(place) === slot);
    const tries = ordered.map((attempt) => attemptBar(attempt, originMs, nowMs));
    const first = tries[0];
    const queueEndMs = first?.startMs ?? 0;
    const queueStartMs = startedAtMs - originMs;
    const isQueued = first && ordered[0]?.place.itemIndex === null && queueEndMs - queueStartMs > shortestQueueMs;
    const queue: WaitBar[] = isQueued
      ? [{ kind: 'queue', key: 'queue', startMs: queueStartMs, endMs: queueEndMs }]
      : [];
    const waits = own.flatMap(({ entry, atMs, seq }): WaitBar[] => {
      if (entry.kind !== 'RETRY_SCHEDULED' || !entry.waitMs) return [];
      const startMs = atMs - originMs;
      const next = tries.find((each) => each.startMs >= startMs);
      const endMs = Math.min(next?.startMs ?? startMs + entry.waitMs, Math.max(startMs, nowMs - originMs));
      return [{ kind: 'retry-wait', key: `wait${seq}`, startMs, endMs }];
    });
    const marks = own.flatMap(({ entry, atMs, seq }): MomentMark[] => {
      const kind = markKinds[entry.kind];
      return kind ? [{ kind, key: `mark${seq}`, atMs: atMs - originMs }] : [];
    });
    const { itemIndex, slot: place } = ordered[0]?.place ?? { itemIndex: null, slot: 0 };
    const key = `${step.stepId}/${slot}`;
    return { key, stepId: step.stepId, itemIndex, slot: place, bars: [...queue, ...waits, ...tries], marks };
  });
  return rows.sort((a, b) => (a.itemIndex ?? 0) - (b.itemIndex ?? 0) || a.slot - b.slot);
}

const slotKey = ({ itemIndex, slot }: { itemIndex: number | null; slot: number }) => `${itemIndex ?? ''}/${slot}`;

function attemptBar(attempt: AttemptDetails, originMs: number, nowMs: number): AttemptBar {
  const startMs = Date.parse(attempt.startedAt) - originMs;
  const endMs = (attempt.endedAt === null ? nowMs : Date.parse(attempt.endedAt)) - originMs;
  const { callId, slot } = attempt.place;
  return {
    kind: 'attempt',
    key: `${callId}/${slot}/${attempt.vendorAttempt}`,
    attempt,
    startMs,
    endMs: Math.max(startMs, endMs),
    firstTokenMs: attempt.firstTokenAt === null ? null : Date.parse(attempt.firstTokenAt) - originMs,
  };
}

/** The times in which models or the engine worked, for the axis; waiting for people is no work. */
export function workSpans(rows: readonly WaterfallRow[]): readonly Span[] {
  return rows.flatMap(({ bars }) => bars.filter(({ kind }) => kind !== 'person'));
}
