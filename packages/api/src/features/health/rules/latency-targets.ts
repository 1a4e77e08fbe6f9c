import type { CallObserver } from '@switchyard/core/dispatch';
import { defaultMissesInRow } from '@switchyard/core/health';
import type { Clock } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import type { AlertDraft } from '../../alerts/raise-alert.ts';
import type { RuleBook } from './rule-book.ts';

const mostWatched = 5_000;

interface Row {
  misses: number;
  isTold: boolean;
  worstMs: number;
}

/** Counts how often models miss their latency targets in a row, in this process, and tells when it is too often. */
export class LatencyTargets {
  readonly #clock: Clock;
  readonly #alerts: { report(draft: AlertDraft): void };
  readonly #book: RuleBook;
  readonly #rows = new Map<string, Row>();

  constructor(parts: {
    readonly clock: Clock;
    readonly alerts: { report(draft: AlertDraft): void };
    readonly book: RuleBook;
  }) {
    this.#clock = parts.clock;
    this.#alerts = parts.alerts;
    this.#book = parts.book;
  }

  /** `observer`, with this one behind it. */
  behind(observer: CallObserver): CallObserver {
    return {
      onBreach: (breach) => observer.onBreach(breach),
      onWarning: (...warning) => observer.onWarning(...warning),
      onCallEnd: (record, facts) => {
        observer.onCallEnd(record, facts);
        if (facts.latencyTargetMs !== undefined) this.#note(record, facts.latencyTargetMs);
      },
    };
  }

  #note(record: CallRecord, targetMs: number): void {
    const { teamId, modelId, origin, workflowId, stepId, latencyMs, outcome } = record;
    // How soon a call failed says nothing of its speed.
    if (outcome !== 'succeeded') return;
    const dedupeKey = `model.latencyTarget:${origin}:${modelId}:${workflowId ?? ''}:${stepId ?? ''}`;
    const name = `${teamId} ${dedupeKey}`;
    const isMissed = latencyMs > targetMs;
    const row = this.#rows.get(name) ?? { misses: 0, isTold: false, worstMs: 0 };
    if (!isMissed && row.misses === 0) return;
    if (!this.#rows.has(name)) {
      const oldest = this.#rows.size >= mostWatched ? this.#rows.keys().next().value : undefined;
      if (oldest !== undefined) this.#rows.delete(oldest);
      this.#rows.set(name, row);
    }
    const rule = this.#book.of(teamId).find(({ kind }) => kind === 'latency-target');
    const most = rule?.threshold ?? defaultMissesInRow;
    const atMs = this.#clock.nowMs();
    const where = stepId === undefined ? '' : ` in step ${stepId} of ${workflowId ?? 'a workflow'}`;
    const shared = {
      ...{ teamId, origin, dedupeKey, atMs },
      kind: 'model.latencyWarning',
      severity: 'warning',
      link: `/health?model=${encodeURIComponent(modelId)}`,
    } as const;
    if (!isMissed) {
      this.#rows.delete(name);
      if (!row.isTold) return;
      this.#alerts.report({
        ...shared,
        status: 'resolved',
        title: `${modelId} meets its latency target again`,
        message: `It answered within ${targetMs} ms${where}, after ${row.misses} answers that took longer.`,
        facts: [{ name: 'latencyTargetMs', label: 'Target', value: `${targetMs} ms` }],
      });
      return;
    }
    row.misses += 1;
    row.worstMs = Math.max(row.worstMs, latencyMs);
    const isAwake = rule?.isEnabled !== false && (rule?.mutedUntilMs ?? 0) <= atMs;
    if (row.misses <= most || !isAwake) return;
    row.isTold = true;
    this.#alerts.report({
      ...shared,
      status: 'firing',
      title: `${modelId} misses its latency target`,
      message: `${row.misses} answers in a row took longer than ${targetMs} ms${where}; the last one took ${latencyMs} ms. The rule tells of more than ${most} in a row.`,
      facts: [
        { name: 'rule', label: 'Rule', value: rule?.name ?? 'Latency target missed' },
        { name: 'modelId', label: 'Model', value: modelId },
        { name: 'latencyTargetMs', label: 'Target', value: `${targetMs} ms` },
        { name: 'latencyMs', label: 'Last', value: `${latencyMs} ms` },
        { name: 'worstLatencyMs', label: 'Slowest', value: `${row.worstMs} ms` },
        { name: 'misses', label: 'In a row', value: row.misses },
      ],
      ...(rule && { renotifyAfterMs: rule.renotifyAfterMs }),
    });
  }
}
