import {
  isJournalEvent,
  LeaseLost,
  mostRunCharacters,
  type RunEvent,
  type RunFact,
  type RunLease,
} from '@switchyard/core/workflows';
import type { RunStateName } from './run-record.ts';

/** What the row of a run shows of its state; written together with the events that it follows from. */
export interface RunSummary {
  readonly state: RunStateName;
  readonly outputs: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly retries: number;
  readonly settledSteps: number;
  readonly activeStepIds: readonly string[];
  /** ProviderTotal[] as JSON. */
  readonly totals: string;
  readonly deadlineAtMs: number;
  readonly endedAtMs: number | null;
}

/** Something to be written of one run, all or none of it; parts that depend on conditions say so. */
export interface RunWrite {
  readonly runId: string;
  /** Written in any case, as long as the lease holds. */
  readonly facts: readonly RunFact[];
  /** Written only if nothing that the state depends on was written behind `afterSeq` but `facts`. */
  readonly decisions?: { readonly facts: readonly RunFact[]; readonly afterSeq: number };
  readonly lease?: RunLease;
  /** Takes effect with the decisions. */
  readonly summary?: RunSummary;
  /** What the row shows until the owner of the run has taken note. */
  readonly state?: RunStateName;
  /** A process has to look at the run at once; only with the decisions, as the two above. */
  readonly wakes?: boolean;
  /** Who may decide what is asked for in the decisions, by step; an admin where nothing is said. */
  readonly approvalRules?: Readonly<Record<string, ApprovalRule>>;
}

export interface ApprovalRule {
  readonly approvers: 'owner' | 'admin' | 'developer';
  readonly canEdit: boolean;
}

export interface RunWritten {
  readonly events: readonly RunEvent[];
  /** Whether the decisions were written; true when there were none. */
  readonly isDecided: boolean;
  /** Number of the last event that the state depended on before this write: whoever knows it knows everything. */
  readonly previousJournalSeq: number;
}

/** The head of a run as it stands in its locked row. */
export interface RunHead {
  readonly id: string;
  readonly lastSeq: number;
  readonly lastJournalSeq: number;
  readonly leaseToken: number;
  /** Characters that its events take. */
  readonly eventSize: number;
}

/** What becomes of the row of a run by several writes. */
export interface HeadChange {
  readonly id: string;
  readonly lastSeq: number;
  readonly lastJournalSeq: number;
  readonly failedAttempts: number;
  readonly failovers: number;
  readonly breaches: number;
  readonly wakes: boolean;
  readonly state: RunStateName | undefined;
  readonly summary: RunSummary | undefined;
}

export interface PlannedWrites {
  readonly events: readonly (RunEvent & { readonly runId: string })[];
  readonly heads: readonly HeadChange[];
  /** In the order of the writes. */
  readonly outcomes: readonly (RunWritten | LeaseLost)[];
}

/** Characters that the events of a run may take before progress is no longer stored. */
export const mostEventCharacters = 2 * mostRunCharacters;

const isJournalFact = (fact: RunFact): boolean => isJournalEvent({ ...fact, seq: 0, atMs: 0 });

/** Decides what comes of `writes`, one after the other, on runs whose rows are locked. Pure. */
export function planWrites(writes: readonly RunWrite[], rows: readonly RunHead[], nowMs: number): PlannedWrites {
  const unchanged = {
    failedAttempts: 0,
    failovers: 0,
    breaches: 0,
    wakes: false,
    state: undefined,
    summary: undefined,
  };
  const heads = new Map<string, HeadChange>(
    rows.map(({ id, lastSeq, lastJournalSeq }) => [id, { ...unchanged, id, lastSeq, lastJournalSeq }]),
  );
  const tokens = new Map(rows.map(({ id, leaseToken }) => [id, leaseToken]));
  const sizes = new Map(rows.map(({ id, eventSize }) => [id, eventSize]));
  const events: (RunEvent & { readonly runId: string })[] = [];
  const outcomes = writes.map((write): RunWritten | LeaseLost => {
    const { runId, lease, decisions } = write;
    const head = heads.get(runId);
    if (!head) return new LeaseLost(`There is no run ${runId} any more.`);
    if (lease && lease.token !== tokens.get(runId)) return new LeaseLost(`Another process owns run ${runId}.`);
    const isDecided = !decisions || decisions.afterSeq >= head.lastJournalSeq;
    const wanted = isDecided && decisions ? [...write.facts, ...decisions.facts] : write.facts;
    // What only tells of progress may be lost: a run that holds too much already keeps what it depends on.
    const facts = (sizes.get(runId) ?? 0) > mostEventCharacters ? wanted.filter(isJournalFact) : wanted;
    const added = facts.map((fact, index): RunEvent => ({ ...fact, seq: head.lastSeq + index + 1, atMs: nowMs }));
    const count = (type: RunFact['type']) => added.filter((event) => event.type === type).length;
    heads.set(runId, {
      ...head,
      lastSeq: head.lastSeq + added.length,
      lastJournalSeq: added.findLast(isJournalEvent)?.seq ?? head.lastJournalSeq,
      failedAttempts: head.failedAttempts + count('attempt-failed'),
      failovers: head.failovers + count('failover-happened'),
      breaches: head.breaches + count('guardrail-breached'),
      wakes: head.wakes || (isDecided && write.wakes === true),
      state: (isDecided ? (write.state ?? write.summary?.state) : undefined) ?? head.state,
      summary: (isDecided ? write.summary : undefined) ?? head.summary,
    });
    for (const event of added) events.push({ ...event, runId });
    return { events: added, isDecided, previousJournalSeq: head.lastJournalSeq };
  });
  return { events, heads: [...heads.values()], outcomes };
}
