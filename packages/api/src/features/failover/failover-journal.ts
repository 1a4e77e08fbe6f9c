import { computeCost } from '@switchyard/core/catalog';
import type { ChainEvent, ChainOutcome, DispatchTarget } from '@switchyard/core/dispatch';
import { judgeFailure } from '@switchyard/core/health';
import type { Clock } from '@switchyard/core/kernel';
import type { CallPurpose } from '@switchyard/core/metrics';
import type { PrismaClient } from '../../generated/prisma/client.ts';

/** What is counted; one row for each minute, pair of models, reason and plan. */
interface Counter {
  readonly teamId: string;
  readonly minute: number;
  readonly origin: 'LIVE' | 'SIMULATED';
  readonly fromModelId: string;
  readonly toModelId: string;
  readonly reason: string;
  readonly planId: string;
  readonly isRehearsal: boolean;
  rescued: number;
  lost: number;
  failovers: number;
  failoverMs: number;
  maxFailoverMs: number;
  extraNanoUsd: bigint;
  wastedNanoUsd: bigint;
  unknownCosts: number;
}

/** A request whose chain has ended. */
export interface EndedChain {
  readonly purpose: CallPurpose;
  /** The candidate that was to answer. */
  readonly wanted: DispatchTarget;
  readonly outcome: ChainOutcome;
  /** What happened in it, as far as {@link tellsFailover} lets it through. */
  readonly events: readonly ChainEvent[];
  readonly isRehearsal: boolean;
}

/** More rows than anybody has models would be a mistake: what is beyond is not counted until the next flush. */
const mostCounters = 5_000;

/** Whether an event matters for what a failover cost and how long it took. */
export function tellsFailover({ type }: ChainEvent): boolean {
  return (
    type === 'attempt-started' ||
    type === 'attempt-failed' ||
    type === 'failover-happened' ||
    type === 'candidate-skipped'
  );
}

/** How long it took from each failure that led to another model until that one was asked, in milliseconds. */
export function failoverTimesOf(events: readonly ChainEvent[]): readonly number[] {
  const times: number[] = [];
  let failedAtMs: number | undefined;
  let isUnderWay = false;
  for (const event of events) {
    if (event.type === 'attempt-failed') failedAtMs = event.elapsedMs;
    else if (event.type === 'failover-happened') isUnderWay = failedAtMs !== undefined;
    else if (event.type === 'attempt-started') {
      if (isUnderWay && failedAtMs !== undefined) times.push(Math.max(0, event.elapsedMs - failedAtMs));
      isUnderWay = false;
      failedAtMs = undefined;
    }
  }
  return times;
}

/** What a request cost because of a failure: paid for nothing, and above the price of what was asked for. */
export function costOfFailover(
  wanted: DispatchTarget,
  outcome: ChainOutcome,
): { readonly extraNanoUsd: bigint; readonly wastedNanoUsd: bigint; readonly isUnknown: boolean } {
  let wastedNanoUsd = 0n;
  let isUnknown = false;
  for (const record of outcome.records) {
    if (!outcome.error && record === outcome.record) continue;
    if (record.costNanoUsd === undefined) isUnknown = true;
    else wastedNanoUsd += record.costNanoUsd;
  }
  const { record } = outcome;
  if (outcome.error || !record || record.modelId === wanted.modelId)
    return { extraNanoUsd: 0n, wastedNanoUsd, isUnknown };
  const asWanted = computeCost(record.usage, wanted.price);
  if (asWanted.kind !== 'known' || record.costNanoUsd === undefined)
    return { extraNanoUsd: 0n, wastedNanoUsd, isUnknown: true };
  const extra = record.costNanoUsd - asWanted.costNanoUsd;
  return { extraNanoUsd: extra > 0n ? extra : 0n, wastedNanoUsd, isUnknown };
}

/** Counts failovers behind the calls and adds the counts up in the database, a row for each minute; a killed process loses two seconds. */
export class FailoverJournal {
  readonly #parts: { readonly prisma: PrismaClient; readonly clock: Clock; readonly instanceId: string };
  #counters = new Map<string, Counter>();
  #flushing: Promise<void> | undefined;

  constructor(parts: { readonly prisma: PrismaClient; readonly clock: Clock; readonly instanceId: string }) {
    this.#parts = parts;
  }

