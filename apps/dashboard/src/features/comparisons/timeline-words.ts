import { formatDuration } from '../../format/number-format.ts';
import type { ErrorBlame } from '../../gql/comparisons.ts';
import type { LaneRecord, TimelineEntry } from './comparison-record.ts';
import { failureTitles } from './failure-titles.ts';

/** How a model is called in a sentence. */
export type NameOf = (modelId: string) => string;

export type StepTone = 'neutral' | 'info' | 'good' | 'warn' | 'bad';

/** One step for people. */
export interface StepWords {
  tone: StepTone;
  title: string;
  /** In the provider's words. */
  quote: string | null;
  /** Who has to act, or what it means. */
  note: string | null;
}

const reasons: Readonly<Record<string, string>> = {
  'transient-failure': 'such failures often pass',
  timeout: 'it did not answer in time',
  'not-retryable': 'the same request would fail again there',
  'content-policy': 'its content policy refused the prompt',
  'attempts-used': 'all tries are used up',
  'wait-too-long': 'it asks to wait longer than there is time',
  'retry-budget-empty': 'this provider fails so often that retries are held back',
  'overall-deadline': 'the time for the whole call is over',
  cancelled: 'the call was stopped',
  'circuit-open': 'its circuit is open after repeated failures',
  'queue-deadline': 'it had no free place in time',
  'output-interrupted': 'its answer broke off',
  'prefill-refused': 'it does not write on from a given text',
  'output-was-delivered': 'its text had been delivered already',
  'budget-exceeded': 'a budget stands against it',
};

/** A reason word of the server as a clause; an unknown word stays readable. */
export const reasonWords = (reason: string | null): string | null =>
  reason === null ? null : (reasons[reason] ?? reason.replaceAll('-', ' '));

const breachDecisions: Readonly<Record<string, string>> = {
  'skip-to-next': 'The next model is asked instead.',
  'cheaper-equivalent': 'A cheaper model is asked instead.',
  'ask-approval': 'An admin is asked for approval.',
  'fail-fast': 'Nothing else is tried.',
};

const blames: Record<ErrorBlame, string> = {
  PROVIDER: 'The provider has to act; trying again or elsewhere helps.',
  OPERATOR: 'Whoever runs this installation has to act: check the key, the quota or the model’s name.',
  CALLER: 'Whoever wrote the request has to act: it would fail at every try.',
  CLIENT: 'Nobody has to act: the call was stopped as asked.',
};

/** `number` rounded to what is read while it counts down: tenths below ten seconds. */
export const formatWait = (ms: number): string =>
  ms < 10_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : formatDuration(ms);

/** One step in words. `nowMs` is server time, for what still lies ahead. */
export function stepWords(entry: TimelineEntry, nameOf: NameOf, nowMs: number): StepWords {
  const name = nameOf(entry.modelId);
  const plain = { quote: null, note: null };
  const reason = reasonWords(entry.reason);
  switch (entry.kind) {
    case 'ROUTE_DECIDED':
      return {
        ...plain,
        tone: 'info',
        title: `The router chose ${name}`,
        note: entry.route?.explanation ?? null,
      };
    case 'ATTEMPT_STARTED': {
      const how = entry.isProbe ? ', to see whether it is back' : '';
      const continues = entry.isContinuation ? 'It writes on from the text so far.' : null;
      return {
        tone: 'neutral',
        title: `Try ${entry.attempt ?? ''}: ${name} is asked${how}`,
        quote: null,
        note: continues,
      };
    }
    case 'ATTEMPT_FAILED': {
      const after = entry.latencyMs === null ? '' : ` after ${formatDuration(entry.latencyMs)}`;
      const what = entry.errorKind ? failureTitles[entry.errorKind] : 'It failed';
      return {
        tone: 'bad',
        title: `Try ${entry.attempt ?? ''} failed${after}: ${lowerFirst(what)}`,
        quote: entry.message,
        note: entry.blame ? blames[entry.blame] : null,
      };
    }
    case 'RETRY_SCHEDULED': {
      const waitMs = entry.waitMs ?? 0;
      const title =
        waitMs === 0 ? `${name} is asked again at once` : `Wait of ${formatWait(waitMs)} before the next try`;
      return { tone: 'warn', title, quote: null, note: reason ? sentence(`Tried again because ${reason}`) : null };
    }
    case 'FAILOVER_HAPPENED':
      return {
        ...plain,
        tone: 'info',
        title: `From ${name} to ${entry.toModelId ? nameOf(entry.toModelId) : 'another model'}`,
        note: reason ? sentence(`${name} is left because ${reason}`) : null,
      };
    case 'CIRCUIT_CHANGED': {
      if (entry.circuit === 'CLOSED') return { ...plain, tone: 'good', title: `${name} is back: its circuit closed` };
      if (entry.circuit === 'HALF_OPEN')
        return { ...plain, tone: 'neutral', title: `One probe of ${name} is let through` };
      const leftMs = entry.probeAt === null ? 0 : Date.parse(entry.probeAt) - nowMs;
      const note =
        leftMs > 0 ? `Nobody calls it for now; a probe in ${formatWait(leftMs)}.` : 'A probe may be sent now.';
      return { tone: 'bad', title: `Circuit of ${name} opened`, quote: null, note };
    }
    case 'CANDIDATE_SKIPPED':
      return {
        ...plain,
        tone: 'warn',
        title: `${name} was passed over`,
        note: reason ? sentence(`It was not asked because ${reason}`) : null,
      };
    case 'HEDGE_STARTED':
      return {
        ...plain,
        tone: 'info',
        title: `${entry.toModelId ? nameOf(entry.toModelId) : name} is asked as well`,
        note: 'The first model was still silent; the faster answer wins.',
      };
    case 'HEDGE_LOST':
      return { ...plain, tone: 'neutral', title: `${name} was given up`, note: 'Another model answered first.' };
    case 'BUDGET_REFUSED':
      return {
        tone: 'warn',
        title: `${name} was not asked: ${entry.budgetName ?? 'a budget'}`,
        quote: null,
        note: [entry.message, entry.decision && breachDecisions[entry.decision]].filter(Boolean).join(' ') || null,
      };
    case 'APPROVAL_REQUESTED':
      return {
        ...plain,
        tone: 'warn',
        title: `Approval is asked for: ${entry.budgetName ?? 'a budget'}`,
        note: entry.waitMs
          ? `It is waited for, for at most ${formatWait(entry.waitMs)}.`
          : 'Run it again when it is granted.',
      };
    case 'APPROVAL_DECIDED': {
      const isApproved = entry.decision === 'approved';
      const title = isApproved
        ? 'The budget was raised'
        : entry.decision === 'declined'
          ? 'The approval was declined'
          : 'Nobody decided in time';
      return { ...plain, tone: isApproved ? 'good' : 'bad', title, note: null };
    }
    case 'OUTPUT_LIMITED':
      return {
        ...plain,
        tone: 'info',
        title: `The answer of ${name} was limited to ${entry.maxOutputTokens ?? 0} tokens`,
        note: 'So that it fits into what budgets leave.',
      };
    case 'LATENCY_TARGET_MISSED':
      return {
        ...plain,
        tone: 'warn',
        title: `${name} took ${formatDuration(entry.latencyMs ?? 0)}`,
        note: `The target is ${formatDuration(entry.latencyTargetMs ?? 0)}.`,
      };
    case 'OUTPUT_VOIDED':
      return {
        ...plain,
        tone: 'warn',
        title: 'The text so far was discarded: the answer began anew',
        note: entry.voidedLength ? `${entry.voidedLength} characters of the try before are void.` : null,
      };
  }
}

