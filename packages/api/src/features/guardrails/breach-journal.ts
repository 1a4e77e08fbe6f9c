import {
  type BudgetFigures,
  type BudgetRefusal,
  type BudgetWarning,
  type CallAttributes,
  describeBudgetRefusal,
  describeBudgetWarning,
} from '@switchyard/core/guardrails';
import { type Clock, formatUsd, type Ids, type Log, type Timer } from '@switchyard/core/kernel';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { AlertDesk } from '../alerts/alert-desk.ts';

const writeAfterMs = 500;
const retryAfterMs = 2_000;
/** What waits to be written; more of other kinds is counted and told in the log. */
const mostWaiting = 2_000;
const rowsPerStatement = 500;
const keepForMs = 30 * 24 * 60 * 60 * 1000;

/** A call that was refused, and what is done in its place; what dispatch tells its observer. */
export interface NotedRefusal {
  readonly refusal: BudgetRefusal;
  readonly attributes: CallAttributes;
  /** `skip-to-next`, `cheaper-equivalent`, `ask-approval` or `fail-fast`. */
  readonly decision: string;
  readonly source?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly callId?: string | undefined;
  /** What the call was expected to cost; undefined without a price. */
  readonly expectedNanoUsd?: bigint | undefined;
  /** Epoch ms. */
  readonly atMs: number;
}

export interface BreachJournalParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly alerts: Pick<AlertDesk, 'report'>;
  /** Called when rows were written. */
  readonly onWritten?: () => void;
}

type Row = Prisma.BudgetBreachCreateManyInput & { occurrences: number };

/**
 * Remembers refusals and warnings of budgets: in the log at once, as an alert, and in batches in a table, where equal
 * ones of half a second are one row, so that a storm of refused calls is no storm of writes. Never throws and never waits.
 */
export class BreachJournal {
  readonly #parts: BreachJournalParts;
  readonly #waiting = new Map<string, Row>();
  #dropped = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;

  constructor(parts: BreachJournalParts) {
    this.#parts = parts;
  }