  /** Never waits and never throws. */
  note({ purpose, wanted, outcome, events, isRehearsal }: EndedChain): void {
    const isLost = outcome.error !== undefined && judgeFailure(outcome.error.kind) !== undefined;
    const isElsewhere = !outcome.error && outcome.record !== undefined && outcome.record.modelId !== wanted.modelId;
    if (!isLost && !isElsewhere) return;
    const failure = events.find((event) => event.type === 'attempt-failed');
    const skip = events.find((event) => event.type === 'candidate-skipped');
    // A rule, a budget or the router had another one answer: nothing failed.
    const reason = skip?.reason ?? failure?.kind ?? (isLost ? outcome.error?.kind : reasonOf(events));
    if (reason === undefined) return;
    const counter = this.#counterOf({
      teamId: purpose.teamId,
      minute: Math.floor(this.#parts.clock.nowMs() / 60_000),
      origin: wanted.origin === 'live' ? 'LIVE' : 'SIMULATED',
      fromModelId: wanted.modelId,
      toModelId: isLost ? '' : (outcome.record?.modelId ?? ''),
      reason,
      planId: skip?.planId ?? '',
      isRehearsal,
    });
    if (!counter) return;
    const { extraNanoUsd, wastedNanoUsd, isUnknown } = costOfFailover(wanted, outcome);
    counter[isLost ? 'lost' : 'rescued'] += 1;
    counter.extraNanoUsd += extraNanoUsd;
    counter.wastedNanoUsd += wastedNanoUsd;
    if (isUnknown) counter.unknownCosts += 1;
    for (const ms of failoverTimesOf(events)) {
      counter.failovers += 1;
      counter.failoverMs += ms;
      counter.maxFailoverMs = Math.max(counter.maxFailoverMs, ms);
    }
  }

  /** Stores what was counted. Rejects when the database is away: what was counted is kept. */
  flush(): Promise<void> {
    this.#flushing ??= this.#store().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  #counterOf(key: Omit<Counter, Figure>): Counter | undefined {
    const name = JSON.stringify(Object.values(key));
    let counter = this.#counters.get(name);
    if (!counter) {
      if (this.#counters.size >= mostCounters) return undefined;
      counter = { ...key, ...nothing };
      this.#counters.set(name, counter);
    }
    return counter;
  }

  async #store(): Promise<void> {
    const taken = this.#counters;
    if (taken.size === 0) return;
    this.#counters = new Map();
    const rows = [...taken.values()].map(({ extraNanoUsd, wastedNanoUsd, ...row }) => ({
      ...row,
      extra: extraNanoUsd.toString(),
      wasted: wastedNanoUsd.toString(),
    }));
    const { prisma, instanceId } = this.#parts;
    try {
      await prisma.$executeRaw`
        INSERT INTO failover_minute ("teamId", minute, "instanceId", origin, "fromModelId", "toModelId", reason, "planId",
          "isRehearsal", rescued, lost, failovers, "failoverMs", "maxFailoverMs", "extraNanoUsd", "wastedNanoUsd", "unknownCosts")
        SELECT r."teamId", r.minute, ${instanceId}, r.origin::"DataOrigin", r."fromModelId", r."toModelId", r.reason, r."planId",
          r."isRehearsal", r.rescued, r.lost, r.failovers, r."failoverMs", r."maxFailoverMs", r.extra, r.wasted, r."unknownCosts"
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("teamId" text, minute int, origin text, "fromModelId" text,
          "toModelId" text, reason text, "planId" text, "isRehearsal" boolean, rescued int, lost int, failovers int,
          "failoverMs" float, "maxFailoverMs" float, extra bigint, wasted bigint, "unknownCosts" int)
        ON CONFLICT ("teamId", minute, "fromModelId", "toModelId", reason, "planId", "isRehearsal", origin, "instanceId")
        DO UPDATE SET rescued = failover_minute.rescued + EXCLUDED.rescued, lost = failover_minute.lost + EXCLUDED.lost,
          failovers = failover_minute.failovers + EXCLUDED.failovers,
          "failoverMs" = failover_minute."failoverMs" + EXCLUDED."failoverMs",
          "maxFailoverMs" = greatest(failover_minute."maxFailoverMs", EXCLUDED."maxFailoverMs"),
          "extraNanoUsd" = failover_minute."extraNanoUsd" + EXCLUDED."extraNanoUsd",
          "wastedNanoUsd" = failover_minute."wastedNanoUsd" + EXCLUDED."wastedNanoUsd",
          "unknownCosts" = failover_minute."unknownCosts" + EXCLUDED."unknownCosts"`;
    } catch (error) {
      this.#putBack(taken);
      throw error;
    }
  }

  #putBack(taken: ReadonlyMap<string, Counter>): void {
    for (const [name, old] of taken) {
      const newer = this.#counters.get(name);
      if (!newer) {
        if (this.#counters.size < mostCounters) this.#counters.set(name, old);
        continue;
      }
      for (const figure of ['rescued', 'lost', 'failovers', 'failoverMs', 'unknownCosts'] as const)
        newer[figure] += old[figure];
      newer.maxFailoverMs = Math.max(newer.maxFailoverMs, old.maxFailoverMs);
      newer.extraNanoUsd += old.extraNanoUsd;
      newer.wastedNanoUsd += old.wastedNanoUsd;
    }
  }
}

type Figure = keyof typeof nothing;
const nothing = {
  rescued: 0,
  lost: 0,
  failovers: 0,
  failoverMs: 0,
  maxFailoverMs: 0,
  extraNanoUsd: 0n,
  wastedNanoUsd: 0n,
  unknownCosts: 0,
};

/** Of a failover without an attempt that failed: a circuit that was open. */
function reasonOf(events: readonly ChainEvent[]): string | undefined {
  const failover = events.find((event) => event.type === 'failover-happened');
  if (failover?.type !== 'failover-happened' || failover.kind === 'budget') return undefined;
  return failover.reason === 'circuit-open' ? failover.reason : failover.kind;
}