/** A retry that waits: how long still, and for which try of which model. Null when nothing waits. */
export interface PendingRetry {
  modelId: string;
  attempt: number;
  leftMs: number;
}

/** What a running lane waits for; `nowMs` is server time. */
export function pendingRetry(lane: LaneRecord, nowMs: number): PendingRetry | null {
  if (lane.state !== 'RUNNING') return null;
  const index = lane.timeline.findLastIndex(({ kind }) => kind === 'RETRY_SCHEDULED');
  const entry = lane.timeline[index];
  if (!entry) return null;
  const isOver = lane.timeline
    .slice(index + 1)
    .some(({ kind }) => kind === 'ATTEMPT_STARTED' || kind === 'FAILOVER_HAPPENED' || kind === 'ATTEMPT_FAILED');
  if (isOver) return null;
  const leftMs = Date.parse(entry.at) + (entry.waitMs ?? 0) - nowMs;
  const attempt = countTries(lane.timeline) + 1;
  return { modelId: entry.modelId, attempt, leftMs: Math.max(0, leftMs) };
}

export function countTries(timeline: readonly TimelineEntry[]): number {
  return timeline.filter(({ kind }) => kind === 'ATTEMPT_STARTED').length;
}

/** Whether there is anything to tell: a single call that went well is not. */
export function isEventful(lane: LaneRecord): boolean {
  return lane.timeline.some(({ kind }) => kind !== 'ATTEMPT_STARTED') || countTries(lane.timeline) > 1;
}

/** The whole timeline in one line, for the strip of the lane. */
export function stripWords(lane: LaneRecord, nameOf: NameOf, nowMs: number): string {
  const tries = countTries(lane.timeline);
  const counted = `${tries} ${tries === 1 ? 'try' : 'tries'}`;
  const pending = pendingRetry(lane, nowMs);
  const current = lane.timeline.findLast(({ kind }) => kind === 'ATTEMPT_STARTED');
  const last = current ? nameOf(current.modelId) : '';
  const isElsewhere = lane.timeline.some(({ kind }) => kind === 'FAILOVER_HAPPENED');
  const failures = lane.timeline.filter(({ kind }) => kind === 'ATTEMPT_FAILED').length;
  switch (lane.state) {
    case 'QUEUED':
    case 'RUNNING':
      if (pending)
        return pending.leftMs > 0
          ? `Waiting ${formatWait(pending.leftMs)} before try ${pending.attempt} of ${nameOf(pending.modelId)}`
          : `Try ${pending.attempt} of ${nameOf(pending.modelId)} is about to start`;
      if (isElsewhere) return `${failedWords(failures)}now ${last}`;
      return tries > 1 ? `Try ${tries} of ${last}` : `${last} is asked`;
    case 'COMPLETED':
      if (isElsewhere && current) return `${failedWords(failures)}then ${last} answered`;
      return tries > 1 ? `Answered at try ${tries}` : `${last} answered`;
    case 'FAILED':
      return tries === 0 ? 'No model could be asked' : `${counted}, no whole answer`;
    case 'STOPPED':
      return `Stopped after ${counted}`;
    case 'INTERRUPTED':
      return `Interrupted after ${counted}`;
  }
}

function failedWords(failures: number): string {
  if (failures === 0) return '';
  return `${failures} failed ${failures === 1 ? 'try' : 'tries'}, `;
}

const sentence = (text: string) => `${text}.`;
const lowerFirst = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
