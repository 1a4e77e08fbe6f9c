import type { HealthOutcome } from './health-outcome.ts';
import { countOutcomes, errorRateOf, type HealthScore, type OutcomeCounts, scoreHealth } from './health-score.ts';

export const healthStatuses = ['healthy', 'degraded', 'down', 'unknown'] as const;
/** `unknown`: nothing was heard of it lately. */
export type HealthStatus = (typeof healthStatuses)[number];

/** When the status changes. Entering and leaving differ, so that a provider at a limit does not flap. */
export interface HealthSettings {
  /** Only outcomes of this last stretch of time count … */
  readonly windowMs: number;
  /** … but when there are fewer than `minOutcomes`, the last ones of this longer stretch; beyond, nothing is known. */
  readonly staleAfterMs: number;
  /** With fewer outcomes the score changes no status. */
  readonly minOutcomes: number;
  /** Degraded below this score, and by so many outcomes at least that were not as they should be, … */
  readonly degradedBelow: number;
  readonly minTroubled: number;
  /** … healthy again from this one on. */
  readonly healthyFrom: number;
  /** Down below this score, … */
  readonly downBelow: number;
  /** … and out of it from this one on, with twice the outcomes. */
  readonly upFrom: number;
  /** So many faults without an answer between them are an outage of a provider that had none before; up to three times as many otherwise. */
  readonly faultsInRow: number;
  /** So many failed checks in a row, when no call says otherwise. */
  readonly checksInRow: number;
  /** So many answers in a row end an outage; twice as many after each relapse, up to `maxAnswersInRow`. */
  readonly answersInRow: number;
  readonly maxAnswersInRow: number;
  /** An outage so soon after the last one is a relapse. */
  readonly relapseWithinMs: number;
  /** A call that was answered so lately outweighs checks. */
  readonly callsOutweighChecksMs: number;
}

export const defaultHealthSettings: HealthSettings = {
  windowMs: 300_000,
  staleAfterMs: 900_000,
  minOutcomes: 5,
  degradedBelow: 85,
  minTroubled: 3,
  healthyFrom: 92,
  downBelow: 25,
  upFrom: 50,
  faultsInRow: 3,
  checksInRow: 2,
  answersInRow: 3,
  maxAnswersInRow: 24,
  relapseWithinMs: 600_000,
  callsOutweighChecksMs: 120_000,
};

/** What is remembered of a provider from one judgement to the next. Times are epoch milliseconds. */
export interface HealthState {
  readonly status: HealthStatus;
  readonly sinceMs: number;
  /** What happened before belongs to an outage, or to its end, and says nothing of now. */
  readonly countFromMs: number;
  /** How often it went down again soon after it had come back. */
  readonly relapses: number;
  /** When it last came back; undefined: never, or long ago. */
  readonly recoveredAtMs: number | undefined;
}

/** How a provider stands, and by what. */
export interface HealthJudgement {
  readonly state: HealthState;
  readonly score: HealthScore | undefined;
  readonly counts: OutcomeCounts;
  /** Failures as a share of what was counted. */
  readonly errorRate: number | undefined;
  /** What is wrong; undefined while it is healthy or unknown. */
  readonly cause: HealthCause | undefined;
}

/** Why a status is not healthy. */
export type HealthCause = 'no-answer' | 'errors' | 'latency' | 'mixed';

export const unknownHealth: HealthState = {
  status: 'unknown',
  sinceMs: 0,
  countFromMs: 0,
  relapses: 0,
  recoveredAtMs: undefined,
};

/**
 * Judges a provider by `outcomes`, oldest first, knowing how it stood. Pure: equal inputs give equal judgements. What lies
 * in the future, by a clock that is wrong, counts as of now.
 */