  /** A call was refused. */
  noteRefusal(noted: NotedRefusal): void {
    const { refusal, attributes, decision, atMs } = noted;
    this.#guard(() => {
      const isNew = this.#note(refusal, attributes, atMs, {
        type: 'refused',
        reason: refusal.reason,
        decision,
        requested: refusal.requested,
        source: noted.source ?? 'unknown',
        sourceId: noted.sourceId ?? null,
        callId: noted.callId ?? null,
      });
      if (isNew) this.#log(refusal, attributes, { decisionType: decision, reason: refusal.reason }, noted);
      if (refusal.budgetId === '') return;
      const { teamId, origin } = attributes;
      const alert = describeBudgetRefusal(refusal, { teamId, origin, atMs });
      if (alert) this.#parts.alerts.report(alert);
    });
  }

  /** A call was made that took a soft budget over its limit, or a budget over a threshold. */
  noteWarning(warning: BudgetWarning, attributes: CallAttributes, atMs: number): void {
    this.#guard(() => {
      const { type, threshold } = warning;
      const what = { type, threshold, requested: 0n, source: 'unknown' };
      const isNew = this.#note(warning, attributes, atMs, what);
      if (isNew && type === 'over-limit') this.#log(warning, attributes, { decisionType: 'warn', reason: type }, {});
      const { teamId, origin } = attributes;
      this.#parts.alerts.report(describeBudgetWarning(warning, { teamId, origin, atMs }));
    });
  }

  /** Writes what waits. Rejects when the database is away: it is kept for the next time. */
  flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Forgets what is older than 30 days. */
  async prune(): Promise<void> {
    const { prisma, clock } = this.#parts;
    await prisma.budgetBreach.deleteMany({ where: { at: { lt: new Date(clock.nowMs() - keepForMs) } } });
  }

  async stop(): Promise<void> {
    await this.#writing?.catch(() => {});
    await this.flush().catch(() => {});
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** False when an equal one waits already and was counted there. */
  #note(
    figures: BudgetFigures,
    attributes: CallAttributes,
    atMs: number,
    what: Pick<Row, 'type' | 'requested' | 'source'> & Partial<Row>,
  ): boolean {
    const { teamId, origin, providerId, modelId, memberId, apiKeyId, role, workflowId, stepId, runId } = attributes;
    const { type, reason, threshold, decision, source } = what;
    const { windowId, budgetId, budgetName } = figures;
    const kind = [type, reason, threshold, decision, source, windowId, budgetId, budgetName];
    const name = JSON.stringify([...kind, teamId, modelId, memberId, apiKeyId, role, workflowId, stepId, runId]);
    const equal = this.#waiting.get(name);
    if (equal) {
      equal.occurrences += 1;
      if (what.requested > equal.requested) equal.requested = what.requested;
      return false;
    }
    if (this.#waiting.size >= mostWaiting) {
      this.#dropped += 1;
      return false;
    }
    this.#waiting.set(name, {
      ...what,
      id: this.#parts.ids.next('brc'),
      teamId,
      budgetId,
      budgetName,
      windowId,
      unit: figures.unit,
      origin: origin === 'live' ? 'LIVE' : 'SIMULATED',
      spent: figures.spent,
      reserved: figures.reserved,
      limitAmount: figures.limit,
      resetsAt: figures.resetsAtMs === undefined ? null : new Date(figures.resetsAtMs),
      providerId,
      modelId,
      memberId: memberId ?? null,
      apiKeyId: apiKeyId ?? null,
      role: role ?? null,
      workflowId: workflowId ?? null,
      stepId: stepId ?? null,
      runId: runId ?? null,
      occurrences: 1,
      at: new Date(atMs),
    });
    this.#schedule(writeAfterMs);
    return true;
  }

  #log(
    figures: BudgetFigures,
    attributes: CallAttributes,
    decided: { readonly decisionType: string; readonly reason: string },
    { expectedNanoUsd, callId }: Partial<NotedRefusal>,
  ): void {
    const { teamId, origin, providerId, modelId, workflowId = null, stepId = null, runId = null } = attributes;
    this.#parts.log.warn(
      {
        channel: 'model_guardrails',
        event: 'model.budgetBreached',
        ...decided,
        workflowId,
        stepId,
        runId,
        provider: providerId,
        model: modelId,
        estimatedCost: expectedNanoUsd === undefined ? null : formatUsd(expectedNanoUsd),
        // The call was not made, or has not ended.
        actualCost: null,
        latencyMs: null,
        teamId,
        origin,
        callId: callId ?? null,
        budgetId: figures.budgetId === '' ? null : figures.budgetId,
        budgetName: figures.budgetName,
      },
      'model.budgetBreached',
    );
  }

  async #write(): Promise<void> {
    const { prisma, log, onWritten } = this.#parts;
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) log.error({ dropped }, 'refusals of budgets were not recorded: too many different ones at once');
    const entries = [...this.#waiting];
    for (let from = 0; from < entries.length; from += rowsPerStatement) {
      const batch = entries.slice(from, from + rowsPerStatement);
      // From now on equal ones are new rows: what is being written must not change under way.
      for (const [name] of batch) this.#waiting.delete(name);
      try {
        await prisma.budgetBreach.createMany({ data: batch.map(([, row]) => row), skipDuplicates: true });
      } catch (error) {
        if (isHopeless(error)) {
          log.error({ error: String(error), rows: batch.length }, 'refusals of budgets were not recorded');
          continue;
        }
        for (const [name, row] of batch) {
          const later = this.#waiting.get(name);
          // Under a name of its own, so that neither is lost; ids make a second writing of the first harmless.
          if (this.#waiting.size < mostWaiting) this.#waiting.set(later ? `${name} ${row.id}` : name, row);
        }
        this.#schedule(retryAfterMs);
        throw error;
      }
    }
    if (entries.length > 0) onWritten?.();
  }

  #schedule(delayMs: number): void {
    this.#timer ??= this.#parts.clock.startTimer(delayMs, () => {
      this.#timer = undefined;
      this.flush().catch((error: unknown) =>
        this.#parts.log.warn({ error: String(error) }, 'refusals of budgets are recorded later'),
      );
    });
  }

  #guard(note: () => void): void {
    try {
      note();
    } catch (error) {
      this.#parts.log.error({ error: String(error) }, 'a refusal of a budget was not recorded');
    }
  }
}

/** The team is gone, or a row holds what none can: trying again is of no use. */
function isHopeless(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'PrismaClientValidationError' || ('code' in error && error.code === 'P2003'))
  );
}
