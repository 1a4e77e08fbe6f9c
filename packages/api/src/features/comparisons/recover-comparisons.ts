import { type ComparisonEvent, type ComparisonFact, replayLanes } from '@switchyard/core/events';
import type { Clock, Log } from '@switchyard/core/kernel';
import { type EventStore, StreamLostError } from '../../events/index.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { ComparisonChange } from './comparison-event-store.ts';

const deathMessage = 'The server died while this lane was running. What had arrived is kept; retry the lane.';

type DeadComparison = Prisma.ComparisonGetPayload<{ include: { lanes: true } }>;

/**
 * Ends what a dead server process left running: its lanes become interrupted with the text their stored events hold,
 * and the comparison finishes. Safe to run in several processes at once: the number of the first event can be taken
 * once only. Returns how many comparisons were ended.
 */
export async function recoverComparisons(
  dependencies: {
    readonly prisma: PrismaClient;
    readonly store: EventStore<ComparisonEvent, ComparisonChange>;
    readonly clock: Clock;
    readonly log: Log;
  },
  liveInstanceIds: readonly string[],
): Promise<number> {
  const { prisma, store, clock, log } = dependencies;
  const dead = await prisma.comparison.findMany({
    where: { state: 'RUNNING', OR: [{ instanceId: null }, { instanceId: { notIn: [...liveInstanceIds] } }] },
    include: { lanes: { orderBy: { position: 'asc' } } },
    take: 1_000,
  });
  let ended = 0;
  for (const comparison of dead) {
    const events = await readAll(store, comparison);
    const ending = planEnding(comparison, events, clock.nowMs());
    try {
      await store.append([{ teamId: comparison.teamId, streamId: comparison.id, ...ending }]);
      ended += 1;
    } catch (error) {
      if (!(error instanceof StreamLostError)) throw error;
      log.info({ comparisonId: comparison.id }, 'another process ended this comparison first');
    }
  }
  if (ended > 0) log.warn({ comparisons: ended }, 'ended comparisons that a dead server process had left running');
  return ended;
}

async function readAll(
  store: EventStore<ComparisonEvent, ComparisonChange>,
  comparison: DeadComparison,
): Promise<readonly ComparisonEvent[]> {
  const events: ComparisonEvent[] = [];
  for (;;) {
    const page = await store.read(comparison.teamId, comparison.id, events.at(-1)?.seq ?? 0, 1_000);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

/** The events and changes that end a comparison whose process is dead. Pure. */
export function planEnding(
  comparison: DeadComparison,
  events: readonly ComparisonEvent[],
  nowMs: number,
): { readonly events: readonly ComparisonEvent[]; readonly changes: readonly ComparisonChange[] } {
  const replayed = replayLanes(events);
  const open = comparison.lanes.filter((lane) => lane.state === 'QUEUED' || lane.state === 'RUNNING');
  const facts: ComparisonFact[] =
    events.length === 0 ? [{ type: 'comparison-started', laneIds: comparison.lanes.map((lane) => lane.id) }] : [];
  const changes: ComparisonChange[] = [];
  for (const lane of open) {
    const content = replayed.get(lane.id);
    facts.push({ type: 'lane-interrupted', laneId: lane.id, message: deathMessage });
    changes.push({
      kind: 'lane',
      laneId: lane.id,
      data: {
        state: 'INTERRUPTED',
        finishedAt: new Date(nowMs),
        output: content?.output ?? '',
        reasoning: content?.reasoning ?? '',
        toolCalls: (content?.toolCalls ?? []).map((call) => ({ ...call })),
        costNanoUsd: null,
        costUnknownReason: 'The server died before the provider reported the tokens used.',
      },
    });
  }
  const costs = comparison.lanes.map((lane) => (open.includes(lane) ? null : lane.costNanoUsd));
  const total = costs.includes(null) ? undefined : costs.reduce<bigint>((sum, cost) => sum + (cost ?? 0n), 0n);
  facts.push({ type: 'comparison-finished', ...(total !== undefined && { totalCostNanoUsd: total.toString() }) });
  changes.push({ kind: 'comparison', data: { state: 'FINISHED', finishedAt: new Date(nowMs), instanceId: null } });
  const firstSeq = (events.at(-1)?.seq ?? 0) + 1;
  return { events: facts.map((fact, index) => ({ ...fact, seq: firstSeq + index, atMs: nowMs })), changes };
}