export function judgeHealth(
  before: HealthState,
  outcomes: readonly HealthOutcome[],
  nowMs: number,
  settings: HealthSettings = defaultHealthSettings,
): HealthJudgement {
  const heard = outcomes.filter(
    ({ atMs }) => atMs > nowMs - settings.staleAfterMs && Math.min(atMs, nowMs) >= before.countFromMs,
  );
  const weighed = weigh(heard, nowMs, settings);
  const state = decide(before, weighed, nowMs, settings);
  const counted = windowOf(
    weighed.filter(({ atMs }) => Math.min(atMs, nowMs) >= state.countFromMs),
    nowMs,
    settings,
  );
  const counts = countOutcomes(counted);
  const score = scoreHealth(counts);
  return { state, score, counts, errorRate: errorRateOf(counts), cause: causeOf(state.status, counts, settings) };
}

/** How many faults in a row are an outage, when `answers` and `faults` came before them in the window. */
export function faultsInRowNeeded(answers: number, faults: number, settings = defaultHealthSettings): number {
  // The chance of such a row by the share of faults that is usual for it: at most one in a million.
  const usualShare = (faults + 0.01) / (answers + faults + 1);
  const needed = Math.ceil(Math.log(1e-6) / Math.log(Math.min(0.99, usualShare)));
  return Math.min(3 * settings.faultsInRow, Math.max(settings.faultsInRow, needed));
}

/** What counts of `heard`: calls alone where there are enough of them; failed checks not when calls are answered. */
function weigh(heard: readonly HealthOutcome[], nowMs: number, settings: HealthSettings): readonly HealthOutcome[] {
  const calls = heard.filter(({ source, atMs }) => source === 'call' && atMs > nowMs - settings.windowMs);
  const lastCall = calls.at(-1);
  const isAnswering =
    lastCall?.verdict !== undefined &&
    lastCall.verdict !== 'fault' &&
    lastCall.atMs > nowMs - settings.callsOutweighChecksMs;
  return isAnswering ? heard.filter(({ source, verdict }) => source === 'call' || verdict !== 'fault') : heard;
}

/** The outcomes that are added up. */
function windowOf(
  weighed: readonly HealthOutcome[],
  nowMs: number,
  { windowMs, minOutcomes }: HealthSettings,
): readonly HealthOutcome[] {
  const recent = weighed.filter(({ atMs }) => atMs > nowMs - windowMs);
  const calls = recent.filter(({ source }) => source === 'call');
  if (calls.length >= minOutcomes) return calls;
  return recent.length >= minOutcomes ? recent : weighed.slice(-minOutcomes);
}

function decide(
  before: HealthState,
  weighed: readonly HealthOutcome[],
  nowMs: number,
  settings: HealthSettings,
): HealthState {
  if (weighed.length === 0) return move(before, 'unknown', nowMs);
  const window = windowOf(weighed, nowMs, settings);
  const counts = countOutcomes(window);
  const score = scoreHealth(counts)?.score ?? 0;
  const troubled = counts.faults + counts.limited + counts.slow + counts.verySlow;
  const isEnough = window.length >= settings.minOutcomes;
  if (before.status === 'down') return decideFromDown(before, weighed, window, score, nowMs, settings);
  if (isOutage(weighed, nowMs, settings)) {
    const first = [rowAtEnd(weighed, isFault)[0], rowOfCalls(weighed, nowMs, settings)[1][0]];
    const fromMs = Math.min(...first.map((outcome) => outcome?.atMs ?? nowMs));
    return enterDown(before, fromMs, nowMs, settings);
  }
  if (isEnough && score < settings.downBelow) return enterDown(before, window[0]?.atMs ?? nowMs, nowMs, settings);
  if (before.status === 'degraded') {
    const isWell =
      score >= settings.healthyFrom && window.length >= Math.min(settings.answersInRow, settings.minOutcomes);
    return isWell ? move(before, 'healthy', nowMs) : before;
  }
  if (isEnough && troubled >= settings.minTroubled && score < settings.degradedBelow)
    return move(before, 'degraded', nowMs);
  if (before.status === 'healthy') return before;
  // The first answers after silence: one is enough to know that it lives.
  return window.some(({ verdict }) => verdict !== 'fault') ? move(before, 'healthy', nowMs) : before;
}

function decideFromDown(
  before: HealthState,
  weighed: readonly HealthOutcome[],
  window: readonly HealthOutcome[],
  score: number,
  nowMs: number,
  settings: HealthSettings,
): HealthState {
  const answers = rowAtEnd(weighed, (verdict) => verdict !== 'fault');
  const lastCallFault = weighed.findLast(({ source, verdict }) => source === 'call' && verdict === 'fault');
  // A provider that answers checks and fails calls is not back.
  const isCallNeeded = lastCallFault !== undefined && lastCallFault.atMs > nowMs - settings.windowMs;
  const needed = Math.min(settings.maxAnswersInRow, settings.answersInRow * 2 ** before.relapses);
  if (answers.length >= needed && (!isCallNeeded || answers.some(({ source }) => source === 'call'))) {
    const countFromMs = Math.min(nowMs, answers[0]?.atMs ?? nowMs);
    const isLimited = answers.every(({ verdict }) => verdict === 'limited');
    return { ...before, status: isLimited ? 'degraded' : 'healthy', sinceMs: nowMs, countFromMs, recoveredAtMs: nowMs };
  }
  const isHalfWell = window.length >= 2 * settings.minOutcomes && score >= settings.upFrom;
  return isHalfWell && answers.length > 0
    ? { ...before, status: 'degraded', sinceMs: nowMs, recoveredAtMs: nowMs }
    : before;
}

/** Checks that are answered do not interrupt calls that fail, since a vendor may list its models and answer nobody. */
function isOutage(weighed: readonly HealthOutcome[], nowMs: number, settings: HealthSettings): boolean {
  const row = rowAtEnd(weighed, isFault);
  if (row.filter(({ source }) => source === 'check').length >= settings.checksInRow) return true;
  return isLongRow(weighed, row, settings) || isLongRow(...rowOfCalls(weighed, nowMs, settings), settings);
}

/** The calls of the window, and those of them at its end that failed. */
function rowOfCalls(
  weighed: readonly HealthOutcome[],
  nowMs: number,
  { windowMs }: HealthSettings,
): [readonly HealthOutcome[], readonly HealthOutcome[]] {
  const calls = weighed.filter(({ source, atMs }) => source === 'call' && atMs > nowMs - windowMs);
  return [calls, rowAtEnd(calls, isFault)];
}

function isLongRow(all: readonly HealthOutcome[], row: readonly HealthOutcome[], settings: HealthSettings): boolean {
  if (!row.some(({ source }) => source === 'call')) return false;
  const earlier = all.slice(0, all.length - row.length);
  const faults = earlier.filter(({ verdict }) => isFault(verdict)).length;
  return row.length >= faultsInRowNeeded(earlier.length - faults, faults, settings);
}

function isFault(verdict: HealthOutcome['verdict']): boolean {
  return verdict === 'fault';
}

/** The outcomes at the end of which every one is as `isWanted` says. */
function rowAtEnd(
  outcomes: readonly HealthOutcome[],
  isWanted: (verdict: HealthOutcome['verdict']) => boolean,
): readonly HealthOutcome[] {
  let first = outcomes.length;
  while (first > 0 && isWanted(outcomes[first - 1]!.verdict)) first -= 1;
  return outcomes.slice(first);
}

function enterDown(before: HealthState, fromMs: number, nowMs: number, settings: HealthSettings): HealthState {
  const { recoveredAtMs } = before;
  const isRelapse = recoveredAtMs !== undefined && nowMs - recoveredAtMs < settings.relapseWithinMs;
  return {
    status: 'down',
    sinceMs: nowMs,
    countFromMs: Math.min(fromMs, nowMs),
    relapses: isRelapse ? before.relapses + 1 : 0,
    recoveredAtMs: undefined,
  };
}

function move(before: HealthState, status: HealthStatus, nowMs: number): HealthState {
  return before.status === status ? before : { ...before, status, sinceMs: nowMs };
}

function causeOf(status: HealthStatus, counts: OutcomeCounts, settings: HealthSettings): HealthCause | undefined {
  if (status === 'down') return 'no-answer';
  if (status !== 'degraded') return undefined;
  const failed = counts.faults + counts.limited;
  const slow = counts.slow + counts.verySlow;
  if (Math.min(failed, slow) >= settings.minTroubled) return 'mixed';
  return failed >= slow ? 'errors' : 'latency';
}
